import type { DeskAnswer, PostDraft } from '#src/ports/chat.ts';
import type { People } from '#src/ports/surface.ts';

/** People of surfaces and their groups, as the ledger has them. */
const ACTORS = /\b(?:(?:slack:[UWS][A-Z0-9]{2,}|discord:\d{5,})\b|github:[A-Za-z0-9][A-Za-z0-9-]*(?![\w/-]))/g;

/** The same posts with names where ids of people stood. Whom to mention, and what buttons do, stays by id. */
export async function namePeople(drafts: readonly PostDraft[], people: People): Promise<PostDraft[]> {
  const found = new Set(drafts.flatMap(({ author, card }) => JSON.stringify([author, card]).match(ACTORS) ?? []));
  if (found.size === 0) return [...drafts];
  const names = await people.names([...found]);
  return drafts.map((draft) => ({
    ...draft,
    author: named(draft.author, names),
    card: named(draft.card, names),
  }));
}

export async function nameInAnswer(answer: DeskAnswer, people: People): Promise<DeskAnswer> {
  if (!answer.ok || answer.later === undefined) return nameIn(answer, people);
  const { later, ...now } = answer;
  return { ...(await nameIn(now, people)), later: later.then((text) => nameIn(text, people)) };
}

/** Something that is shown, with names in every text inside. */
export async function nameIn<T>(shown: T, people: People): Promise<T> {
  const found = JSON.stringify(shown).match(ACTORS) ?? [];
  return found.length === 0 ? shown : named(shown, await people.names([...new Set(found)]));
}

/** Every text inside, but for commands. */
function named<T>(value: T, names: ReadonlyMap<string, string>): T {
  return JSON.parse(JSON.stringify(value), function (this: unknown, key: string, inner: unknown) {
    return typeof inner === 'string' && key !== 'actor'
      ? inner.replaceAll(ACTORS, (actor) => names.get(actor) ?? actor)
      : inner;
  }) as T;
}
