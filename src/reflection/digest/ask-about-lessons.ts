import { FactoryError } from '#src/errors.ts';
import type { LessonRow, RetrospectiveRow } from '#src/ledger/reflection-rows.ts';
import type { Clock } from '#src/ports/clock.ts';
import type { Ids } from '#src/ports/ids.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { isOpen } from '../lessons/decide-lesson.ts';
import { comparedWith } from '../lessons/decide-offer.ts';
import { retirementsOf } from '../lessons/effect.ts';
import { lessonsFrom } from '../lessons/from-evidence.ts';
import { offerLesson, proposeRetirement } from '../lessons/keep-lessons.ts';
import type { LessonProposal } from '../lessons/lesson.ts';
import { isSameLesson } from '../lessons/resemblance.ts';
import type { LookBack } from './look-back.ts';

interface Tools {
  unitOfWork: UnitOfWork;
  clock: Clock;
  ids: Ids;
}

const MOLTBOT = 'persona:moltbot';
/** More than two new ones a week are not read, and then not decided on. */
const MAX_NEW = 2;

/**
 * Offers what the week taught, at most two new lessons, and asks about one lesson that does nothing. Answers all that the
 * retrospective is to ask about. What an earlier try offered before it died counts among the two: it is known by that no
 * retrospective has asked about it.
 */
export async function askAboutLessons(
  tools: Tools,
  { analysis, lessons, effects }: LookBack,
  held: readonly Pick<RetrospectiveRow, 'lessonIds'>[],
): Promise<LessonRow[]> {
  const { projectId } = analysis;
  const { tables } = tools.unitOfWork;
  const wasAsked = new Set(held.flatMap(({ lessonIds }) => lessonIds));
  const isUnasked = (lesson: LessonRow): boolean =>
    lesson.origin === 'evidence' &&
    lesson.proposedBy === MOLTBOT &&
    lesson.status !== 'refused' &&
    !wasAsked.has(lesson.id);

  let room = MAX_NEW - lessons.filter(isUnasked).length;
  for (const proposal of lessonsFrom(analysis, lessons)) {
    if (room <= 0 && !isKnown(proposal, lessons)) continue;
    if ((await offer(tools, proposal)) === 'proposed') room -= 1;
  }
  // One question at a time: a second one waits until the first has its answer.
  if (!lessons.some(({ retirementProposed }) => retirementProposed)) {
    const [worst] = retirementsOf(effects, lessons, tools.clock.now());
    if (worst !== undefined) await proposeRetirement(tools, worst);
  }
  const now = await tables.find('lessons', { projectId }, { orderBy: 'number' });
  return now.filter((lesson) => isUnasked(lesson) || lesson.retirementProposed);
}

/** The same is waiting or in force: to offer it only adds to what shows it. */
function isKnown(proposal: LessonProposal, lessons: readonly LessonRow[]): boolean {
  const compared = comparedWith(proposal, proposal.text);
  return lessons.some((lesson) => isOpen(lesson) && isSameLesson(compared, lesson));
}

/** What is no lesson after all keeps nobody from looking back. */
async function offer(tools: Tools, proposal: LessonProposal): Promise<string> {
  try {
    return (await offerLesson(tools, proposal, MOLTBOT)).outcome;
  } catch (error) {
    if (error instanceof FactoryError && !error.retryable) return error.code;
    throw error;
  }
}
