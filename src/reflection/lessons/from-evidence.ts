import { FactoryError } from '#src/errors.ts';
import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { Analysis } from '../analyse.ts';
import type { Reach } from '../failures.ts';
import { isOpen } from './decide-lesson.ts';
import { comparedWith, hasDoubled, MIN_CONVERSATIONS, MIN_TASKS } from './decide-offer.ts';
import { patternText, placedText, reasonText, recurringText } from './evidence-texts.ts';
import { judgeLesson } from './judge-lesson.ts';
import { judgeScope } from './judge-scope.ts';
import type { LessonKind, LessonProposal, LessonScope } from './lesson.ts';
import { isSameLesson } from './resemblance.ts';

/** Something that an analysis shows, before it is a proposal. */
interface Finding {
  kind: LessonKind;
  folder: string | null;
  fingerprint: string | null;
  text: string;
  /** Words of others that the text has in it: they are judged alone as well. */
  names: readonly (string | null)[];
  reach: Reach;
}

/**
 * What an analysis teaches, best first: what would be a new lesson, then what only adds to lessons that are there. What
 * people declined or retired comes again only once twice as much shows it. Words that read like orders, such as the name
 * of a test that says to ignore rules, are in none.
 */
export function lessonsFrom(analysis: Analysis, rows: readonly LessonRow[]): LessonProposal[] {
  const fresh: LessonProposal[] = [];
  const known: LessonProposal[] = [];
  for (const finding of findingsOf(analysis)) {
    const proposal = proposalOf(analysis.projectId, finding);
    if (proposal === null) continue;
    const same = rows.filter((row) => isOfSame(proposal, row));
    const open = same.find(isOpen);
    if (open !== undefined) {
      // A person may have given it another scope; it is the same lesson all the same.
      const scope: LessonScope = { kind: open.scopeKind, key: open.scopeKey };
      if (proposal.evidence.some((seq) => !open.evidence.includes(seq))) known.push({ ...proposal, scope });
    } else if (same.filter(({ status }) => status !== 'refused').every((row) => hasDoubled(row, proposal))) {
      fresh.push(proposal);
    }
  }
  return [...fresh, ...known];
}

/** A failure that can be counted is the best teacher; then a place, then what people said, then a kind of failure. */
function findingsOf({ recurring, mends, patterns, sentBack, reasons }: Analysis): Finding[] {
  const found = recurring.map((failure): Finding => {
    const { repoId, fingerprint, folder, test, check } = failure;
    const mend = mends.find((each) => each.repoId === repoId && each.fingerprint === fingerprint) ?? null;
    return {
      kind: mend?.path == null ? 'check' : 'known-fix',
      ...{ folder, fingerprint, text: recurringText(failure, mend), reach: failure },
      names: [test, check, mend?.path ?? null],
    };
  });
  const rule = (text: string, folder: string | null, reach: Reach): Finding => ({
    ...{ kind: 'rule', text, folder, reach },
    ...{ fingerprint: null, names: [folder] },
  });
  const more = [
    ...patterns.map((pattern) => rule(patternText(pattern), pattern.place, pattern)),
    ...sentBack.map((cause) => rule(placedText(cause), cause.place, cause)),
    ...reasons.flatMap((reason) => {
      const text = reasonText(reason);
      return text === null ? [] : [rule(text, null, reason)];
    }),
  ];
  for (const finding of more) {
    // What another finding shows already is not said twice.
    const seqs = new Set(finding.reach.seqs);
    const isSaid = found.some(({ reach }) => [...seqs].every((seq) => reach.seqs.includes(seq)));
    if (!isSaid) found.push(finding);
  }
  return found;
}

/** null: too little shows it, or its words are not fit to be read by whoever works. */
function proposalOf(
  projectId: string,
  { kind, folder, fingerprint, text, names, reach }: Finding,
): LessonProposal | null {
  const { repoId, conversations, taskNumbers, seqs } = reach;
  if (taskNumbers.length < MIN_TASKS || conversations < MIN_CONVERSATIONS) return null;
  const scope: LessonScope = folder === null ? { kind: 'project', key: null } : { kind: 'path', key: folder };
  if (!isFit(text, scope) || !names.every((name) => name === null || isFit(name, scope))) return null;
  return {
    ...{ projectId, origin: 'evidence', kind, scope, text },
    about: fingerprint === null ? null : { repoId, fingerprint },
    evidence: [...new Set(seqs)].toSorted((a, b) => a - b),
  };
}

function isFit(text: string, scope: LessonScope): boolean {
  try {
    judgeScope(scope);
    return judgeLesson(text).suspicions.length === 0;
  } catch (error) {
    if (error instanceof FactoryError) return false;
    throw error;
  }
}

/** A failure that is known by its fingerprint is the same wherever it was said to be. */
function isOfSame(proposal: LessonProposal, row: LessonRow): boolean {
  const { about, text } = proposal;
  const isAbout = about !== null && row.repoId === about.repoId && row.fingerprint === about.fingerprint;
  return isAbout || isSameLesson(comparedWith(proposal, text), row);
}
