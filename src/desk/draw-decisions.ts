import { hasEnded } from '#src/code-factory/task-status.ts';
import type { TaskStatus } from '#src/code-factory/task-status.ts';
import { contentOf } from '#src/ledger/artifact.ts';
import type { RecordedEvent } from '#src/ledger/event.ts';
import { isEvent } from '#src/ledger/event.ts';
import type { FeatureTestRow, StoryTaskRow } from '#src/ledger/rows.ts';
import { AnyPacket } from '#src/packets/any-packet.ts';
import type { PostDraft } from '#src/ports/chat.ts';
import { NO_APPROVER } from '#src/review/rights.ts';
import { blockedCard } from './cards/packet-card.ts';
import { reviewCard } from './cards/review-card.ts';
import type { ReviewCardFacts } from './cards/review-card.ts';
import { reviewOutcome } from './cards/review-outcome.ts';
import { revertWords } from './cards/revert.ts';
import { stopWords } from './cards/status-card.ts';
import { by, post } from './redraw.ts';
import type { Views } from './redraw.ts';

/** Every review card of a task: one for each time that a decision was asked. */
export async function drawReviews(views: Views, task: StoryTaskRow): Promise<PostDraft[]> {
  const pullRequest = (await views.tables.find('pull_requests', { taskId: task.id }, { limit: 1 }))[0];
  if (pullRequest === undefined) return [];
  const events = await views.ledger.stream(`task:${task.id}`);
  const asks = events.flatMap((event, index) => (isEvent(event, 'pull-request.opened') ? [{ event, index }] : []));
  // A story may be committed again after a stop or a reject: each task has a feature of its own.
  const committed = events.find((event) => isEvent(event, 'story.committed') || isEvent(event, 'revert.committed'));
  const criteria =
    committed === undefined ? [] : await views.tables.find('feature_tests', { featureId: committed.body.featureId });
  const evidence = evidenceByCriterion(await contentAt(views, events[0]));
  const drafts: PostDraft[] = [];
  for (const [number, { event: ask, index }] of asks.entries()) {
    const next = asks[number + 1]?.index;
    const { baseSha, headSha, diffHash, landsAs = 'merge', lookAt, risk, solo, waitsFor } = ask.body;
    const decided = events.slice(index + 1, next);
    const outcome = reviewOutcome(decided, await rejectReason(views, decided));
    const revert = decided.some(isMerge) ? { by: await takenBackBy(views, task) } : null;
    const before = events.slice(0, index);
    const work = await workBefore(views, before, headSha);
    const added = await addedCriteria(views, before, criteria);
    const drawn = reviewCard({
      task,
      pullRequest: { ...pullRequest, baseSha, headSha, diffHash },
      criteria: asJudged([...criteria, ...added.rows], work.qa),
      evidenceOf: (criterionId) => evidence.get(criterionId) ?? added.evidence.get(criterionId) ?? [],
      ...work,
      lookAt,
      risk: risk ?? null,
      solo,
      landsAs,
      outcome: outcome === null ? (next === undefined ? null : REPLACED) : `${outcome}${revertWords(revert)}`,
      revert,
    });
    const mentions = waitsFor === NO_APPROVER ? [] : waitsFor.split(', ');
    drafts.push(post(`review:${task.id}:${number + 1}`, { kind: 'task', id: task.id }, by('tess'), drawn, mentions));
  }
  return drafts;
}

const REPLACED = 'Replaced by a newer card below.';

function isMerge({ type }: RecordedEvent): boolean {
  return type === 'pull-request.merged' || type === 'pull-request.merged-by-hand';
}

/** The task that took this one back, or is about to. */
async function takenBackBy({ tables }: Views, { id, revertedBy }: StoryTaskRow): Promise<StoryTaskRow | null> {
  if (revertedBy !== null) return tables.get('story_tasks', revertedBy);
  const tries = await tables.find('story_tasks', { reverts: id });
  return tries.find(({ state }) => !hasEnded(state as TaskStatus)) ?? null;
}

const REASON_CHARACTERS = 200;

/** The words of whoever rejected it, in one line. */
async function rejectReason(views: Views, events: readonly RecordedEvent[]): Promise<string | null> {
  const said = await contentAt(
    views,
    events.find((event) => isEvent(event, 'pull-request.rejected')),
  );
  if (typeof said !== 'string') return null;
  const line = said
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.…]+$/, '');
  return line.length <= REASON_CHARACTERS ? line : `${line.slice(0, REASON_CHARACTERS).toWellFormed()} …`;
}

/** The verdict and the files that a card was asked about: the last ones before it. */
async function workBefore(
  views: Views,
  events: readonly RecordedEvent[],
  headSha: string,
): Promise<Pick<ReviewCardFacts, 'qa' | 'files'>> {
  const verdict = await packetAt(
    views,
    events.findLast(({ type }) => type === 'qa.passed' || type === 'qa.failed'),
  );
  const build = await packetAt(
    views,
    events.findLast(({ type }) => type === 'code.generated'),
  );
  return {
    qa: verdict?.type === 'qa-result' ? verdict : null,
    files: build?.type === 'build-result' && build.headSha === headSha ? build.files : null,
  };
}

/** What Piper added to the story's own criteria when the scope was made; judged like them, and never left out. */
async function addedCriteria(
  views: Views,
  events: readonly RecordedEvent[],
  own: readonly FeatureTestRow[],
): Promise<{ rows: FeatureTestRow[]; evidence: Map<string, readonly number[]> }> {
  const scope = await packetAt(
    views,
    events.findLast(({ type }) => type === 'scope.clarified'),
  );
  const known = new Set(own.map(({ criterionId }) => criterionId));
  const added = scope?.type === 'scope' ? scope.criteria.filter(({ id }) => own.length > 0 && !known.has(id)) : [];
  const featureId = own[0]?.featureId ?? '';
  return {
    rows: added.map(({ id, text }) => ({
      id: `${featureId}/${id}`,
      featureId,
      criterionId: id,
      text,
      state: 'unproven',
      test: null,
      headSha: null,
    })),
    evidence: new Map(added.map(({ id, evidence }) => [id, evidence])),
  };
}

/** As the verdict before the card had them; a later one belongs to the next card. */
function asJudged(criteria: readonly FeatureTestRow[], qa: ReviewCardFacts['qa']): FeatureTestRow[] {
  const proofs = new Map(qa?.proofs.map((proof) => [proof.criterionId, proof]));
  return criteria.map((criterion) => {
    const proof = proofs.get(criterion.criterionId);
    return proof === undefined ? criterion : { ...criterion, state: proof.state, test: proof.test };
  });
}

async function contentAt(views: Views, event: RecordedEvent | undefined): Promise<unknown> {
  const artifact = event?.artifact == null ? null : await views.artifacts.get(event.artifact);
  return artifact === null ? null : contentOf(artifact);
}

async function packetAt(views: Views, event: RecordedEvent | undefined): Promise<AnyPacket | null> {
  return AnyPacket.safeParse(await contentAt(views, event)).data ?? null;
}

function evidenceByCriterion(brief: unknown): Map<string, number[]> {
  const criteria = (brief as { criteria?: { id: string; evidence: number[] }[] } | null)?.criteria ?? [];
  return new Map(criteria.map(({ id, evidence }) => [id, evidence]));
}

/** What stopped a task, asking the person who can help; edited to its outcome once it went on. */
export async function drawBlockers(views: Views, task: StoryTaskRow): Promise<PostDraft[]> {
  const events = await views.ledger.stream(`task:${task.id}`);
  const drafts: PostDraft[] = [];
  for (const [index, event] of events.entries()) {
    if (!isEvent(event, 'task.blocked')) continue;
    const { reason, fix, findings } = whatStopped(await packetAt(views, event));
    const drawn = blockedCard({
      reason,
      fix,
      findings,
      taskId: task.id,
      isWish: event.body.code === 'changes-requested',
      mayRetry: event.body.runId !== null,
      isForHands: event.body.code === 'revert-conflict',
      stopWords: stopWords(task),
      outcome: blockerOutcome(event, events.slice(index + 1)),
    });
    const thread = { kind: 'task', id: task.id } as const;
    drafts.push(post(`blocked:${event.seq}`, thread, by('tess'), drawn, [event.body.waitsFor]));
  }
  return drafts;
}

function whatStopped(packet: AnyPacket | null): { reason: string; fix: string; findings: readonly string[] } {
  if (packet?.type === 'blocker') return packet;
  if (packet?.type !== 'qa-result') {
    return { reason: 'the reason was erased.', fix: 'Stop the task and commit its story again.', findings: [] };
  }
  return {
    reason: 'three attempts failed their checks.',
    fix: 'Paste a corrected version into this thread, with the name of its file; it is tried at once. Or stop the task.',
    findings: packet.findings.map(({ text }) => text),
  };
}

function blockerOutcome(stopped: RecordedEvent<'task.blocked'>, after: readonly RecordedEvent[]): string | null {
  const next = after.find(({ type }) => ['task.retried', 'task.cancelled', 'task.taken-over'].includes(type));
  if (next === undefined) return null;
  if (next.type === 'task.cancelled') return `${next.actor} stopped the task.`;
  if (next.type === 'task.taken-over') return `${next.actor} took the work over.`;
  // A model takes a wish up by itself; nobody had to ask twice.
  if (isEvent(next, 'task.retried') && next.body.state === 'locked' && stopped.body.code === 'changes-requested')
    return 'Ollan took it up.';
  return next.artifact === null ? `${next.actor} asked for another go.` : `${next.actor} pasted new code.`;
}
