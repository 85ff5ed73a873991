import { cleanLine } from '#src/safety/clean-text.ts';

/** Long enough for any name, short enough for a line on a phone. */
const MAX_NAME_CHARACTERS = 80;

export interface Person {
  id: string;
  /** What others see: without hidden characters, on one line. Plain text; it may look like a mention or a link. */
  name: string;
  isBot: boolean;
  /** Deactivated or removed: they can no longer answer. */
  hasLeft: boolean;
  /** Such as `Europe/Berlin`; null where Slack does not say. */
  timeZone: string | null;
}

/** The part of Slack's user that is read. */
export interface SlackUser {
  id?: string | undefined;
  name?: string | undefined;
  real_name?: string | undefined;
  deleted?: boolean | undefined;
  is_bot?: boolean | undefined;
  tz?: string | undefined;
  profile?: { display_name?: string | undefined; real_name?: string | undefined } | undefined;
}

/** Shown as Slack shows people: the name they chose, else their full name, else the handle. */
export function personFrom(id: string, user: SlackUser): Person {
  const { profile, real_name: realName, name: handle } = user;
  const named = [profile?.display_name, profile?.real_name, realName, handle]
    .map((candidate) => cleanLine(candidate ?? '', MAX_NAME_CHARACTERS))
    .find((candidate) => candidate !== '');
  return {
    id,
    name: named ?? id,
    isBot: user.is_bot === true || id === 'USLACKBOT',
    hasLeft: user.deleted === true,
    timeZone: user.tz ?? null,
  };
}

/** Stands in for somebody whom Slack does not tell about. */
export function stranger(id: string, name = id): Person {
  return { id, name, isBot: false, hasLeft: false, timeZone: null };
}
