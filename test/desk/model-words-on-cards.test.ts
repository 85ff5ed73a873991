import { describe, expect, it } from 'vitest';
import { packetCard } from '#src/desk/cards/packet-card.ts';
import { BuildResultPacket } from '#src/packets/build-result.ts';
import { BehaviourLockPacket } from '#src/packets/behaviour-lock.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { QaResultPacket } from '#src/packets/qa-result.ts';
import { ScopePacket } from '#src/packets/scope.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import { REMARKS_TITLE, writePullRequestBody } from '#src/review/pull-request-body.ts';
import { wordsOf } from './front.ts';

const id = '01980000-0000-7000-8000-000000000001';
const header = { version: 1, taskId: id, runId: id, attempt: 1 };
const folds = (card: Card) =>
  card.blocks.filter((block): block is CardBlock & { type: 'fold' } => block.type === 'fold');

const scope = (refused: string[]) =>
  ScopePacket.parse({
    ...header,
    type: 'scope',
    from: 'piper',
    to: 'mason',
    criteria: [{ id: 'c1', text: 'It greets.', evidence: [0] }],
    constraints: [],
    protectedAreas: [],
    openQuestions: [],
    refused,
  });

const lock = (more: Partial<BehaviourLockPacket>) =>
  BehaviourLockPacket.parse({
    ...header,
    type: 'behaviour-lock',
    from: 'vera',
    to: 'ollan',
    testsSha: 'a'.repeat(40),
    testFiles: ['test/greet.test.js'],
    redOnBase: true,
    baselineArtifact: null,
    featureArtifact: 'f',
    notes: [],
    ...more,
  });

const qa = QaResultPacket.parse({
  ...header,
  type: 'qa-result',
  from: 'vera',
  to: 'tess',
  headSha: 'a'.repeat(40),
  outcome: 'passed',
  proofs: [{ criterionId: 'c1', state: 'unproven', test: null }],
  findings: [],
  knownBefore: [],
  checks: [{ name: 'test', command: 'npm test', exitCode: 0, durationMs: 1, passed: 1, failed: 0 }],
  remarks: [{ path: 'src/greet.js', text: 'It greets nobody.' }],
  reportArtifact: 'r',
});

const build = (more: Partial<BuildResultPacket>) =>
  BuildResultPacket.parse({
    ...header,
    type: 'build-result',
    from: 'ollan',
    to: 'vera',
    headSha: 'a'.repeat(40),
    commits: [{ sha: 'a'.repeat(40), title: 'Greet' }],
    files: [{ path: 'a.js', added: 1, removed: 0 }],
    outsidePlan: [],
    leftOut: [],
    diffArtifact: 'd',
    thoughtsArtifact: 't',
    ...more,
  });

describe('the card of a build', () => {
  const facts = '1 file on the branch in 1 commit; the head is aaaaaaa.';

  it.each([
    [
      { model: 'small', summary: 'All tests pass.', testsTouched: ['test/a.test.js'] },
      ' It touches 1 test file that it is judged by. Written with small, which says: "All tests pass."',
    ],
    [{ model: 'small', summary: null }, ' Written with small.'],
    [{ summary: "ada's own work, handed back.", handedBackBy: 'ada' }, " ada's own work, handed back."],
  ])('tells facts first, and what a model claims as its words: %j', (more, says) => {
    expect(packetCard(build(more), 'talk').lead).toBe(`${facts}${says}`);
  });

  it('says of a clean-up what came of it, in one sentence', () => {
    const cleaned = (kept: boolean) =>
      wordsOf({ card: packetCard(build({ cleanUp: { kept, reason: 'It is tidy.' } }), 'talk') });
    expect(cleaned(true)).toContain('Kept: It is tidy.');
    expect(cleaned(false)).toContain('It is tidy.');
    expect(cleaned(false)).not.toMatch(/kept/i);
  });
});

describe('the card of a scope', () => {
  it('says how many proposals were refused, and lists them folded', () => {
    const card = packetCard(
      scope(['“It flies.”: there is no message 9.', '“It sings.”: it cites no message.']),
      'talk',
    );
    expect(card.lead).toBe('1 criterion to meet. 2 proposals of the model were refused. Over to you, Mason.');
    expect(JSON.stringify(folds(card)[0])).toContain('there is no message 9.');
  });

  it('says nothing of it where none was', () => {
    expect(wordsOf({ card: packetCard(scope([]), 'talk') })).not.toContain('refused');
  });
});

it('the card of a plan says which files are edited and which go', () => {
  const target = (path: string, action: PlanPacket['fileTargets'][number]['action']) => ({
    path,
    action,
    why: 'It must.',
    evidence: [],
  });
  const plan = PlanPacket.parse({
    ...header,
    type: 'plan',
    from: 'mason',
    to: 'vera',
    steps: [{ text: 'Do it.', files: [] }],
    fileTargets: [target('a.js', 'edit'), target('b.js', 'delete')],
    criteriaCovered: [],
    tests: [],
    docs: [],
    risks: [],
    rollback: 'Revert.',
  });
  const words = JSON.stringify(packetCard(plan, 'talk'));
  expect(words).toContain('edit: It must.');
  expect(words).toContain('delete: It must.');
});

describe('the card of a lock says who wrote the tests', () => {
  it('when Vera did', () => {
    const card = packetCard(lock({ writtenBy: 'vera', notes: ['A note.'] }), 'talk');
    expect(card.lead).toBe('I wrote the tests; they are in first and fail without the code, as they should.');
    expect(JSON.stringify(folds(card))).toContain('Tests, written by Vera with a model');
  });

  it('when the conversation did', () => {
    const card = packetCard(lock({ writtenBy: 'conversation' }), 'talk');
    expect(card.lead).toBe('The tests are in first and fail without the code, as they should.');
    expect(JSON.stringify(folds(card))).toContain('Tests, from the conversation');
  });
});

it.each([
  ['scope', { ...scope([]), modelNotes: ['It asked for bash.'] }],
  ['lock', lock({ modelNotes: ['It asked for bash.'] })],
  ['verdict', { ...qa, modelNotes: ['It asked for bash.'] }],
])('the card of a %s folds what is to be known of the model away', (_what, packet) => {
  const card = packetCard(packet, 'talk');
  expect(card.lead).not.toContain('bash');
  expect(JSON.stringify(folds(card)[0])).toMatch(/To know about the model.*It asked for bash\./);
  expect(JSON.stringify(packetCard({ ...packet, modelNotes: [] }, 'talk'))).not.toContain('To know about the model');
});

describe("Vera's remarks", () => {
  it('are folded apart from the facts, under a name that says what they are (C09)', () => {
    const [details, remarks] = folds(packetCard(qa, 'talk'));
    expect(JSON.stringify(details)).not.toContain('It greets nobody.');
    expect(remarks?.summary).toBe("Vera's remarks (a model's reading, not a check)");
    expect(JSON.stringify(remarks)).toContain('It greets nobody.');
  });

  it('leave no fold where there are none', () => {
    expect(folds(packetCard({ ...qa, remarks: [] }, 'talk'))).toHaveLength(1);
  });

  it('stand below the facts in the pull request, and only where there are some (C09)', () => {
    const facts = {
      brief: {
        title: 'Greet',
        narrative: 'As a visitor I want a greeting.',
        points: 1,
        conversationId: 'talk',
        conversationTitle: 'A greeting',
        evidence: [0],
        criteria: [{ id: 'c1', text: 'It greets.', given: [], when: [], then: [], evidence: [0] }],
        gherkin: '',
        constraints: [],
        openQuestions: [],
        speakers: {},
        changeSet: null,
      },
      qa,
      diff: { baseSha: 'a', mergeBaseSha: 'a', headSha: 'b', diffHash: 'c', files: [] },
      lookAt: [],
      risk: { level: 'low' as const, reasons: [] },
      lockNotes: [],
      build: null,
      requester: 'ada',
    };
    const body = writePullRequestBody(facts);
    expect(body.indexOf(REMARKS_TITLE)).toBeGreaterThan(body.indexOf('## What was avoided'));
    expect(body).toContain('- `src/greet.js`: It greets nobody.');
    expect(body).toContain('○ unproven: It greets.');
    const plain = writePullRequestBody({ ...facts, qa: { ...qa, remarks: [] } });
    expect(plain).not.toContain(REMARKS_TITLE);
  });
});
