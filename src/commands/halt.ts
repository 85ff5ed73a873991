import { openWorkbench } from '#src/compose.ts';
import { FactoryError } from '#src/errors.ts';
import { LOCAL_USER } from '#src/review/rights.ts';
import type { HaltWord } from '#src/desk/halt-words.ts';
import type { Command, CommandContext, CommandResult } from './command.ts';
import { parseWords } from './parse.ts';

export const haltCommand: Command = {
  name: 'halt',
  usage: 'halt [--reason TEXT]',
  summary: 'Stop all work at once, in every process on this data. Tasks keep their place.',
  async run(context) {
    const { values } = parseWords(context.argv, this.usage, { reason: { type: 'string' } }, { min: 0, max: 0 });
    const reason = values.reason?.trim() ?? '';
    return control(context, LOCAL_USER, { type: 'halt', reason: reason === '' ? null : reason });
  },
};

export const resumeCommand: Command = {
  name: 'resume',
  usage: 'resume [--as USER]',
  summary: 'Let all work go on after a halt, as somebody who is in APPROVERS.',
  async run(context) {
    const { values } = parseWords(context.argv, this.usage, { as: { type: 'string' } }, { min: 0, max: 0 });
    return control(context, values.as ?? LOCAL_USER, { type: 'resume' });
  },
};

/** Throws FactoryError `may-not-resume`. */
async function control({ config, host }: CommandContext, actor: string, word: HaltWord): Promise<CommandResult> {
  const workbench = await openWorkbench(config, host);
  try {
    const desk = workbench.createDesk();
    const { ok, text } = await desk.controlAll(actor, word, workbench.ids.next());
    if (!ok)
      throw new FactoryError('may-not-resume', text, { fix: 'Use: workbench resume --as USER, with an approver.' });
    const { halt = null } = await desk.overview(actor);
    return { document: { halt }, lines: text === null ? [] : [text], exitCode: 0 };
  } finally {
    await workbench.close();
  }
}
