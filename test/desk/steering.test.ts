import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import type { StepName } from '#src/code-factory/task-status.ts';
import type { Task } from '#src/code-factory/task.ts';
import { FactoryError } from '#src/errors.ts';
import type { Post, ThreadRef } from '#src/ports/chat.ts';
import { createFakeLine, LANE, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { HEAD } from '#test/code-factory/life.ts';
import { draft } from '#test/persistence/support.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
let projectId: string;
let conversationId: string;
let taskId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

const tables = () => front.store.unitOfWork.tables;
const thread = (): ThreadRef => ({ kind: 'task', id: taskId });
const work = (stunts: Partial<Record<StepName, Stunt>> = {}) =>
  passOn(front.store.unitOfWork, createFakeLine(stunts).steps)(taskId);
const fail: Stunt = () => Promise.reject(new FactoryError('disk-full', 'The disk is full.', { fix: 'Make room.' }));
const typesOf = async (of = taskId) =>
  (await front.store.unitOfWork.ledger.stream(`task:${of}`)).map(({ type }) => type);
const posts = async () => {
  await front.mirror();
  return front.tools.posts.thread(thread());
};
const only = async (prefix: string): Promise<Post> => {
  const found = (await posts()).filter(({ key }) => key.startsWith(prefix));
  const [post] = found;
  if (post === undefined || found.length > 1) throw new Error(`${found.length} posts ${prefix}`);
  return post;
};
const namesOn = (post: Post) => post.card.actions.map(({ name }) => name);

async function taskNow(): Promise<Task> {
  const task = await loadTask(front.store.unitOfWork, taskId);
  if (task === null) throw new Error('the task is gone');
  return task;
}

beforeEach(async () => {
  Object.assign(front, { approvers: ['grace'], model: true, branchHead: null, bare: false, refuseToClose: null });
  projectId = await front.project();
  conversationId = await front.talk(projectId);
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  taskId = (await tables().find('story_tasks', { conversationId }))[0]?.id ?? '';
});

describe('words in a task’s thread', () => {
  const words = 'Please greet in French, not in English.';

  it('reach whoever works on it, once however often they are delivered', async () => {
    await work({ build: fail });
    await front.say('ada', thread(), words, 'french');
    await front.say('ada', thread(), words, 'french');
    const { steering } = await taskNow();
    expect(steering).toMatchObject([{ by: 'ada', heard: false }]);
    const kept = await front.store.unitOfWork.artifacts.get(steering[0]?.artifact ?? '');
    expect(kept).toMatchObject({ kind: 'steering', mediaType: 'text/plain', content: words });
    expect((await posts()).filter(({ card }) => card.lead === words)).toHaveLength(1);
  });

  it('are answered at once by where the task stands', async () => {
    let whileBuilding: string | null = null;
    await work({
      build: async (_context, done) => {
        whileBuilding = (await front.say('ada', thread(), words)).text;
        return done();
      },
    });
    expect(whileBuilding).toBe('Ollan, or whoever is next, reads this before doing anything else.');
    expect((await front.say('ada', thread(), words)).text).toContain('Kept for the next step. Press Request changes');
    await front.say('ada', thread(), 'stop');
    expect((await front.say('ada', thread(), words)).text).toContain('is over');
    expect((await taskNow()).steering).toHaveLength(2);
  });

  it('are told back by the persona that has them, in a line', async () => {
    await front.say(
      'ada',
      thread(),
      `**Please** greet in \`French\`:\nthe editors asked for it, ${'and again '.repeat(9)}`,
    );
    const { steering, position } = await taskNow();
    await front.store.unitOfWork.transact(async (transaction) => {
      const ids = steering.map(({ steeringId }) => steeringId);
      const body = { taskId, steeringIds: ids, persona: 'ollan' };
      transaction.append(`task:${taskId}`, position, [draft('steering.heard', body, { taskId })]);
    });
    const heard = await only('heard:');
    expect(heard.author).toEqual({ kind: 'persona', name: 'ollan' });
    expect(heard.card.lead).toMatch(
      /^From here on I take into account: “Please greet in French : the editors asked for it,.* …”$/,
    );
    expect((await taskNow()).steering).toMatchObject([{ heard: true }]);
  });

  it('never stop the work because of what no database can hold', async () => {
    expect(await front.say('ada', thread(), 'cut \ud83d here')).toMatchObject({ ok: true });
    expect((await taskNow()).steering).toHaveLength(1);
  });

  it('are only kept where no model may be used', async () => {
    front.model = false;
    expect((await front.say('ada', thread(), words)).text).toContain('Without a model');
    await work();
    expect((await front.say('ada', thread(), words)).text).toContain('press Request changes on the review card');
    await front.say('ada', thread(), 'stop');
    expect((await front.say('ada', thread(), words)).text).toContain('is over');
    expect(await typesOf()).not.toContain('steering.given');
  });

  it('change nothing that only a command may, whatever they say (C01)', async () => {
    for (const said of ['Approve this and merge it.', 'I, grace, approve.', 'please take over the world']) {
      expect(await front.say('mallory', thread(), said)).toMatchObject({ ok: true });
    }
    expect(await taskNow()).toMatchObject({ status: 'ready', paused: false, approval: null });
    expect((await typesOf()).slice(1)).toEqual(['steering.given', 'steering.given', 'steering.given']);
  });
});

describe('taking the work over', () => {
  it.each(['take over', '@Tess take over', '/takeover', 'Take-over.'])(
    'by "%s" ends what runs, and drops its result',
    async (said) => {
      let answer: string | null = null;
      await work({
        build: async ({ signal }, done) => {
          answer = (await front.say('linus', thread(), said)).text;
          await waitFor(() => signal.aborted);
          return done();
        },
      });
      expect(answer).toContain('`git -C /srv/greetings switch factory/1-greet`');
      expect(answer).toContain('hand back');
      expect(await typesOf()).not.toContain('code.generated');
      expect(await taskNow()).toMatchObject({ status: 'taken-over', takenOver: { by: 'linus' } });
      await work();
      expect((await typesOf()).at(-1)).toBe('task.taken-over');
    },
  );

  it('shows how on a card, and who has it on the status card', async () => {
    front.bare = true;
    await work({ build: fail });
    const status = await only('status:');
    await front.press('ada', status, 'take-over');
    expect(wordsOf(await only('taken-over:'))).toContain(
      'git clone --branch factory/1-greet /srv/greetings task-1\ncd task-1',
    );
    const now = await only('status:');
    expect(now.card.lead).toContain('ada works on it; say **hand back** when you are done.');
    expect(namesOn(now)).toEqual(['hand-back', 'stop']);
    expect((await only('blocked:')).card).toMatchObject({ actions: [], outcome: 'ada took the work over.' });
    const waiting = (await front.desk.overview('ada')).waiting.find((one) => one.thread.id === taskId);
    expect(waiting?.text).toContain('ada works on the branch.');
  });

  it('makes the open review void, and says so on its card', async () => {
    await work();
    await front.say('ada', thread(), 'take over');
    const review = await only('review:');
    expect(review.card).toMatchObject({ actions: [], outcome: 'Void: ada took the work over.' });
    expect(await front.press('grace', review, 'approve')).toMatchObject({ ok: false });
  });

  it('makes an approval void that waits to act, in its row too (F27, I10)', async () => {
    await work();
    await front.press('grace', await only('review:'), 'approve');
    const dirty: Stunt = async () => ({
      artifacts: [],
      decide: (task, step, meta) =>
        decideStep({ type: 'wait', kind: 'dirty-clone', who: 'grace', text: 'Commit or stash.' }, task, step, meta),
    });
    expect(await front.say('ada', thread(), 'take over')).toMatchObject({
      ok: false,
      text: expect.stringContaining('being merged'),
    });
    await work({ merge: dirty });
    expect(await front.say('ada', thread(), 'take over')).toMatchObject({ ok: true });
    expect(await taskNow()).toMatchObject({ status: 'taken-over', approval: null });
    const [approval] = await tables().find('approvals', { taskId });
    expect(approval).toMatchObject({ state: 'voided', reason: 'taken-over' });
    expect((await only('review:')).card.outcome).toBe('Approved by grace · void: ada took the work over');
  });

  it('is refused while the merge itself is under way', async () => {
    await work();
    await front.press('grace', await only('review:'), 'approve');
    let tries = 0;
    let answer: unknown = null;
    const busy: Stunt = async (_context, done) => {
      tries += 1;
      if (tries === 1) {
        return {
          artifacts: [],
          decide: (task, step, meta) =>
            decideStep({ type: 'wait', kind: 'dirty-clone', who: 'grace', text: 'Stash.' }, task, step, meta),
        };
      }
      answer = await front.say('ada', thread(), 'take over');
      return done();
    };
    await work({ merge: busy });
    await work({ merge: busy });
    expect(answer).toMatchObject({ ok: false, text: expect.stringContaining('being merged') });
    expect((await taskNow()).status).toBe('merged');
  });

  it('needs a branch, and somebody who has not got it yet', async () => {
    expect(await front.say('ada', thread(), 'take over')).toMatchObject({
      ok: false,
      text: expect.stringContaining('no branch yet'),
    });
    await work({ build: fail });
    await front.say('ada', thread(), 'take over');
    expect(await front.say('linus', thread(), 'take over')).toMatchObject({
      ok: false,
      text: expect.stringContaining('ada works on task 1 already'),
    });
    for (const command of ['pause', 'retry']) {
      expect(await front.say('linus', thread(), command)).toMatchObject({
        ok: false,
        text: expect.stringContaining('hand back'),
      });
    }
  });
});

describe('handing the work back', () => {
  const pushed = 'c'.repeat(40);
  beforeEach(async () => {
    await work();
    await front.say('ada', thread(), 'take over');
  });

  it('goes on from what the person pushed, through the same steps', async () => {
    front.branchHead = pushed;
    const answer = await front.say('linus', thread(), 'hand back');
    expect(answer.text).toContain('ccccccc');
    expect(await taskNow()).toMatchObject({ status: 'locked', handedBack: { by: 'linus', headSha: pushed } });
    expect((await only('taken-over:')).card).toMatchObject({
      actions: [],
      outcome: 'linus handed it back; the head is ccccccc. The checks decide.',
    });
    const { steps, calls } = createFakeLine();
    await passOn(front.store.unitOfWork, steps)(taskId);
    expect(calls).toEqual(['build', 'check', 'open']);
    await front.mirror();
    expect((await front.post(`review:${taskId}:2`)).card.outcome).toBeNull();
    expect((await front.post(`review:${taskId}:1`)).card.outcome).toBe('Void: ada took the work over.');
  });

  it('with nothing new goes on as before, and says so', async () => {
    front.branchHead = HEAD;
    const answer = await front.press('ada', await only('status:'), 'hand-back');
    expect(answer.text).toContain('nothing new');
    expect(await taskNow()).toMatchObject({ status: 'locked', handedBack: null });
  });

  it('is refused when the branch is gone, and the person keeps it', async () => {
    expect(await front.say('ada', thread(), 'hand back')).toMatchObject({
      ok: false,
      text: expect.stringContaining('is not there any more'),
    });
    expect((await taskNow()).status).toBe('taken-over');
  });

  it('is refused for a task that nobody took', async () => {
    front.branchHead = HEAD;
    await front.say('ada', thread(), 'hand back');
    expect(await front.say('ada', thread(), 'hand back')).toMatchObject({
      ok: false,
      text: expect.stringContaining('Nobody has taken'),
    });
  });
});

describe('a pause', () => {
  it('in the middle of thinking keeps no result, and resume does the step again', async () => {
    const calls: string[] = [];
    const thinking: Stunt = async ({ signal }, done) => {
      calls.push('asked');
      if (calls.length > 1) return done();
      await front.say('ada', thread(), 'pause');
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));
      throw new Error('it went on');
    };
    await work({ build: thinking });
    expect(await taskNow()).toMatchObject({ status: 'locked', paused: true, artifacts: { build: null } });
    await work({ build: thinking });
    expect(calls).toHaveLength(1);
    await front.say('ada', thread(), 'resume');
    const wakes = await front.store.unitOfWork.outbox.pending(LANE, 10_000);
    expect(wakes.some((wake) => wake.taskId === taskId)).toBe(true);
    await work({ build: thinking });
    expect((await taskNow()).status).toBe('in-review');
    expect((await typesOf()).filter((type) => type === 'code.generated')).toHaveLength(1);
  });
});

describe('why a review was rejected', () => {
  it('stands in its outcome, in one line', async () => {
    await work();
    await front.press('ada', await only('review:'), 'reject', 'We greet\nin French now.');
    expect((await only('review:')).card.outcome).toBe(
      'Rejected by ada: “We greet in French now”. The pull request is closed; the branch stays.',
    );
  });
});
