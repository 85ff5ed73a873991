import { editsOf } from '#src/backlog/task-brief.ts';
import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import type { PlanPacket } from '#src/packets/plan.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { creditFor, creditForEdit } from '../tools/brief.ts';
import type { Built } from './build-job.ts';

export interface Thoughts {
  brief: TaskBrief;
  plan: PlanPacket;
  lock: BehaviourLockPacket;
  facts: DiffFacts;
  built: Pick<Built, 'summary' | 'notes' | 'model' | 'cleanUp' | 'handedBackBy' | 'rewrittenTests' | 'ignored'>;
}

/** `thoughts.md`: why each choice was made, from facts; what a model said stands apart and is marked as its words. */
export function writeThoughts({ brief, plan, lock, facts, built }: Thoughts): string {
  const leftOut = [
    ...(brief.changeSet?.leftOut ?? []).map(({ path, reason }) => `- \`${path}\`: ${reason}`),
    ...built.ignored.map((path) => `- \`${path}\`: .gitignore keeps it out of the repository.`),
  ];
  return [
    `# Thoughts on "${brief.title}"`,
    '',
    '## Where the code comes from',
    ...sources(brief, built),
    '',
    ...inTheModelsWords(built),
    '## What changed, and why each file',
    ...facts.files.map((file) => {
      const edit = editsOf(brief).findLast((candidate) => candidate.path === file.path);
      const from =
        edit === undefined
          ? ''
          : `: ${edit.kind === 'diff' ? 'patched by a diff' : 'written whole'} from ${creditForEdit(brief, edit)}.`;
      return `- \`${file.path}\` (+${file.added} −${file.removed})${from}`;
    }),
    '',
    '## Tests',
    testsSentence(lock),
    ...built.rewrittenTests.map(
      (path) => `A check wrote to the locked test ${path}; the branch has it as it was locked.`,
    ),
    ...(built.cleanUp === null
      ? []
      : ['', '## Cleaning up', `${built.cleanUp.kept ? 'Kept' : 'Not kept'}: ${built.cleanUp.reason}`]),
    '',
    '## What was left out',
    ...(leftOut.length === 0 ? ['Nothing.'] : leftOut),
    '',
    '## What could be wrong',
    ...(plan.risks.length === 0 ? ['Nothing known.'] : plan.risks.map((risk) => `- ${risk}`)),
    '',
  ].join('\n');
}

function sources(brief: TaskBrief, { model, handedBackBy }: Thoughts['built']): string[] {
  const { changeSet } = brief;
  const others = [
    ...(handedBackBy === null
      ? []
      : [`${handedBackBy} worked on the branch and handed it back; those commits are theirs.`]),
    ...(model === null ? [] : [`Ollan wrote with the model ${model}.`]),
  ];
  if (changeSet === null || changeSet.edits.length === 0) {
    return others.length === 0 ? ['The conversation holds no code for it.'] : others;
  }
  const accepted =
    changeSet.acceptance === 'accepted'
      ? `It counts because ${changeSet.acceptedBy === null ? 'people built on it' : `${creditFor(brief, changeSet.acceptedBy)} took it up`}.`
      : 'Nobody said yes or no to it in the conversation; it counts because a person committed the story.';
  return [
    changeSet.requestPosition < 0
      ? 'The conversation opens with it.'
      : `It answers ${creditFor(brief, changeSet.requestPosition)}.`,
    accepted,
    ...others,
  ];
}

function inTheModelsWords({ model, summary, notes }: Thoughts['built']): string[] {
  if (model === null || summary === null) return [];
  return ["## In the model's own words", `> ${summary}`, ...notes.flatMap((note) => ['>', `> - ${note}`]), ''];
}

function testsSentence(lock: BehaviourLockPacket): string {
  if (lock.testsSha === null) return 'No tests came with it, so none were committed first.';
  const files = lock.testFiles.join(', ');
  if (lock.redOnBase === true) return `The tests (${files}) went in first and failed without the code, as they should.`;
  const how =
    lock.redOnBase === false
      ? 'they did not fail without the code'
      : 'whether they fail without the code could not be told';
  return `The tests (${files}) went in first; ${how}.`;
}
