import { expect, it } from 'vitest';
import { drawReviews } from '#src/desk/draw-decisions.ts';
import type { Views } from '#src/desk/redraw.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { StoryTaskRow } from '#src/ledger/rows.ts';
import { wordsOf } from './front.ts';

const id = '01980000-0000-7000-8000-000000000001';
const header = { version: 1, taskId: id, runId: id, attempt: 1 };
const sha = 'a'.repeat(40);

const scope = jsonArtifact('packet', {
  ...header,
  type: 'scope',
  from: 'piper',
  to: 'mason',
  criteria: [
    { id: 'c1', text: 'It greets.', evidence: [0] },
    { id: 'm1', text: 'An empty name is refused.', evidence: [2] },
  ],
  constraints: [],
  protectedAreas: [],
  openQuestions: [],
});
const qa = jsonArtifact('packet', {
  ...header,
  type: 'qa-result',
  from: 'vera',
  to: 'tess',
  headSha: sha,
  outcome: 'passed',
  proofs: [
    { criterionId: 'c1', state: 'proven', test: 'c1 greets' },
    { criterionId: 'm1', state: 'unproven', test: null },
  ],
  findings: [],
  knownBefore: [],
  checks: [],
  reportArtifact: 'r',
});
const event = (type: string, body: object, artifact: string | null = null) => ({
  type,
  body,
  artifact,
  at: '',
  actor: 'x',
});

it('a criterion that Piper added stands on the review card, unproven where nothing proves it', async () => {
  const opened = { baseSha: sha, headSha: sha, diffHash: 'd', lookAt: [], solo: false, waitsFor: 'grace' };
  const events = [
    event('story.committed', { featureId: 'f' }),
    event('scope.clarified', {}, scope.hash),
    event('qa.passed', {}, qa.hash),
    event('pull-request.opened', opened),
  ];
  const rows: Record<string, object[]> = {
    pull_requests: [{ baseSha: sha, headSha: sha, diffHash: 'd' }],
    feature_tests: [
      {
        id: 'f/c1',
        featureId: 'f',
        criterionId: 'c1',
        text: 'It greets.',
        state: 'proven',
        test: 'c1 greets',
        headSha: sha,
      },
    ],
  };
  const views = {
    tables: { find: async (table: string) => rows[table] ?? [], get: async () => null },
    artifacts: { get: async (hash: string) => [scope, qa].find((each) => each.hash === hash) ?? null },
    ledger: { stream: async () => events },
  } as unknown as Views;
  const task = { id: 'task', conversationId: 'talk', title: 'Greet' } as StoryTaskRow;
  const words = (await drawReviews(views, task)).map(wordsOf).join('\n');
  expect(words).toContain('1 of 2 criteria proven');
  expect(words).toContain('An empty name is refused.');
  expect(words).toContain('unproven: no test names it');
});
