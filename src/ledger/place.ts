/**
 * Where people talk outside of the room. Ids are the surface's own; a *root* is the message that a thread hangs under.
 * On GitHub a team is the host, a channel the repository (`OWNER/NAME`) and a root the number of an issue; of a queue
 * file the channel is the folder of its repository and a root the id of an entry.
 */
export const surfaceNames = ['slack', 'discord', 'github', 'queue-file'] as const;
export type SurfaceName = (typeof surfaceNames)[number];

/** Words come from there, and no post goes there. */
export const silentSurfaces: readonly SurfaceName[] = ['queue-file'];

/** A channel of a workspace (Slack) or of a server (Discord), or a repository (GitHub). */
export interface Place {
  surface: SurfaceName;
  team: string;
  channel: string;
}

export interface PlaceThread extends Place {
  root: string;
}

/** What rows and streams of a place are keyed by: `slack/T1/C1`. */
export function placeId({ surface, team, channel }: Place): string {
  return `${surface}/${team}/${channel}`;
}

/** `slack/T1/C1/1700000000.000100`. */
export function placeThreadId(thread: PlaceThread): string {
  return `${placeId(thread)}/${thread.root}`;
}
