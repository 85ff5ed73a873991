import type { ReleaseFacts, ReleasedChange } from './read-release.ts';

/** What was merged, as a team tells it to others. Changes that do not stand any more are no part of it. */
export interface ReleaseNotes {
  project: string;
  /** “since 2026-11-01”; null: from the beginning. */
  since: string | null;
  /** By epic, each with its changes in the order in which they were merged. */
  groups: { epic: string; changes: ReleasedChange[] }[];
  /** Of an earlier release, and taken back in this one. */
  takenBack: { number: number; title: string; by: number }[];
  /** Merged and taken back again within it. */
  leftOut: number;
}

/** Where a change belongs to no epic that is still known. */
const NO_EPIC = 'Other changes';

/** Drafts the notes from facts alone. */
export function draftReleaseNotes({ project, since, changes }: ReleaseFacts): ReleaseNotes {
  const own = changes.filter(({ isRevert }) => !isRevert).toSorted((a, b) => a.number - b.number);
  const groups = new Map<string, ReleasedChange[]>();
  for (const change of own) {
    if (!change.isIn || change.revertedBy !== null) continue;
    const epic = change.epic ?? NO_EPIC;
    groups.set(epic, [...(groups.get(epic) ?? []), change]);
  }
  return {
    project,
    since,
    groups: [...groups].map(([epic, standing]) => ({ epic, changes: standing })),
    takenBack: own.flatMap(({ number, title, isIn, revertedBy }) =>
      !isIn && revertedBy?.isIn === true ? [{ number, title, by: revertedBy.number }] : [],
    ),
    leftOut: own.filter(({ isIn, revertedBy }) => isIn && revertedBy !== null).length,
  };
}

export interface RenderOptions {
  /** What makes a person's title harmless where the notes are shown. */
  lineOf: (text: string) => string;
  /** Whole lines are left out, and counted, beyond that. */
  maxCharacters?: number;
}

/** Markdown without headings and links, so that it reads the same in a chat. */
export function renderReleaseNotes(notes: ReleaseNotes, { lineOf, maxCharacters = Infinity }: RenderOptions): string {
  const { groups, takenBack, leftOut } = notes;
  const project = lineOf(notes.project);
  const span = notes.since === null ? '' : ` ${notes.since}`;
  const reverted = leftOut === 0 ? [] : [`${changesIn(leftOut)} merged, then reverted, and left out here.`];
  if (groups.length === 0 && takenBack.length === 0)
    return [`Nothing was merged in ${project}${span}${leftOut === 0 ? '' : ' that still stands'}.`, ...reverted].join(
      ' ',
    );
  const lines = [
    `**${project}${span === '' ? '' : `,${span}`}**`,
    ...groups.flatMap(({ epic, changes }) => [
      '',
      `**${lineOf(epic)}**`,
      ...changes.map((change) => `- ${lineOf(change.title)} (${detailsOf(change)})`),
    ]),
    ...(takenBack.length === 0 ? [] : ['', '**Taken back**']),
    ...takenBack.map(({ number, title, by }) => `- ${lineOf(title)} (task ${number}, by task ${by})`),
    ...reverted.flatMap((line) => ['', line]),
  ];
  return within(lines, maxCharacters);
}

function changesIn(count: number): string {
  return count === 1 ? '1 change was' : `${count} changes were`;
}

function detailsOf({ number, pullRequest, approvedBy, mergedBy }: ReleasedChange): string {
  return [
    `task ${number}`,
    ...(pullRequest === null ? [] : [pullRequestWords(pullRequest)]),
    ...(approvedBy === null ? [] : [`approved by ${approvedBy}`]),
    ...(mergedBy === null ? [] : [`merged by hand by ${mergedBy}`]),
  ].join(', ');
}

/** A pull request of this machine has no address that others could open. */
function pullRequestWords({ number, url }: NonNullable<ReleasedChange['pullRequest']>): string {
  return /^https?:\/\//.test(url) ? `pull request ${number}: ${url}` : `pull request ${number}`;
}

function within(lines: readonly string[], maxCharacters: number): string {
  const text = lines.join('\n');
  if (text.length <= maxCharacters) return text;
  const kept: string[] = [];
  let room = maxCharacters - REST_CHARACTERS;
  for (const line of lines) {
    room -= line.length + 1;
    if (room < 0) break;
    kept.push(line);
  }
  const left = lines.slice(kept.length).filter((line) => line.startsWith('- ')).length;
  return [...kept, '', `And ${left} more: \`workbench release-notes\` prints them all.`].join('\n');
}

/** Kept free for the line that counts the rest. */
const REST_CHARACTERS = 80;
