import { commitStories } from '#src/backlog/commit-stories.ts';
import { takeStory } from '#src/backlog/take-story.ts';
import { controlTask } from '#src/code-factory/control-task.ts';
import { FactoryError } from '#src/errors.ts';
import { judgeFeature } from '#src/inception/keep-canvas.ts';
import type { Card, CardAction, CardBlock, DeskAnswer, DeskCommand, Post, Press } from '#src/ports/chat.ts';
import { closeIncident } from '#src/reflection/incidents/close.ts';
import { openRevert } from '#src/review/open-revert.ts';
import { approveTask, rejectTask } from '#src/review/review-task.ts';
import { allowBudget } from './allow-budget.ts';
import { backlogAnswer, sprintAnswer } from './answers.ts';
import type { DeskTools } from './desk-tools.ts';
import { decideLesson } from './lessons.ts';
import { pressedLesson } from './lessons-page.ts';
import { editItem } from './edit-canvas.ts';
import { snooze } from './reminders.ts';
import { changeTask, retryTask } from './retry-task.ts';
import { changeAlone } from './say.ts';
import { closeAsAsked, redrawPlan } from './sprints.ts';
import { stopTask } from './stop-task.ts';
import { giveToPerson, takeFromPerson } from './task-hands.ts';
import { redrawIdea } from './take-in.ts';

/** A button was used. Everything it means is read from the post that is kept here, never from the press itself. */
export async function answerPress(tools: DeskTools, press: Press): Promise<DeskAnswer> {
  try {
    const post = (await tools.posts.get(press.postId)) ?? (await pressedLesson(tools, press.postId));
    if (post === null) return { ok: false, text: 'This card is not here any more.' };
    const pressed = findAction(post.card, press.action);
    if (pressed === null) {
      return {
        ok: false,
        text:
          post.card.outcome === null
            ? 'This button is not on the card any more. Look at it again.'
            : `This is decided already: ${post.card.outcome}`,
      };
    }
    if (post.version !== press.postVersion && bindsADecision(pressed.command)) {
      return { ok: false, text: 'The card changed since you saw it. Look at it again, then press.' };
    }
    const input = press.input?.trim() ?? '';
    if (pressed.input?.required === true && input === '')
      return { ok: false, text: `Please say: ${pressed.input.label}` };
    return {
      ok: true,
      text: await carryOut(tools, press.actor, pressed.command, { input, chosen: press.chosen ?? {}, post }),
    };
  } catch (error) {
    if (error instanceof FactoryError) return { ok: false, text: `${error.message} ${error.fix}` };
    throw error;
  }
}

function bindsADecision(command: DeskCommand): boolean {
  return command.type === 'approve' || command.type === 'commit-stories';
}

function findAction(card: Card, name: string): CardAction | null {
  const inBlocks = (blocks: readonly CardBlock[]): CardAction[] =>
    blocks.flatMap((block) =>
      block.type === 'list'
        ? block.items.flatMap((item) => item.actions)
        : block.type === 'fold'
          ? inBlocks(block.blocks)
          : [],
    );
  return [...card.actions, ...inBlocks(card.blocks)].find((action) => action.name === name) ?? null;
}

async function carryOut(
  tools: DeskTools,
  actor: string,
  command: DeskCommand,
  { input, chosen, post }: { input: string; chosen: NonNullable<Press['chosen']>; post: Post },
): Promise<string | null> {
  const { lane } = tools;
  switch (command.type) {
    case 'commit-stories': {
      const result = await commitStories(tools, {
        conversationId: command.conversationId,
        storyIds: command.storyIds,
        actor,
        lane,
        mayWrite: await mayWrite(tools, command.conversationId),
      });
      await redrawPlan(tools, post);
      return result.committed.length === 0 ? 'Nothing was left to commit.' : null;
    }
    case 'judge-feature': {
      await changeAlone(tools, command.conversationId, async (conversation) => {
        await judgeFeature(tools, { ...command, actor });
        await redrawIdea(tools, conversation.projectId, conversation);
      });
      return null;
    }
    case 'edit-canvas': {
      const { item = '', change = '' } = chosen;
      await editItem(tools, command.conversationId, actor, { item, change, words: input });
      return null;
    }
    case 'take-story':
      await takeStory(tools, { ...command, actor });
      return null;
    case 'approve':
      await approveTask(tools.review, {
        taskId: command.taskId,
        actor,
        lane,
        headSha: command.headSha,
        diffHash: command.diffHash,
      });
      return null;
    case 'request-changes':
      return changeTask(tools, command.taskId, actor, input);
    case 'reject':
      await rejectTask(tools.review, { taskId: command.taskId, actor, lane, reason: input === '' ? null : input });
      return null;
    case 'revert':
      return `Task ${(await openRevert(tools.review, { taskId: command.taskId, actor, lane })).number} takes it back.`;
    case 'retry':
      await retryTask(tools, command.taskId, actor);
      return null;
    case 'pause':
    case 'resume':
      await controlTask(tools, { taskId: command.taskId, actor, lane, command: { type: command.type } });
      return null;
    case 'stop':
      return stopTask(tools, command.taskId, actor);
    case 'take-over':
      return giveToPerson(tools, command.taskId, actor);
    case 'hand-back':
      return takeFromPerson(tools, command.taskId, actor);
    case 'raise-budget': {
      const { taskId, scope, key } = command;
      await allowBudget(tools, { taskId, actor, budget: { scope, key } });
      return null;
    }
    case 'decide-lesson':
      await decideLesson(tools, command, { actor, input, post });
      return null;
    case 'close-incident':
      await closeIncident(tools, { incidentId: command.incidentId, actor });
      return null;
    case 'snooze':
      return snooze(tools, { actor, postId: command.postId, count: command.reminder });
    case 'close-sprint':
      await closeAsAsked(tools, { ...command, actor }, post);
      return null;
    case 'sprint-status':
      return sprintAnswer(tools, command.projectId);
    case 'backlog':
      return backlogAnswer(tools, command.projectId);
  }
}

/** Whether a model may write for this conversation now; it may have been switched off since the card was drawn. */
async function mayWrite(tools: DeskTools, conversationId: string): Promise<boolean> {
  const conversation = await tools.unitOfWork.conversations.get(conversationId);
  return conversation !== null && (await tools.modelFor(conversation.projectId, conversationId));
}
