import { createHash } from 'node:crypto';
import { FactoryError } from '#src/errors.ts';
import type { FileSource } from '#src/intake/file-source.ts';
import type { DeskAnswer, Message } from '#src/ports/chat.ts';
import type { SurfaceDesk } from './desk.ts';
import type { DeskTools } from './desk-tools.ts';
import { answerPress } from './press.ts';
import { bindChannel, channelAt, unbindChannel } from './channels.ts';
import { createGlance } from './glance-groups.ts';
import { nameIn, nameInAnswer } from './name-people.ts';
import { bindRepository, createProject, openProject } from './projects.ts';
import { controlAll } from './halt.ts';
import { isApprover } from './approver.ts';
import { linkAccount } from './link-account.ts';
import { answerMessage, startIdea } from './say.ts';
import { stopThread } from './stop-thread.ts';
import { isModelOff } from './switch-model.ts';
import { beginStories } from './begin-stories.ts';
import { importFile } from './take-in.ts';
import { changeWords, forgetConversation, joinThread, threadAt } from './threads.ts';
import { viewDiff, viewLedger, viewOverview, viewProject, viewThread, viewWhy } from './views.ts';
import { viewReflection } from './view-reflection.ts';
import { viewRun } from './view-run.ts';

const SAMPLE_PROJECT = 'Sample';

/** The front desk over the stages. */
export function createDesk(tools: DeskTools): SurfaceDesk {
  const { unitOfWork, clock } = tools;
  const glance = createGlance(tools);
  /** Kept, and answering failed: the next delivery of the same message is its second chance, as a restart would be. */
  const unanswered = new Set<string>();

  const take = async (project: string | (() => Promise<string>), file: FileSource, actor: string) =>
    importFile(tools, { project, file, fileHash: await hashFile(file), actor });

  return {
    overview: async (actor) => nameIn(await viewOverview(tools, glance, actor), tools.people),
    project: (projectId) => viewProject(tools, projectId),
    thread: (thread) => viewThread(tools, thread),
    why: (conversationId, positions) => viewWhy(tools, conversationId, positions),
    diff: (taskId) => viewDiff(tools, taskId),
    run: (taskId) => viewRun(tools, taskId),
    ledger: (limit) => viewLedger(tools, limit),
    reflection: (projectId, page) => viewReflection(tools, projectId, page),
    createProject: (actor, name) => createProject(tools, actor, name),
    bindRepository: (actor, projectId, path, base) => bindRepository(tools, { actor, projectId, path, base }),
    openProject: async (actor, repository) => ({ projectId: await openProject(tools, actor, repository) }),
    importFile: (actor, project, file) => take(project, file, actor),
    startIdea: (actor, projectId, text, originId) =>
      startIdea(tools, { actor, projectId, text, originId, at: clock.now().toISOString() }),
    channel: (place) => channelAt(tools, place),
    bindChannel: (actor, place, bound) => bindChannel(tools, { ...bound, actor, place }),
    unbindChannel: (actor, place) => unbindChannel(tools, actor, place),
    isModelOff: (projectId) => isModelOff(tools, projectId),
    threadAt: (thread) => threadAt(tools, thread),
    joinThread: (actor, thread, projectId, words, skipped) =>
      joinThread(tools, { actor, thread, projectId, words, ...(skipped === undefined ? {} : { skipped }) }),
    beginStories: (actor, conversationId) => beginStories(tools, actor, conversationId),
    changeWords: (actor, thread, originId, text) => changeWords(tools, { actor, thread, originId, text }),
    forget: (actor, conversationId) => forgetConversation(tools, actor, conversationId),
    isApprover: (actor) => isApprover(tools, actor),
    stop: async (actor, thread) => nameInAnswer(await stopThread(tools, { actor, thread }), tools.people),
    controlAll: async (actor, word, originId) =>
      nameInAnswer(await controlAll(tools, { actor, word, originId }), tools.people),
    linkAccount: async (actor, word) => nameInAnswer(await linkAccount(tools, { actor, word }), tools.people),
    say: async (message) => nameInAnswer(await receive(tools, message), tools.people),
    press: async (press) => nameInAnswer(await answerPress(tools, press), tools.people),
    async trySample(actor) {
      const { projectId } = await createProject(tools, actor, SAMPLE_PROJECT);
      const path = await tools.sample.makeRepository();
      await bindRepository(tools, { actor, projectId, path, base: null });
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
    if (accepted === 'duplicate' && !unanswered.delete(key)) return { ok: true, text: null };
    try {
      const answer = await answerMessage(desk, message);
      await unitOfWork.inbox.done(key);
      return answer;
    } catch (error) {
      unanswered.add(key);
      throw error;
    }
  }
}

/** What was accepted before the process died is answered now; taking it in twice changes nothing. */
export async function finishInbox(tools: DeskTools): Promise<number> {
  let finished = 0;
  for (const delivery of await tools.unitOfWork.inbox.pending('room', 1000)) {
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
