import { wasHalted } from '#src/code-factory/halt.ts';
import { FactoryError } from '#src/errors.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { IssueChanges, Issues } from '#src/ports/issues.ts';
import { keepGoing } from '#src/ports/keep-going.ts';
import type { Rounds } from '#src/ports/keep-going.ts';
import type { Log } from '#src/ports/log.ts';
import type { TableReader } from '#src/ports/unit-of-work.ts';
import { boundRepositories } from '../intake/bound-repositories.ts';
import { pathOf } from '../github-tools.ts';
import type { IssueRef } from '../github-tools.ts';
import type { Told } from '../receiving/told.ts';

/** At the first look, comments that were written or edited so long ago are not looked through. */
const COMMENTS_BACK_MS = 24 * 60 * 60_000;
/** Clocks differ. What is seen twice has no effect. */
const SKEW_MS = 2 * 60_000;

/** From where a list is read on; `etag` is of the page that begins there. */
interface Cursor {
  /** null: from the beginning. */
  since: string | null;
  etag: string | null;
}

export interface PollingTools {
  issues: Pick<Issues, 'changed' | 'commented'>;
  tables: Pick<TableReader, 'find'>;
  /** Whether an issue is a conversation already. */
  isKnown: (ref: IssueRef) => Promise<boolean>;
  accept: (told: Told) => Promise<void>;
  /** Told of each repository whose issues could be looked at. */
  lookAtBase: (repository: string) => Promise<void>;
  label: string;
  everyMs: number;
  /** Told, in a sentence, why a repository cannot be looked at; once each time that the reason changes. */
  onTrouble: (sentence: string) => void;
  clock: Clock;
  log: Log;
}

/**
 * GitHub does not send a webhook again that was lost. At the start and every so often the bound repositories are asked
 * what changed, and each change is accepted like a delivery, under a name of its own, so that it counts once. An answer
 * of "nothing new" costs no call; when GitHub asks to be left alone, it is.
 */
export function startPolling(tools: PollingTools): Rounds {
  const { issues, label, clock, log } = tools;
  const now = () => clock.now().getTime();
  const issueCursors = new Map<string, Cursor>();
  const commentCursors = new Map<string, Cursor>();
  const troubles = new Map<string, string>();

  /** Answers false when GitHub wants to be left alone. */
  const read = async (
    cursors: Map<string, Cursor>,
    repository: string,
    first: string | null,
    look: (cursor: Cursor, page: number) => Promise<IssueChanges>,
    take: (change: { number: number; updatedAt: string }) => Promise<void>,
  ): Promise<boolean> => {
    const begin = new Date(now() - SKEW_MS).toISOString();
    let cursor = cursors.get(repository) ?? { since: first, etag: null };
    for (let page = 1; ; ) {
      const seen = await look(page === 1 ? cursor : { ...cursor, etag: null }, page);
      if (seen.kind === 'unchanged') return true;
      if (seen.kind === 'busy') {
        log.warn({ surface: 'github', waitMs: seen.waitMs }, 'GitHub asks to be left alone for a while');
        return false;
      }
      for (const change of seen.changes) await take(change);
      const last = seen.changes.at(-1)?.updatedAt ?? cursor.since;
      if (last === cursor.since) page += 1;
      else page = 1;
      cursor = { since: last, etag: last === cursor.since && page <= 2 ? seen.etag : null };
      // Kept after each page: what was accepted is durable.
      cursors.set(repository, { ...cursor, since: cursor.since ?? begin });
      if (!seen.isCut) return true;
    }
  };

  const lookAt = async (repository: string): Promise<boolean> => {
    const path = pathOf(repository);
    const tell = (number: number, updatedAt: string, what: string): Promise<void> =>
      tools.accept({
        key: `github:poll:${repository}#${number}${what}@${updatedAt}`,
        repository,
        number,
        labels: null,
      });
    return (
      (await read(
        issueCursors,
        repository,
        null,
        ({ since, etag }, page) => issues.changed(path, { label, since, etag, page }),
        ({ number, updatedAt }) => tell(number, updatedAt, ''),
      )) &&
      // An edited comment may leave its issue as old as it was.
      (await read(
        commentCursors,
        repository,
        new Date(now() - COMMENTS_BACK_MS).toISOString(),
        ({ since, etag }, page) => issues.commented(path, { since: since ?? '', etag, page }),
        async ({ number, updatedAt }) => {
          if (await tools.isKnown({ repository, number })) await tell(number, updatedAt, '/comments');
        },
      ))
    );
  };

  /** Its issues are taken in whatever becomes of this. */
  const lookAtBase = async (repository: string): Promise<void> => {
    try {
      await tools.lookAtBase(repository);
    } catch (error) {
      if (wasHalted(error)) throw error;
      const about = { surface: 'github', repository, error: String(error) };
      log.warn(about, 'the checks of a base branch could not be read; tried again');
    }
  };

  return keepGoing({
    everyMs: tools.everyMs,
    async round() {
      for (const { repository } of await boundRepositories(tools.tables)) {
        try {
          if (!(await lookAt(repository))) return;
          await lookAtBase(repository);
          troubles.delete(repository);
        } catch (error) {
          if (wasHalted(error)) return;
          const why = error instanceof FactoryError ? `${error.message} ${error.fix}` : String(error);
          log.warn({ surface: 'github', repository, error: why }, 'issues could not be looked at; tried again');
          if (troubles.get(repository) !== why) tools.onTrouble(`The issues of ${repository} cannot be read. ${why}`);
          troubles.set(repository, why);
        }
      }
    },
    onError: (error) =>
      log.error({ surface: 'github', error: String(error) }, 'issues could not be looked at; tried again'),
  });
}
