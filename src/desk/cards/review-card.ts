import type { FeatureTestRow, PullRequestRow, StoryTaskRow } from '#src/ledger/rows.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { Card, CardBlock, CardListItem } from '#src/ports/chat.ts';
import type { MergeMethod } from '#src/ports/forge.ts';
import { checksSentence } from '#src/review/pull-request-body.ts';
import { listed } from '#src/review/quote.ts';
import type { Risk } from '#src/review/risk.ts';
import { action, card, count, item, pullRequestFact, shortSha, why } from './card-parts.ts';
import { remarksBlock } from './remarks.ts';
import { revertActions, revertBlock } from './revert.ts';
import type { Revert } from './revert.ts';

export interface ReviewCardFacts {
  task: StoryTaskRow;
  pullRequest: PullRequestRow;
  criteria: readonly FeatureTestRow[];
  /** Message positions behind each criterion, by its id. */
  evidenceOf: (criterionId: string) => readonly number[];
  qa: QaResultPacket | null;
  /** null: what was built is not what is asked about, because somebody pushed to the branch. */
  files: readonly { path: string; added: number; removed: number }[] | null;
  lookAt: readonly string[];
  /** null: nobody judged it. */
  risk: Risk | null;
  solo: boolean;
  landsAs: MergeMethod;
  /** What came of it; null while it is still asked. */
  outcome: string | null;
  /** Whether this card's change can be, or is, taken back; null: it was not merged. */
  revert: Revert | null;
}

const CONCERN = { failed: 0, unproven: 1, proven: 2 } as const;

/** The one card that asks for a decision, bound to the exact head and diff that it shows. Unproven criteria first. */
export function reviewCard(facts: ReviewCardFacts): Card {
  const { task, pullRequest, criteria, outcome } = facts;
  const proven = criteria.filter(({ state }) => state === 'proven').length;
  const noChecks = facts.qa?.outcome === 'no-checks';
  return card(
    'review',
    outcome === null
      ? `Please decide on **${task.title}**: ${proven} of ${criteria.length} criteria proven.`
      : `Review of **${task.title}**: ${proven} of ${criteria.length} criteria proven.`,
    {
      tone: outcome !== null ? 'plain' : 'waiting',
      blocks: [
        {
          type: 'list',
          title: 'Criteria',
          items: criteria
            .toSorted((a, b) => CONCERN[a.state] - CONCERN[b.state])
            .map((criterion) => criterionItem(task.conversationId, criterion, facts.evidenceOf(criterion.criterionId))),
        },
        {
          type: 'facts',
          facts: [
            {
              label: 'Checks',
              value: facts.qa === null ? 'unknown' : beside(checksSentence(facts.qa)),
              tone: noChecks ? 'bad' : 'plain',
            },
            { label: 'Size', value: sizeOf(facts.files) },
            ...riskFact(facts.risk),
            {
              label: 'Merges',
              value: `exactly ${shortSha(pullRequest.headSha)} into ${shortSha(pullRequest.baseSha)}${LANDS[facts.landsAs]}`,
            },
            ...onPage(pullRequest, outcome === null),
            ...(facts.solo
              ? [{ label: 'Approver', value: 'you committed this story and approve it alone (solo)' }]
              : []),
          ],
        },
        ...(facts.lookAt.length === 0
          ? []
          : [{ type: 'list' as const, title: 'Look at first', items: facts.lookAt.map((note) => item(note)) }]),
        diffBlock(task.id, facts.files ?? []),
        ...remarksBlock(facts.qa?.remarks ?? []),
        ...revertBlock(facts.revert),
      ],
      actions:
        outcome !== null
          ? revertActions(task, facts.revert)
          : [
              action(
                'approve',
                'Approve',
                { type: 'approve', taskId: task.id, headSha: pullRequest.headSha, diffHash: pullRequest.diffHash },
                { style: 'primary' },
              ),
              action(
                'request-changes',
                'Request changes',
                { type: 'request-changes', taskId: task.id },
                { input: { label: 'What should change?', required: true } },
              ),
              action(
                'reject',
                'Reject',
                { type: 'reject', taskId: task.id },
                {
                  style: 'danger',
                  confirm: 'Reject this change? The pull request is closed and the branch stays.',
                  input: { label: 'Why? (optional)', required: false },
                },
              ),
            ],
      outcome,
    },
  );
}

/** While it is asked, a review there is another way to say yes. */
function onPage(pullRequest: PullRequestRow, isAsked: boolean): ReturnType<typeof pullRequestFact> {
  const counts = isAsked ? ', where an approver’s review counts as well' : '';
  return pullRequestFact(pullRequest).map((fact) => ({ ...fact, value: `${fact.value}${counts}` }));
}

/** What is worth saying of how it lands; a merge commit is what everybody expects. */
const LANDS: Readonly<Record<MergeMethod, string>> = {
  merge: '',
  squash: ', squashed into one commit',
  rebase: ', its commits put on top of it one by one',
};

/** A card is kept whole with each edit of it, so a change of thousands of files may not be in it. */
const MAX_FILES = 100;

function diffBlock(taskId: string, files: NonNullable<ReviewCardFacts['files']>): CardBlock {
  const left = files.length - MAX_FILES;
  const shown = files.slice(0, MAX_FILES).map((file) => ({ ...file }));
  return { type: 'diff', taskId, files: shown, ...(left > 0 ? { more: left } : {}) };
}

/** The sentence as it stands beside the word `Checks`. */
function beside(sentence: string): string {
  return sentence.replace(/^Checks /, '');
}

function sizeOf(files: ReviewCardFacts['files']): string {
  if (files === null) return 'somebody pushed to the branch; the diff shows what is there';
  const sum = (lines: readonly number[]) => lines.reduce((total, n) => total + n, 0);
  return `${count(files.length, 'file')}, +${sum(files.map((file) => file.added))} −${sum(files.map((file) => file.removed))} lines`;
}

const MAX_REASONS = 4;

function riskFact(risk: ReviewCardFacts['risk']): { label: string; value: string; tone: 'bad' | 'plain' }[] {
  if (risk === null) return [];
  const { level, reasons } = risk;
  const value = reasons.length === 0 ? level : `${level}: ${listed(reasons, MAX_REASONS)}`;
  return [{ label: 'Risk', value, tone: level === 'high' ? 'bad' : 'plain' }];
}

function criterionItem(conversationId: string, criterion: FeatureTestRow, evidence: readonly number[]): CardListItem {
  const detail =
    criterion.state === 'unproven'
      ? 'unproven: no test names it'
      : `${criterion.state} by ${criterion.test ?? 'a test'}`;
  return item(criterion.text, {
    mark: criterion.state === 'proven' ? 'done' : criterion.state === 'failed' ? 'failed' : 'open',
    detail,
    why: why(conversationId, evidence),
  });
}
