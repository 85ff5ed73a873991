/** What stands before Ollan when a build begins. */
export interface Situation {
  /** The task takes a merged change back. */
  isRevert: boolean;
  handedBack: boolean;
  attempt: number;
  /** The conversation, or somebody since, gave code for this task. */
  hasCode: boolean;
  hasModel: boolean;
  last: {
    /** It was built from the same change set as would be brought in now. */
    sameCode: boolean;
    byPerson: boolean;
    /** Its checks failed, or it was sent back. */
    needsMending: boolean;
    /** The branch holds something newer than it. */
    moved: boolean;
  } | null;
}

/**
 * `revert`: git undoes the merged change. `take-up`: a person's commits are the build. `apply`: bring the change set in as it is. `write`: a model writes or
 * mends. `keep`: the last build stands, nothing speaks against it. `same-again`: it would come out as before. `no-code`:
 * there is nothing to build from. `moved`: somebody pushed meanwhile, and nothing may be built past them.
 */
export type Work = 'revert' | 'take-up' | 'apply' | 'write' | 'keep' | 'same-again' | 'moved' | 'no-code';

export function chooseWork({ isRevert, handedBack, attempt, hasCode, hasModel, last }: Situation): Work {
  if (handedBack) return 'take-up';
  if (isRevert && last === null) return 'revert';
  if (hasCode && (last === null || !last.sameCode)) return 'apply';
  if (last === null) return hasModel ? 'write' : 'no-code';
  if (hasModel) return last.moved ? 'moved' : last.needsMending || attempt > 1 ? 'write' : 'keep';
  if (attempt > 1) return last.moved ? 'moved' : 'same-again';
  if (last.byPerson || !last.needsMending) return 'keep';
  return hasCode ? 'apply' : 'no-code';
}
