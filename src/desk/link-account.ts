import { FactoryError } from '#src/errors.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import { linkedAccountId } from '#src/ledger/rows.ts';
import type { LinkedAccountRow } from '#src/ledger/rows.ts';
import type { DeskAnswer } from '#src/ports/chat.ts';
import type { LinkAnswer, OwnAccount } from '#src/ports/linked-accounts.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { DeskTools } from './desk-tools.ts';
import type { LinkWord } from './link-words.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'clock' | 'accounts' | 'log'>;

const STREAM = 'accounts:github';
const MINUTE_MS = 60_000;

/**
 * Links the account on GitHub of whoever asks, or ends that. The answer holds a code and is for them alone; whether it
 * worked is said later.
 */
export async function linkAccount(
  tools: Tools,
  { actor, word }: { actor: string; word: LinkWord },
): Promise<DeskAnswer> {
  try {
    return await (word === 'link' ? link(tools, actor) : unlink(tools, actor));
  } catch (error) {
    if (error instanceof FactoryError) return { ok: false, text: `${error.message} ${error.fix}` };
    throw error;
  }
}

async function link(tools: Tools, actor: string): Promise<DeskAnswer> {
  const row = await rowOf(tools, actor);
  if (row !== null && (await tools.accounts.isUsable(row))) {
    return { ok: true, text: `Your account on GitHub is **${row.login}** already. Say \`unlink github\` to end that.` };
  }
  const { userCode, address, expiresAt, answer } = await tools.accounts.begin(actor);
  const minutes = Math.round((expiresAt.getTime() - tools.clock.now().getTime()) / MINUTE_MS);
  return {
    ok: true,
    text: `Open ${address} and enter the code **${userCode}** within ${minutes} minutes. I tell you when it worked. Only ever enter a code that you asked for yourself.`,
    later: answer.then((came) => settle(tools, actor, came)).catch((error: unknown) => inWords(tools, error)),
  };
}

/** What the person is told in the end; null: nothing. */
async function settle(tools: Tools, actor: string, answer: LinkAnswer): Promise<string | null> {
  switch (answer.outcome) {
    case 'ended':
      return null;
    case 'denied':
      return 'You declined on GitHub, so nothing is linked.';
    case 'expired':
      return 'The code ran out before it was entered. Say `link github` for a new one.';
    case 'failed':
      return `Your account could not be linked. ${answer.reason} ${answer.fix}`;
    case 'proven': {
      const { login } = answer.account;
      if (!(await recordLink(tools, actor, answer.account)))
        return `**${login}** on GitHub is linked to somebody else here, who says \`unlink github\` first.`;
      await answer.keep();
      return `Your account on GitHub is **${login}** from now on: what you approve here is your review there too. Is that not you? Say \`unlink github\`.`;
    }
  }
}

function inWords({ log }: Tools, error: unknown): string {
  if (error instanceof FactoryError) return `Your account could not be linked. ${error.message} ${error.fix}`;
  log.error({ error: String(error) }, 'an account could not be linked');
  return 'Your account could not be linked, for a reason that nobody foresaw. Say `link github` once more.';
}

/** false: it is somebody else's. */
async function recordLink(tools: Tools, actor: string, account: OwnAccount): Promise<boolean> {
  const { accountId, login } = account;
  let isTaken = false;
  await append(tools, actor, (now) => {
    isTaken = now.some((row) => row.accountId === accountId && row.person !== actor);
    const isKnown = now.some((row) => row.accountId === accountId && row.person === actor && row.login === login);
    return isTaken || isKnown
      ? null
      : { type: 'account.linked', body: { forge: 'github', person: actor, login, accountId } };
  });
  return !isTaken;
}

async function unlink(tools: Tools, actor: string): Promise<DeskAnswer> {
  // First: whatever comes between, nothing can act as them any more.
  await tools.accounts.forget(actor);
  const row = await rowOf(tools, actor);
  if (row === null) return { ok: true, text: 'No account on GitHub is linked to you.' };
  const { login, accountId } = row;
  await append(tools, actor, (now) =>
    now.some(({ person }) => person === actor)
      ? { type: 'account.unlinked', body: { forge: 'github', person: actor, login, accountId } }
      : null,
  );
  return {
    ok: true,
    text: `**${login}** on GitHub is not linked to you any more, and what let me act as it is deleted. GitHub itself forgets it under Settings, Applications.`,
  };
}

function rowOf({ unitOfWork }: Tools, person: string): Promise<LinkedAccountRow | null> {
  return unitOfWork.tables.get('linked_accounts', linkedAccountId({ forge: 'github', person }));
}

type Fact = Pick<EventDraft<'account.linked'>, 'type' | 'body'> | Pick<EventDraft<'account.unlinked'>, 'type' | 'body'>;

/** Of two people who link at once, the second sees what the first did. */
async function append(
  { unitOfWork, clock }: Tools,
  actor: string,
  decide: (now: readonly LinkedAccountRow[]) => Fact | null,
): Promise<void> {
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const { length } = await transaction.events(STREAM);
      const fact = decide(await transaction.tables.find('linked_accounts', { forge: 'github' }));
      if (fact !== null) transaction.append(STREAM, length, [{ ...factBy(actor, clock.now().toISOString()), ...fact }]);
    }),
  );
}
