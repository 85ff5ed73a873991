import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import type { FileSource } from '#src/intake/file-source.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import type { Desk } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import { answerPress } from './press.ts';
import { bindRepository, createProject, openProject } from './projects.ts';
import { answerMessage, startIdea } from './say.ts';
import { importFile } from './take-in.ts';
import { viewDiff, viewLedger, viewOverview, viewProject, viewRun, viewThread, viewWhy } from './views.ts';

const SAMPLE_PROJECT = 'Sample';

/** The front desk over the stages. */
export function createDesk(tools: DeskTools): Desk {
  const { unitOfWork, clock } = tools;
  const projectTools = { ...tools, forgeKind: 'local' };

  const take = async (project: string | (() => Promise<string>), file: FileSource, actor: string) =>
    importFile(tools, { project, file, fileHash: await hashFile(file), actor });

  return {
    overview: () => viewOverview(tools),
    project: (projectId) => viewProject(tools, projectId),
    thread: (thread) => viewThread(tools, thread),
    why: (conversationId, positions) => viewWhy(tools, conversationId, positions),
    diff: (taskId) => viewDiff(tools, taskId),
    run: (taskId) => viewRun(tools, taskId),
    ledger: (limit) => viewLedger(tools, limit),
    createProject: (actor, name) => createProject(tools, actor, name),
    bindRepository: (actor, projectId, path, base) => bindRepository(projectTools, { actor, projectId, path, base }),
    openProject: async (actor, repository) => ({ projectId: await openProject(projectTools, actor, repository) }),
    importFile: (actor, project, file) => take(project, file, actor),
    startIdea: (actor, projectId, text, originId) =>
      startIdea(tools, { actor, projectId, text, originId, at: clock.now().toISOString() }),
    say: (message) => receive(tools, message),
    press: (press) => answerPress(tools, press),
    async trySample(actor) {
      const { projectId } = await createProject(tools, actor, SAMPLE_PROJECT);
      const path = await tools.sample.makeRepository();
      await bindRepository(projectTools, { actor, projectId, path, base: null });
      const taken = await take(projectId, tools.sample.conversation(), actor);
      const [conversation] = taken.conversations;
      if (conversation !== undefined) return { projectId, conversationId: conversation.id };
      throw new FactoryError('sample-unreadable', 'The bundled conversation could not be read.', {
        fix: 'Install the workbench again; its sample is damaged.',
      });
    },
    doctor: () => tools.doctor(),
    onPosts: (listener) => tools.onPosts(listener),
  };

  async function receive(desk: DeskTools, message: Message): Promise<DeskAnswer> {
    const key = `room:${message.originId}`;
    const accepted = await unitOfWork.inbox.accept({
      key,
      surface: 'room',
      payload: JSON.stringify(message),
      receivedAt: message.at,
    });
    if (accepted === 'duplicate') return { ok: true, text: null };
    const answer = await answerMessage(desk, message);
    await unitOfWork.inbox.done(key);
    return answer;
  }
}

/** What was accepted before the process died is answered now; taking it in twice changes nothing. */
export async function finishInbox(tools: DeskTools): Promise<number> {
  let finished = 0;
  for (const delivery of await tools.unitOfWork.inbox.pending(1000)) {
    try {
      await answerMessage(tools, JSON.parse(delivery.payload) as Message);
      await tools.unitOfWork.inbox.done(delivery.key);
      finished += 1;
    } catch (error) {
      // One message must not keep the workbench from starting; it stays, and is tried again at the next start.
      tools.log.error({ key: delivery.key, error: String(error) }, 'an earlier message could not be answered');
    }
  }
  return finished;
}

async function hashFile(file: FileSource): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of file.open()) hash.update(chunk);
  return hash.digest('hex');
}
