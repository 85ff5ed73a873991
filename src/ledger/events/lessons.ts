import * as z from 'zod';
import { defineEvent, ERASED } from '../define-event.ts';
import { insert, update } from '../rows.ts';
import type { RowChange } from '../rows.ts';

/** What a lesson tells: how to work, what to look at before it is done, or what helped against a known failure. */
const kind = z.enum(['rule', 'check', 'known-fix']);

/** For whom it is. `key`: a folder or file of the repository, or a persona's name; null for the whole project. */
const scope = z.strictObject({ kind: z.enum(['project', 'path', 'persona']), key: z.string().nullable() });

/** The failure that it is about, by which its effect can be counted. */
const about = z.strictObject({ repoId: z.string(), fingerprint: z.string() });

/** So many tasks of so many. */
const share = z.strictObject({ count: z.int().min(0), of: z.int().min(0) });

const ofLesson = z.strictObject({ lessonId: z.string() });

const offered = z.strictObject({
  lessonId: z.string(),
  projectId: z.string(),
  /** What people call it: lesson 3 of its project. */
  number: z.int().min(1),
  /** `evidence`: the ledger shows it; `told`: a person said so. */
  origin: z.enum(['evidence', 'told']),
  kind,
  scope,
  about: about.nullable(),
  /** The events that show it, by their `seq`. */
  evidence: z.array(z.int().min(1)),
  /** Lessons that seem to say the opposite. */
  conflictsWith: z.array(z.string()),
});

function offeredRow(
  body: z.infer<typeof offered>,
  { actor, at, artifact, content }: { actor: string; at: string; artifact: string | null; content: unknown },
  set: { status: 'proposed' | 'refused'; suspicions: string[] },
): RowChange {
  const { lessonId, projectId, number, origin, conflictsWith, evidence } = body;
  return insert('lessons', {
    ...{ id: lessonId, projectId, number, origin, conflictsWith, evidence },
    kind: body.kind,
    scopeKind: body.scope.kind,
    scopeKey: body.scope.key,
    repoId: body.about?.repoId ?? null,
    fingerprint: body.about?.fingerprint ?? null,
    text: textOf(content),
    textArtifact: artifact ?? '',
    ...set,
    retirementProposed: false,
    proposedBy: actor,
    proposedAt: at,
    wordedAt: at,
    decidedBy: null,
    decidedAt: null,
    expiresAt: null,
    keptAt: null,
  });
}

/** The words of a lesson are an artifact of the kind `lesson`. */
function textOf(content: unknown): string {
  return z.object({ text: z.string() }).safeParse(content).data?.text ?? ERASED;
}

/** What the factory learns. Only a named person makes a lesson count; personas and outside text never do. */
export const lessonEvents = {
  /** The artifact is its text. */
  'lesson.proposed': defineEvent({
    version: 1,
    body: offered,
    rows: ({ body, ...event }) => [offeredRow(body, event, { status: 'proposed', suspicions: [] })],
  }),
  /** Somebody told it, and it reads like an order to ignore rules. It is kept where people see it, and never used. */
  'lesson.refused': defineEvent({
    version: 1,
    body: offered.extend({ suspicions: z.array(z.string()).min(1) }),
    rows: ({ body, ...event }) => [offeredRow(body, event, { status: 'refused', suspicions: body.suspicions })],
  }),
  /** The same was found or told once more. `evidence`: all of it from here on. */
  'lesson.supported': defineEvent({
    version: 1,
    body: ofLesson.extend({ evidence: z.array(z.int().min(1)) }),
    rows: ({ body }) => [update('lessons', body.lessonId, { evidence: body.evidence })],
  }),
  /** A person put it into other words. The artifact is the text from here on. */
  'lesson.edited': defineEvent({
    version: 1,
    body: ofLesson.extend({
      kind,
      scope,
      /** Lessons that seem to say the opposite of the new words. */
      conflictsWith: z.array(z.string()),
      /** Other lessons to which the old words were the opposite, and what is left for each. */
      settled: z.array(ofLesson.extend({ conflictsWith: z.array(z.string()) })),
    }),
    rows: ({ body, at, artifact, content }) => [
      update('lessons', body.lessonId, {
        kind: body.kind,
        scopeKind: body.scope.kind,
        scopeKey: body.scope.key,
        text: textOf(content),
        textArtifact: artifact ?? '',
        conflictsWith: body.conflictsWith,
        wordedAt: at,
      }),
      ...body.settled.map(({ lessonId, conflictsWith }) => update('lessons', lessonId, { conflictsWith })),
    ],
  }),
  /** A person wants it to count, or to count for longer. */
  'lesson.accepted': defineEvent({
    version: 1,
    body: ofLesson.extend({ expiresAt: z.string() }),
    rows: ({ body, actor, at }) => [
      update('lessons', body.lessonId, {
        status: 'accepted',
        decidedBy: actor,
        decidedAt: at,
        expiresAt: body.expiresAt,
        retirementProposed: false,
      }),
    ],
  }),
  'lesson.declined': defineEvent({
    version: 1,
    body: ofLesson,
    rows: ({ body, actor, at }) => [
      update('lessons', body.lessonId, { status: 'declined', decidedBy: actor, decidedAt: at }),
    ],
  }),
  /** It was there, and what it is about happened as often as before: tasks with the failure, of tasks that could have it. */
  'lesson.retirement-proposed': defineEvent({
    version: 1,
    body: ofLesson.extend({ before: share, after: share }),
    rows: ({ body }) => [update('lessons', body.lessonId, { retirementProposed: true })],
  }),
  /** A person wants it to stay all the same. */
  'lesson.kept': defineEvent({
    version: 1,
    body: ofLesson,
    rows: ({ body, at }) => [update('lessons', body.lessonId, { retirementProposed: false, keptAt: at })],
  }),
  'lesson.retired': defineEvent({
    version: 1,
    body: ofLesson,
    rows: ({ body, actor, at }) => [
      update('lessons', body.lessonId, {
        status: 'retired',
        decidedBy: actor,
        decidedAt: at,
        retirementProposed: false,
      }),
    ],
  }),
  /** A step was given them to think with. The artifact is the context pack. */
  'lesson.used': defineEvent({
    version: 1,
    body: z.strictObject({
      taskId: z.string(),
      runId: z.string(),
      attempt: z.int().min(1),
      step: z.string(),
      persona: z.string(),
      lessonIds: z.array(z.string()).min(1),
    }),
    rows: ({ body: { lessonIds, ...use }, at, artifact }) =>
      lessonIds.map((lessonId) =>
        insert('lesson_uses', {
          id: `${lessonId}/${use.runId}/${use.attempt}/${use.step}/${artifact ?? at}`,
          lessonId,
          ...use,
          at,
        }),
      ),
  }),
};
