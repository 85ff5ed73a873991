import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';

/** The facts that a pull request's body is made of. Nothing in it is prose of a model. */
export interface PullRequestFacts {
  brief: TaskBrief;
  qa: QaResultPacket;
  diff: DiffFacts;
  lookAt: readonly string[];
  lockNotes: readonly string[];
  requester: string;
}

const MARKS = { failed: '✗ failed', unproven: '○ unproven', proven: '✓ proven' } as const;
const ORDER = { failed: 0, unproven: 1, proven: 2 } as const;

/** Criteria with their state, unproven and failed ones first. */
function criteriaByConcern(
  facts: Pick<PullRequestFacts, 'brief' | 'qa'>,
): { id: string; text: string; state: keyof typeof ORDER; test: string | null }[] {
  return facts.brief.criteria
    .map(({ id, text }) => {
      const proof = facts.qa.proofs.find((candidate) => candidate.criterionId === id);
      return { id, text, state: proof?.state ?? ('unproven' as const), test: proof?.test ?? null };
    })
    .toSorted((a, b) => ORDER[a.state] - ORDER[b.state]);
}

/** One sentence on what ran; `no-checks` is never called passed. */
export function checksSentence(qa: QaResultPacket): string {
  if (qa.outcome === 'no-checks') return 'This repository has no checks, so nothing was run.';
  const names = qa.checks.map(({ name, passed }) => (passed === null ? name : `${name} (${passed} passed)`)).join(', ');
  if (qa.outcome === 'failed') return `Checks failed: ${names}.`;
  const before =
    qa.knownBefore.length === 0 ? '' : ` ${qa.knownBefore.length} failed before this change already, and still do.`;
  return `Checks passed: ${names}.${before}`;
}

export function writePullRequestBody(facts: PullRequestFacts): string {
  const { brief, qa, diff } = facts;
  return [
    brief.narrative,
    '',
    '## Acceptance criteria',
    ...criteriaByConcern(facts).map(
      ({ text, state, test }) => `- ${MARKS[state]}: ${text}${test === null ? '' : ` (${test})`}`,
    ),
    '',
    '## What ran',
    checksSentence(qa),
    ...qa.checks.map(
      ({ command, exitCode, durationMs }) =>
        `- \`${command}\` ended with ${exitCode ?? 'no exit code'} after ${(durationMs / 1000).toFixed(1)} s`,
    ),
    ...facts.lockNotes.map((note) => `- ${note}`),
    '',
    '## What changed',
    ...diff.files.map((file) => `- \`${file.path}\` ${file.status} (+${file.added} −${file.removed})`),
    '',
    '## Look at first',
    ...(facts.lookAt.length === 0 ? ['Nothing stands out.'] : facts.lookAt.map((note) => `- ${note}`)),
    '',
    '## What was avoided',
    ...(brief.changeSet.leftOut.length === 0
      ? ['Nothing of the conversation was left out.']
      : brief.changeSet.leftOut.map(({ path, reason }) => `- \`${path}\`: ${reason}`)),
    '',
    `Committed by ${facts.requester}, from the conversation "${brief.conversationTitle}".`,
    `Head \`${diff.headSha}\`, diff \`${diff.diffHash.slice(0, 16)}\`.`,
    '',
  ].join('\n');
}
