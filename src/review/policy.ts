import { kindOfPath } from './path-kinds.ts';
import type { PathKind } from './path-kinds.ts';
import type { RiskLevel } from './risk.ts';

/**
 * How much a project lets the factory do by itself, each rung earned by the one below. 1: reading and drafts. 2: the
 * words of pull requests and releases. 3: work on words that anybody can take back. 4: code of low risk, with tests.
 * 5: also new versions of dependencies.
 */
export type Rung = 1 | 2 | 3 | 4 | 5;

/** The rung of a project, by the `rung` of its `factory.yaml` on the base branch; null: it says nothing, and has the lowest. */
export function rungOf(said: Rung | null): Rung {
  return said ?? 1;
}

export type PolicyAnswer = 'automatic' | 'needs-approval' | 'forbidden';

export interface PolicyQuestion {
  /**
   * `draft`: read, sort and propose. `describe`: words on the forge, such as a release's. `begin`: work that no person
   * committed. `merge`: into the base branch. Others are known to nobody, and need a person.
   */
  action: string;
  /** null: it could not be read. */
  rung: number | null;
  /** What it touches or would touch; null: not known. */
  paths: readonly string[] | null;
  /** null: not judged. */
  risk: RiskLevel | null;
  /** Whether the factory wrote what is protected. What a person pushed is that person's. */
  touchesProtected: boolean;
}

/** What may begin by itself from which rung on. Kinds that are missing never may. */
const MAY_BEGIN: Readonly<Partial<Record<PathKind, Rung>>> = { words: 3, test: 4, code: 4, dependencies: 5 };

/**
 * Whether an effect may happen by itself. Fails closed: what is not known needs a person. A merge always does, on every
 * rung; what is protected is refused whoever asks.
 */
export function decidePolicy({ action, rung, paths, risk, touchesProtected }: PolicyQuestion): {
  answer: PolicyAnswer;
  reason: string;
} {
  if (touchesProtected) return { answer: 'forbidden', reason: 'It touches what is protected.' };
  if (!isRung(rung)) return needsApproval('The rung of this project is not known.');
  if (action === 'draft') return automatic(rung);
  if (action === 'describe') return rung >= 2 ? automatic(rung) : needsApproval(`Rung ${rung} allows drafts only.`);
  if (action === 'merge') return needsApproval('A person approves every merge.');
  if (action !== 'begin') return needsApproval('No rule is known for this.');
  if (paths === null || paths.length === 0) return needsApproval('What it would touch is not known.');
  if (risk !== 'low') return needsApproval(risk === null ? 'Its risk is not judged.' : `Its risk is ${risk}.`);
  const early = paths.find((path) => rung < (MAY_BEGIN[kindOfPath(path)] ?? Number.POSITIVE_INFINITY));
  return early === undefined ? automatic(rung) : needsApproval(`Rung ${rung} does not allow a change of ${early}.`);
}

function isRung(value: number | null): value is Rung {
  return value !== null && Number.isInteger(value) && value >= 1 && value <= 5;
}

function automatic(rung: Rung): { answer: PolicyAnswer; reason: string } {
  return { answer: 'automatic', reason: `Rung ${rung} allows it.` };
}

function needsApproval(reason: string): { answer: PolicyAnswer; reason: string } {
  return { answer: 'needs-approval', reason };
}
