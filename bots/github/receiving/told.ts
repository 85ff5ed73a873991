import * as z from 'zod';
import type { Receipt } from '#bots/receiving/inbox-worker.ts';
import { hasMarker } from '../asking/marker.ts';
import { ToldWork, workToldBy } from './told-of-work.ts';

/**
 * What a delivery tells us: that something about an issue is other than before. Nothing else of it is kept: deliveries
 * come late, twice, out of order or never, so what is true is read from GitHub when it is worked on, and words of people
 * who may not write are kept nowhere.
 */
export const ToldIssue = z.strictObject({
  /** Unique: the app or hook and GitHub's id of the delivery; or the poll, the issue and the time of its change. */
  key: z.string(),
  /** `OWNER/NAME`. */
  repository: z.string(),
  number: z.int(),
  /** Labels at that time, where they are known: without ours it is looked at only when it is a conversation already. */
  labels: z.array(z.string()).nullable(),
  /** A person put this label on just then. A poll does not see who did. */
  labelled: z.strictObject({ by: z.string(), label: z.string() }).optional(),
});
export type ToldIssue = z.infer<typeof ToldIssue>;

/** That something about the work of tasks is other than before; see `workToldBy`. */
export const Told = z.union([ToldIssue, ToldWork]);
export type Told = z.infer<typeof Told>;

const Payload = z.looseObject({
  action: z.string(),
  repository: z.looseObject({ full_name: z.string() }),
  issue: z.looseObject({
    number: z.int(),
    labels: z.array(z.looseObject({ name: z.string() }).or(z.string())).default([]),
    pull_request: z.unknown().optional(),
  }),
  comment: z.looseObject({ body: z.string().nullable().optional() }).optional(),
  label: z.looseObject({ name: z.string() }).optional().catch(undefined),
  sender: z.looseObject({ login: z.string(), type: z.string() }).optional().catch(undefined),
});

/** Events that are listened to: https://docs.github.com/en/webhooks/webhook-events-and-payloads */
const EVENTS: ReadonlySet<string> = new Set(['issues', 'issue_comment']);

/** null: an event that is not listened to, or that says nothing about an issue or a branch of the factory. */
export function toldBy(event: string, key: string, body: unknown): Told | null {
  if (!EVENTS.has(event)) return workToldBy(event, key, body);
  const payload = Payload.safeParse(body).data;
  // A pull request is an issue as well; what is said there is for its task.
  if (payload === undefined || payload.issue.pull_request !== undefined) return null;
  if (hasMarker(payload.comment?.body ?? '')) return null;
  const { action, label, sender } = payload;
  const isByPerson = event === 'issues' && action === 'labeled' && sender?.type === 'User';
  return {
    ...(isByPerson && label !== undefined ? { labelled: { by: sender.login, label: label.name } } : {}),
    key,
    repository: payload.repository.full_name,
    number: payload.issue.number,
    labels: payload.issue.labels.map((label) => (typeof label === 'string' ? label : label.name)),
  };
}

/** What happens to one issue, or to the branches of one repository, is worked on one after the other. */
export function receiptOf(body: unknown): Receipt {
  const told = Told.parse(body);
  const lane = 'branches' in told ? told.repository : `${told.repository}#${told.number}`;
  return { key: told.key, lane, isUrgent: false };
}
