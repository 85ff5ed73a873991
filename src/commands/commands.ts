import { canvasCommand } from './canvas.ts';
import { ciCommand } from './ci.ts';
import type { Command } from './command.ts';
import { doctorCommand } from './doctor.ts';
import { haltCommand, resumeCommand } from './halt.ts';
import { importCommand } from './import.ts';
import { ledgerCommand } from './ledger.ts';
import { releaseNotesCommand } from './release-notes.ts';
import { replayCommand } from './replay.ts';
import { retroCommand } from './retro.ts';
import { runCommand } from './run.ts';
import { slackCommand } from './slack.ts';
import { startCommand } from './start.ts';

const helpCommand: Command = {
  name: 'help',
  usage: 'help',
  summary: 'Say this.',
  async run() {
    const lines = commands.map(({ usage, summary }) => `  ${usage}\n      ${summary}`);
    return {
      document: { commands: commands.map(({ name, usage, summary }) => ({ name, usage, summary })) },
      lines: [
        'Factory Workbench: a conversation becomes a reviewed, merged change.',
        '',
        ...lines,
        '',
        '--json puts one JSON document on standard output.',
      ],
      exitCode: 0,
    };
  },
};

/** Everything that can be typed after `workbench`. One line a command. */
export const commands: readonly Command[] = [
  startCommand,
  runCommand,
  canvasCommand,
  importCommand,
  ledgerCommand,
  replayCommand,
  retroCommand,
  releaseNotesCommand,
  slackCommand,
  ciCommand,
  haltCommand,
  resumeCommand,
  doctorCommand,
  helpCommand,
];
