import type { PullRequestRow } from '#src/ledger/rows.ts';
import type { Card, CardAction, CardListItem, DeskCommand, WhyRef } from '#src/ports/chat.ts';

/** A card with nothing on it but its sentence; the others add to it. */
export function card(kind: Card['kind'], lead: string, parts: Partial<Omit<Card, 'kind' | 'lead'>> = {}): Card {
  return { kind, lead, tone: 'plain', blocks: [], actions: [], outcome: null, ...parts };
}

export function item(text: string, parts: Partial<Omit<CardListItem, 'text'>> = {}): CardListItem {
  return { mark: 'none', text, detail: null, why: null, thread: null, actions: [], ...parts };
}

export function action(
  name: string,
  label: string,
  command: DeskCommand,
  parts: Partial<Pick<CardAction, 'style' | 'confirm' | 'input'>> = {},
): CardAction {
  return { name, label, style: 'plain', confirm: null, input: null, command, ...parts };
}

export function why(conversationId: string, positions: readonly number[]): WhyRef | null {
  return positions.length === 0 ? null : { conversationId, positions: [...positions] };
}

export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}

export function shortSha(sha: string): string {
  return sha.slice(0, 7);
}

/** "4 s", "3 min", "2 h". */
export function duration(ms: number): string {
  if (ms < 1000) return 'under a second';
  if (ms < 60_000) return `${Math.round(ms / 1000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return `${Math.round(ms / 3_600_000)} h`;
}

/** Where the forge shows it; a local one has no page to lead to. */
export function pullRequestFact(
  pullRequest: Pick<PullRequestRow, 'number' | 'state' | 'url'> | null,
): { label: string; value: string; url: string }[] {
  if (pullRequest === null || !/^https?:\/\//.test(pullRequest.url)) return [];
  const { number, state, url } = pullRequest;
  return [{ label: 'Pull request', value: `#${number}${state === 'closed' ? ', closed' : ''}`, url }];
}
