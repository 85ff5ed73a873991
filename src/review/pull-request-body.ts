import type { TaskBrief } from '#src/backlog/task-brief.ts';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { DiffFacts } from '#src/ports/workspace.ts';
import { capped } from './quote.ts';
import { riskSentence } from './risk.ts';
import type { Risk } from './risk.ts';

/** What a model says of a diff is never put beside the facts without this. */
export const REMARKS_TITLE = "Vera's remarks (a model's reading, not a check)";

/** The facts that a pull request's body is made of. What a model said stands at the end, under its own title. */
export interface PullRequestFacts {
  brief: TaskBrief;
  qa: QaResultPacket;
  diff: DiffFacts;
  risk: Risk;
  lookAt: readonly string[];
  lockNotes: readonly string[];
  /** Who wrote it; null: not known. */
  build: Pick<BuildResultPacket, 'summary' | 'model' | 'handedBackBy'> | null;
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

/** Who wrote the code, where it is not the conversation's; a model's words are marked as its own. */
function authorship(build: PullRequestFacts['build']): string[] {
  if (build === null) return [];
  const { summary, model, handedBackBy } = build;
  return [
    ...(handedBackBy === null ? [] : [`${handedBackBy} worked on this branch by hand.`]),
    ...(model === null
      ? []
      : [`Ollan wrote with the model ${model}${summary === null ? '.' : `, which says: "${summary}"`}`]),
    ...(model === null && handedBackBy === null ? [] : ['']),
  ];
}

/** The forge's own page shows them all. */
const MAX_FILES = 100;

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
    ...authorship(facts.build),
    ...capped(
      diff.files.map((file) => `- \`${file.path}\` ${file.status} (+${file.added} −${file.removed})`),
      MAX_FILES,
      'files',
    ),
    '',
    '## Look at first',
    riskSentence(facts.risk),
    '',
    ...(facts.lookAt.length === 0 ? ['Nothing stands out.'] : facts.lookAt.map((note) => `- ${note}`)),
    '',
    '## What was avoided',
    ...((brief.changeSet?.leftOut ?? []).length === 0
      ? ['Nothing of the conversation was left out.']
      : (brief.changeSet?.leftOut ?? []).map(({ path, reason }) => `- \`${path}\`: ${reason}`)),
    ...(qa.remarks.length === 0
      ? []
      : [
          '',
          `## ${REMARKS_TITLE}`,
          ...qa.remarks.map(({ path, text }) => `- ${path === null ? '' : `\`${path}\`: `}${text}`),
        ]),
    '',
    `Committed by ${facts.requester}, from the conversation "${brief.conversationTitle}".`,
    `Head \`${diff.headSha}\`, diff \`${diff.diffHash.slice(0, 16)}\`.`,
    '',
  ].join('\n');
}
