import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { PlanPacket } from '#src/packets/plan.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { creditFor, creditForEdit } from '../tools/brief.ts';

/** `thoughts.md`: why each choice was made, from facts alone. */
export function writeThoughts(brief: TaskBrief, plan: PlanPacket, lock: BehaviourLockPacket, facts: DiffFacts): string {
  const { changeSet } = brief;
  const accepted =
    changeSet.acceptance === 'accepted'
      ? `It counts because ${changeSet.acceptedBy === null ? 'people built on it' : `${creditFor(brief, changeSet.acceptedBy)} took it up`}.`
      : 'Nobody said yes or no to it in the conversation; it counts because a person committed the story.';
  const files = facts.files.map((file) => {
    const edit = changeSet.edits.findLast((candidate) => candidate.path === file.path);
    return `- \`${file.path}\` (+${file.added} −${file.removed})${edit === undefined ? '' : `: ${edit.kind === 'diff' ? 'patched by a diff' : 'written whole'} from ${creditForEdit(brief, edit)}.`}`;
  });
  const tests =
    lock.testsSha === null
      ? 'No tests came with it, so none were committed first.'
      : lock.redOnBase === true
        ? `The tests (${lock.testFiles.join(', ')}) went in first and failed without the code, as they should.`
        : `The tests (${lock.testFiles.join(', ')}) went in first; ${lock.redOnBase === false ? 'they did not fail without the code' : 'whether they fail without the code could not be told'}.`;
  return [
    `# Thoughts on "${brief.title}"`,
    '',
    '## Where the code comes from',
    changeSet.requestPosition < 0
      ? 'The conversation opens with it.'
      : `It answers ${creditFor(brief, changeSet.requestPosition)}.`,
    accepted,
    '',
    '## What changed, and why each file',
    ...files,
    '',
    '## Tests',
    tests,
    '',
    '## What was left out',
    ...(changeSet.leftOut.length === 0
      ? ['Nothing.']
      : changeSet.leftOut.map(({ path, reason }) => `- \`${path}\`: ${reason}`)),
    '',
    '## What could be wrong',
    ...(plan.risks.length === 0 ? ['Nothing known.'] : plan.risks.map((risk) => `- ${risk}`)),
    '',
  ].join('\n');
}
