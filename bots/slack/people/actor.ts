const ACTOR = /^slack:([UW][A-Z0-9]{2,30})$/;
const GROUP = /^slack:(S[A-Z0-9]{2,30})$/;

/** How the factory names a person of Slack: `slack:U0123ABCD`. Names change; this does not. */
export function actorOf(userId: string): string {
  return `slack:${userId}`;
}

/** The user id behind an actor, or null when the actor is none of Slack. */
export function userIdOf(actor: string): string | null {
  return ACTOR.exec(actor)?.[1] ?? null;
}

/** The user group behind a name in a list of approvers; null: it is none. */
export function groupIdOf(name: string): string | null {
  return GROUP.exec(name)?.[1] ?? null;
}

/** Everybody whose name is needed to show this, groups among them. */
export function actorsIn(shown: unknown): string[] {
  return [...new Set(JSON.stringify(shown).match(/\bslack:[UWS][A-Z0-9]{2,30}\b/g) ?? [])];
}
