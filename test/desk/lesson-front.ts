import type { LessonRow } from '#src/ledger/reflection-rows.ts';
import type { CardAction, DeskAnswer, Post, ThreadRef } from '#src/ports/chat.ts';
import { type Front, openFront } from './front.ts';

/** The front desk, with a project and its lessons. */
export interface LessonFront extends Front {
  projectId: string;
  channel: ThreadRef;
  /** Another project, so that none has lessons yet; grace and linus are approvers. */
  begin(): Promise<void>;
  lessons(): Promise<LessonRow[]>;
  /** The project's only lesson. */
  onlyLesson(): Promise<LessonRow>;
  /** Its card, as chat shows it now. */
  cardNow(): Promise<Post>;
  /** Presses the button that is called so, wherever it is on the card. */
  pressLabel(actor: string, post: Post, label: string, input?: string): Promise<DeskAnswer>;
}

export async function openLessonFront(): Promise<LessonFront> {
  const front = await openFront();
  const lessons = () =>
    front.store.unitOfWork.tables.find('lessons', { projectId: own.projectId }, { orderBy: 'number' });
  const own: LessonFront = Object.assign(front, {
    projectId: '',
    channel: { kind: 'project' as const, id: '' },
    async begin() {
      own.approvers = ['grace', 'linus'];
      own.projectId = await front.project();
      own.channel = { kind: 'project', id: own.projectId };
    },
    lessons,
    async onlyLesson() {
      const [lesson, ...more] = await lessons();
      if (lesson === undefined || more.length > 0) throw new Error('there is not exactly one lesson');
      return lesson;
    },
    async cardNow() {
      await front.mirror();
      return front.post(`lesson:${(await own.onlyLesson()).id}`);
    },
    pressLabel: (actor: string, post: Post, label: string, input?: string) =>
      front.press(actor, post, actionCalled(post, label), input),
  });
  return own;
}

function actionCalled(post: Post, label: string): string {
  const found = actionsIn(post.card).find((action) => action.label === label);
  if (found === undefined) throw new Error(`there is no ${label} on the card`);
  return found.name;
}

function actionsIn(value: unknown): CardAction[] {
  if (typeof value !== 'object' || value === null) return [];
  return 'command' in value ? [value as CardAction] : Object.values(value).flatMap(actionsIn);
}

export function labelsOf(actions: readonly CardAction[]): string[] {
  return actions.map(({ label }) => label);
}
