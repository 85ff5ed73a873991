import type { EventDraft } from '#src/ledger/event.ts';
import { factBy } from '#src/ledger/fact-by.ts';
import type { Message } from '#src/ports/chat.ts';
import { retryMoved } from '#src/ports/retry-moved.ts';
import type { DeskTools } from './desk-tools.ts';

type Tools = Pick<DeskTools, 'unitOfWork' | 'clock' | 'modelFor'>;

/** Where people spoke: the project, and the conversation unless it was in the project's channel. */
export interface Place {
  projectId: string;
  conversationId: string | null;
}

/** Lets a model read what is said in a project or a conversation, or not. Answers in a sentence what that means. */
export async function switchModel(
  { unitOfWork, clock, modelFor }: Tools,
  message: Message,
  { projectId, conversationId }: Place,
  allowed: boolean,
): Promise<string> {
  const scope = conversationId === null ? 'project' : 'conversation';
  const key = conversationId ?? projectId;
  const id = `${scope}:${key}`;
  const stream = `model:${id}`;
  await retryMoved(() =>
    unitOfWork.transact(async (transaction) => {
      const { length } = await transaction.events(stream);
      const now = (await transaction.tables.get('model_switches', id))?.allowed ?? true;
      if (now === allowed) return;
      const switched: EventDraft<'model.switched'> = {
        type: 'model.switched',
        body: { scope, key, allowed },
        ...factBy(message.actor, clock.now().toISOString()),
        idempotencyKey: `said:${message.originId}`,
      };
      transaction.append(stream, length, [switched]);
    }),
  );
  const here = conversationId === null ? 'in this project' : 'in this conversation';
  if (!allowed) {
    return `From now on nothing said ${here} is sent to a model. What was sent before is in the ledger.`;
  }
  if (conversationId !== null && (await isOff({ unitOfWork }, `project:${projectId}`))) {
    return 'The model is off for the whole project. Say `model on` in the project to use it here.';
  }
  if (conversationId !== null && !(await modelFor(projectId, conversationId))) return NONE;
  return `From now on a model may read what is said ${here}. Secrets are taken out before anything is sent.`;
}

const NONE = 'No model is set up, so nothing is sent anywhere. Set `OPENAI_MODEL` to use one.';

/** Whether a model may read along here, and who said so. */
export async function modelAnswer(
  { unitOfWork, modelFor }: Tools,
  { projectId, conversationId }: Place,
): Promise<string> {
  if (conversationId !== null && (await modelFor(projectId, conversationId))) {
    return 'The model is on here. Say `model off` to keep what is said here from it.';
  }
  for (const [id, where] of [
    [`project:${projectId}`, 'for the whole project'],
    ...(conversationId === null ? [] : ([[`conversation:${conversationId}`, 'for this conversation']] as const)),
  ] as const) {
    const row = await unitOfWork.tables.get('model_switches', id);
    if (row?.allowed === false) {
      return `The model is off ${where}: ${row.actor} said so on ${row.at.slice(0, 10)}. Say \`model on\` there to change it.`;
    }
  }
  return conversationId === null
    ? 'Nobody switched the model off in this project. Where one is set up, it reads what is said here.'
    : NONE;
}

/** Whether people switched the model off for a whole project. */
export async function isModelOff(tools: Pick<DeskTools, 'unitOfWork'>, projectId: string): Promise<boolean> {
  return isOff(tools, `project:${projectId}`);
}

async function isOff({ unitOfWork }: Pick<Tools, 'unitOfWork'>, id: string): Promise<boolean> {
  return (await unitOfWork.tables.get('model_switches', id))?.allowed === false;
}
