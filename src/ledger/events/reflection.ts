import * as z from 'zod';
import { defineEvent } from '../define-event.ts';
import { insert, update } from '../rows.ts';

const severity = z.enum(['info', 'warning', 'error', 'critical']);

/** What the factory says of its weeks, and what it hears from outside about what it shipped. */
export const reflectionEvents = {
  /** The week of a project was looked back on, once. The artifact holds it in parts and as Markdown. */
  'retrospective.held': defineEvent({
    version: 1,
    body: z.strictObject({
      retrospectiveId: z.string(),
      projectId: z.string(),
      /** ISO week in the time zone of the setting: `2026-W47`. */
      week: z.string(),
      from: z.string(),
      until: z.string(),
      /** Nothing happened that is worth more than a line. */
      isQuiet: z.boolean(),
      /** Lessons that it asks people about: new ones, and ones that it would retire. */
      lessonIds: z.array(z.string()),
      /** Tasks that it names. Once the words of one are erased, so are its own. */
      taskIds: z.array(z.string()),
    }),
    rows: ({ body, at, artifact }) => {
      const { retrospectiveId: id, projectId, week, from, until, isQuiet, lessonIds } = body;
      const artifacts = { artifact: artifact ?? '' };
      return [
        insert('retrospectives', { id, projectId, week, from, until, isQuiet, lessonIds, ...artifacts, heldAt: at }),
      ];
    },
  }),
  /** Something outside said that it is not well: a service, a check on the base branch, or the factory itself. The artifact is what it said. */
  'incident.opened': defineEvent({
    version: 1,
    body: z.strictObject({
      incidentId: z.string(),
      projectId: z.string(),
      source: z.enum(['signal', 'check', 'blocker']),
      service: z.string(),
      signal: z.string(),
      severity,
      /** The same for signals that tell of the same trouble. */
      fingerprint: z.string(),
      times: z.int().min(1),
      firstAt: z.string(),
      lastAt: z.string(),
      /** Deliveries or events that told of it, by their ids: each counts once. */
      told: z.array(z.string()),
      /** The change that was merged last before it; null: none is known. */
      after: z.strictObject({ taskId: z.string(), sha: z.string(), mergedAt: z.string() }).nullable(),
    }),
    rows: ({ body, artifact }) => {
      const { incidentId: id, after, told: _, ...facts } = body;
      return [
        insert('incidents', {
          id,
          ...facts,
          afterTaskId: after?.taskId ?? null,
          afterSha: after?.sha ?? null,
          detailsArtifact: artifact ?? '',
          conversationId: null,
          status: 'open',
          closedBy: null,
          closedAt: null,
        }),
      ];
    },
  }),
  /** It was told of again. `times` and `severity`: in all, from here on. `told`: what told of it just now. */
  'incident.seen-again': defineEvent({
    version: 1,
    body: z.strictObject({
      incidentId: z.string(),
      times: z.int().min(2),
      lastAt: z.string(),
      severity,
      told: z.array(z.string()),
    }),
    rows: ({ body: { incidentId, times, lastAt, severity: worst } }) => [
      update('incidents', incidentId, { times, lastAt, severity: worst }),
    ],
  }),
  /** The project lets trouble of this kind become a story, which a person may commit like any other. */
  'incident.written-up': defineEvent({
    version: 1,
    body: z.strictObject({ incidentId: z.string(), conversationId: z.string() }),
    rows: ({ body: { incidentId, conversationId } }) => [update('incidents', incidentId, { conversationId })],
  }),
  /** A person says that it is over, or what told of it says so itself. */
  'incident.closed': defineEvent({
    version: 1,
    body: z.strictObject({ incidentId: z.string() }),
    rows: ({ body, actor, at }) => [
      update('incidents', body.incidentId, { status: 'closed', closedBy: actor, closedAt: at }),
    ],
  }),
};
