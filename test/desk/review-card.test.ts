import { describe, expect, it } from 'vitest';
import { reviewCard } from '#src/desk/cards/review-card.ts';
import type { ReviewCardFacts } from '#src/desk/cards/review-card.ts';
import { reviewOutcome } from '#src/desk/cards/review-outcome.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import type { FeatureTestRow } from '#src/ledger/rows.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { Card, CardBlock } from '#src/ports/chat.ts';
import {
  AT,
  decideAny,
  HEAD,
  personCommands,
  recorded,
  reviewCommands,
  reviewStepCommands,
  stepCommands,
  taskIn,
} from '#test/code-factory/life.ts';
import { wordsOf } from './front.ts';
import { taskRow as task } from './task-row.ts';

const words = (card: Card) => wordsOf({ card });
const names = (card: Card) => card.actions.map(({ name }) => name);

describe('the review card', () => {
  const criteria: FeatureTestRow[] = (['proven', 'unproven', 'failed'] as const).map((state, index) => ({
    id: `f/c${index}`,
    featureId: 'f',
    criterionId: `c${index}`,
    text: `Criterion ${state}`,
    state,
    test: state === 'unproven' ? null : `a test that is ${state}`,
    headSha: HEAD,
  }));
  const qa: QaResultPacket = {
    version: 1,
    type: 'qa-result',
    taskId: 'task',
    runId: 'run',
    attempt: 1,
    from: 'vera',
    to: 'tess',
    headSha: HEAD,
    outcome: 'passed',
    proofs: [],
    findings: [],
    knownBefore: [],
    checks: [{ name: 'npm test', command: 'npm test', exitCode: 0, durationMs: 4, passed: 3, failed: 0 }],
    remarks: [],
    modelNotes: [],
    reportArtifact: 'report',
  };
  const facts: ReviewCardFacts = {
    task,
    pullRequest: {
      id: 'pr',
      taskId: 'task',
      repoId: 'repo',
      number: 7,
      url: '/pulls/7',
      state: 'open',
      baseSha: 'b'.repeat(40),
      headSha: HEAD,
      diffHash: 'd',
      bodyArtifact: '',
      openedAt: AT,
      mergedSha: null,
      closedAt: null,
    },
    criteria,
    evidenceOf: (id) => (id === 'c0' ? [2] : []),
    qa,
    files: [{ path: 'src/greet.js', added: 5, removed: 1 }],
    lookAt: ['src/greet.js: the largest change.'],
    risk: { level: 'low', reasons: [] },
    solo: false,
    landsAs: 'merge',
    outcome: null,
    revert: null,
  };

  it('puts first what is not proven, and calls it so (C09)', () => {
    const list = reviewCard(facts).blocks.find((block): block is CardBlock & { type: 'list' } => block.type === 'list');
    expect(list?.items.map(({ text }) => text)).toEqual(['Criterion failed', 'Criterion unproven', 'Criterion proven']);
    expect(list?.items[1]).toMatchObject({ mark: 'open', detail: expect.stringContaining('unproven') });
    expect(list?.items[2]).toMatchObject({ mark: 'done', why: { positions: [2] } });
    expect(reviewCard(facts).lead).toContain('1 of 3 criteria proven');
  });

  it('says what ran and how large it is, and never calls nothing passed', () => {
    expect(words(reviewCard(facts))).toContain('1 file, +5 −1 lines');
    expect(words(reviewCard(facts))).toContain('passed: npm test (3 passed).');
    const nothing = reviewCard({ ...facts, qa: { ...qa, outcome: 'no-checks', checks: [] } });
    expect(words(nothing)).toContain('no checks');
    expect(words(nothing)).not.toMatch(/checks passed/i);
  });

  it('leads to the pull request on its forge, where a review counts as well while it is asked', () => {
    const there = { ...facts, pullRequest: { ...facts.pullRequest, url: 'https://github.example/acme/shop/pull/7' } };
    const factOf = (card: ReturnType<typeof reviewCard>) =>
      card.blocks
        .flatMap((block) => (block.type === 'facts' ? block.facts : []))
        .find(({ label }) => label === 'Pull request');
    expect(factOf(reviewCard(there))).toEqual({
      label: 'Pull request',
      value: '#7, where an approver’s review counts as well',
      url: 'https://github.example/acme/shop/pull/7',
    });
    expect(factOf(reviewCard({ ...there, outcome: 'Approved by grace' }))?.value).toBe('#7');
    expect(factOf(reviewCard(facts))).toBeUndefined();
  });

  it('does not show the files of another head than it asks about', () => {
    const card = reviewCard({ ...facts, files: null });
    expect(words(card)).toContain('somebody pushed');
    expect(words(card)).not.toContain('+5');
  });

  it('says how risky it is and why, from the facts of the change (C09)', () => {
    expect(words(reviewCard(facts))).toContain('Risk\nlow\n');
    const reasons = ['touches a workflow', 'weakens tests', 'changes a database', 'is huge', 'touches licences'];
    expect(words(reviewCard({ ...facts, risk: { level: 'high', reasons } }))).toContain(
      'Risk\nhigh: touches a workflow, weakens tests, changes a database, is huge and 1 more\n',
    );
    expect(words(reviewCard({ ...facts, risk: null }))).not.toContain('Risk');
  });

  it('says when the approver is the requester', () => {
    expect(words(reviewCard({ ...facts, solo: true }))).toContain('solo');
    expect(words(reviewCard(facts))).not.toContain('solo');
  });

  it('holds a hundred files of a change of thousands, and counts all of them', () => {
    const files = Array.from({ length: 3_000 }, (_, number) => ({ path: `src/${number}.js`, added: 1, removed: 0 }));
    const card = reviewCard({ ...facts, files });
    const block = card.blocks.find((one): one is CardBlock & { type: 'diff' } => one.type === 'diff');
    expect(block).toMatchObject({ more: 2_900 });
    expect(block?.files).toHaveLength(100);
    expect(words(card)).toContain('3000 files, +3000 −0 lines');
  });

  it('says how it lands where that is not as a merge commit', () => {
    expect(words(reviewCard(facts))).toMatch(/exactly aaaaaaa into bbbbbbb$/m);
    expect(words(reviewCard({ ...facts, landsAs: 'squash' }))).toContain('into bbbbbbb, squashed into one commit');
    expect(words(reviewCard({ ...facts, landsAs: 'rebase' }))).toContain('into bbbbbbb, its commits put on top of it');
  });

  it('puts what a model remarks below the facts, folded and marked (C09)', () => {
    const remarks = [{ path: null, text: 'All is well, approve it.' }];
    const { blocks, lead } = reviewCard({ ...facts, qa: { ...qa, remarks } });
    expect(blocks.at(-1)).toMatchObject({ type: 'fold', summary: "Vera's remarks (a model's reading, not a check)" });
    expect(JSON.stringify(blocks.slice(0, -1))).not.toContain('All is well');
    expect(lead).toContain('1 of 3 criteria proven');
  });

  it('has no buttons once it is decided', () => {
    expect(names(reviewCard(facts))).toEqual(['approve', 'request-changes', 'reject']);
    expect(names(reviewCard({ ...facts, outcome: 'Approved by grace · merging' }))).toEqual([]);
  });

  describe('what came of it', () => {
    const outcome = (...drafts: EventDraft[]) =>
      reviewOutcome(drafts.map((draft, index) => recorded(draft, index + 1)));
    const granted = decideAny({ kind: 'review', command: reviewCommands.approve }, taskIn('in-review'));
    const approved = taskIn('approved');

    it('is nothing as long as nobody decided', () => {
      expect(outcome()).toBeNull();
      expect(outcome(...decideAny({ kind: 'person', command: personCommands.pause }, taskIn('in-review')))).toBeNull();
    });

    it.each([
      { what: 'an approval', drafts: granted, says: 'Approved by grace · merging' },
      {
        what: 'a merge',
        drafts: [
          ...granted,
          ...decideAny({ kind: 'review-step', command: reviewStepCommands['record-merge'] }, approved),
        ],
        says: 'Approved by grace · merged as eeeeeee',
      },
      {
        what: 'an expiry',
        drafts: [
          ...granted,
          ...decideAny({ kind: 'review-step', command: reviewStepCommands['void-approval'] }, approved),
        ],
        says: 'Approved by grace · void: the approval ran out before the merge',
      },
      {
        what: 'a fault',
        drafts: [...granted, ...decideAny({ kind: 'step', command: stepCommands.block }, approved)],
        says: 'Approved by grace · not merged: the card below says why',
      },
      {
        what: 'a late stop',
        drafts: [...granted, ...decideAny({ kind: 'person', command: personCommands.stop }, approved)],
        says: 'Approved by grace · stopped by ada before its merge',
      },
      {
        what: 'a stop',
        drafts: decideAny({ kind: 'person', command: personCommands.stop }, taskIn('in-review')),
        says: 'Stopped by ada before a decision.',
      },
      {
        what: 'a wish',
        drafts: decideAny({ kind: 'review', command: reviewCommands['request-changes'] }, taskIn('in-review')),
        says: 'grace asked for changes.',
      },
      {
        what: 'a no',
        drafts: decideAny({ kind: 'review', command: reviewCommands.reject }, taskIn('in-review')),
        says: 'Rejected by grace. The pull request is closed; the branch stays.',
      },
    ])('after $what names the person and the end', ({ drafts, says }) => {
      expect(outcome(...drafts)).toBe(says);
    });
  });
});
