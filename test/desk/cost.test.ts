import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { costOf, costWords } from '#src/desk/cards/cost-words.ts';
import { jsonArtifact } from '#src/ledger/artifact.ts';
import type { EventDraft } from '#src/ledger/event.ts';
import { createFakeLine, passOn, type Stunt } from '#test/code-factory/floor.ts';
import { draft } from '#test/persistence/support.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { type Front, openFront, wordsOf } from './front.ts';

let front: Front;
let projectId: string;
let conversationId: string;
let taskId: string;

beforeAll(async () => {
  front = await openFront();
});
afterAll(() => front.close());

beforeEach(async () => {
  projectId = await front.project();
  conversationId = await front.talk(projectId);
  await front.mirror();
  await front.press('ada', await front.post(`stories:${conversationId}`), 'commit');
  taskId = (await front.store.unitOfWork.tables.find('story_tasks', { conversationId }))[0]?.id ?? '';
});

const work = (build?: Stunt) =>
  passOn(front.store.unitOfWork, createFakeLine(build === undefined ? {} : { build }).steps)(taskId);
const inTask = async (text: string) => (await front.say('ada', { kind: 'task', id: taskId }, text)).text;
const inProject = async (text: string) => (await front.say('ada', { kind: 'project', id: projectId }, text)).text;
const statusCard = async () => {
  await front.mirror();
  return wordsOf(await front.post(`status:${taskId}`));
};

let calls = 0;
/** Records a call of the task's present run; without an answer it is still under way. */
async function call(
  step: string,
  answer: { tokens: number; microUsd: number } | null,
  { failed = false, maySpend = true, model = 'gpt-x' } = {},
) {
  const { unitOfWork } = front.store;
  const task = await loadTask(unitOfWork, taskId);
  calls += 1;
  const callId = `call-${calls}`;
  const at = new Date().toISOString();
  const runId = task?.run?.runId ?? null;
  const asked = {
    callId,
    projectId,
    conversationId,
    taskId,
    attempt: 1,
    step,
    stepKey: `${runId}/1/${step}`,
    persona: 'ollan',
    model,
    ordinal: calls,
    day: at.slice(0, 10),
    toolMs: 0,
    reservedTokens: 9_000,
    reservedMicroUsd: 90_000,
  };
  const facts: EventDraft[] = [draft('model.asked', asked, { taskId, runId, at })];
  if (failed) {
    const body = { callId, taskId, code: 'model-busy', maySpend, latencyMs: 1 };
    facts.push(draft('model.failed', body, { taskId, runId, at }));
  } else if (answer !== null) {
    const body = {
      callId,
      taskId,
      inputTokens: answer.tokens - 100,
      cachedTokens: 0,
      outputTokens: 100,
      costMicroUsd: answer.microUsd,
      toolCalls: 0,
      latencyMs: 5,
      finish: 'stop',
    };
    facts.push(draft('model.answered', body, { taskId, runId, at }));
  }
  await unitOfWork.transact(async (transaction) => {
    const { length } = await transaction.events(`calls:${taskId}`);
    transaction.append(`calls:${taskId}`, length, facts);
  });
}

describe('what a task costs', () => {
  it('is nothing where no model was asked', async () => {
    expect(await statusCard()).toContain('nothing; no model was used');
    expect(await inTask('cost')).toBe('Task 1 has cost nothing; no model was used.');
  });

  it('stands on the status card while it grows', async () => {
    await call('plan', { tokens: 20_000, microUsd: 120_000 });
    expect(await statusCard()).toContain('0.12 USD, 20,000 tokens, gpt-x');
    await call('build', { tokens: 41_000, microUsd: 300_000 });
    expect(await statusCard()).toContain('0.42 USD, 61,000 tokens, gpt-x');
  });

  it('counts a failed call with what it may have spent, and none that is under way', async () => {
    await call('plan', { tokens: 1_000, microUsd: 10_000 });
    await call('plan', null);
    await call('plan', null, { failed: true });
    const rows = await front.store.unitOfWork.tables.find('model_calls', { taskId });
    expect(costOf(rows)).toEqual({ calls: 2, tokens: 10_000, microUsd: 100_000, models: ['gpt-x'] });
  });

  it('names no model that never answered', async () => {
    await call('plan', null, { failed: true, maySpend: false, model: 'unheard-of' });
    expect(await statusCard()).toContain('nothing; no model has answered');
    await call('plan', { tokens: 1_000, microUsd: 0 });
    expect(await statusCard()).toContain('1,000 tokens, gpt-x');
    expect(await statusCard()).not.toContain('unheard-of');
  });

  it.each([
    { tokens: 61_000, microUsd: 0, says: '61,000 tokens, gpt-x' },
    { tokens: 12, microUsd: 40, says: 'under 0.01 USD, 12 tokens, gpt-x' },
    { tokens: 1, microUsd: 1_234_567_000, says: '1,234.57 USD, 1 token, gpt-x' },
  ])('is said as $says', ({ says, ...cost }) => {
    expect(costWords({ calls: 1, models: ['gpt-x'], ...cost })).toBe(says);
  });

  it('is told by step in the task, and by task and day in the project', async () => {
    await call('build', { tokens: 30_000, microUsd: 200_000 });
    await call('build', { tokens: 11_000, microUsd: 100_000 });
    await call('plan', { tokens: 20_000, microUsd: 120_000 });
    expect(await inTask('cost')).toBe(
      [
        'Task 1 has cost 0.42 USD, 61,000 tokens, gpt-x.',
        'plan: 0.12 USD, 20,000 tokens, gpt-x (1 call)',
        'build: 0.30 USD, 41,000 tokens, gpt-x (2 calls)',
      ].join('\n'),
    );
    const title = (await front.store.unitOfWork.tables.get('story_tasks', taskId))?.title;
    expect(await inProject('/cost')).toBe(
      [
        'Today (UTC): 0.42 USD, 61,000 tokens, gpt-x.',
        'Sprint 1: 0.42 USD, 61,000 tokens, gpt-x.',
        `1 · ${title}: 0.42 USD, 61,000 tokens, gpt-x (3 calls)`,
      ].join('\n'),
    );
  });
});

describe('the run', () => {
  const pack = jsonArtifact('context-pack', {
    persona: 'ollan',
    tokens: 4_000,
    parts: [{ part: 'files', tokens: 4_000 }],
    included: [{ part: 'files', title: 'src/slug.js', tokens: 4_000, why: 'named in criterion 2' }],
    leftOut: [{ part: 'files', title: 'src/old.js', tokens: 9_000, why: 'no room' }],
    text: 'the text itself',
  });

  it('shows what each step cost, and what it was given, in words', async () => {
    await work(async (_context, done) => {
      await call('build', { tokens: 41_000, microUsd: 300_000 });
      const report = await done();
      const packet = jsonArtifact('packet', { name: 'build', packArtifact: pack.hash });
      return {
        artifacts: [...report.artifacts, pack, packet],
        decide: (task, step, meta) =>
          decideStep({ type: 'record-build', artifact: packet.hash, headSha: 'a'.repeat(40) }, task, step, meta),
      };
    });
    const view = await front.desk.run(taskId);
    expect(view?.cost).toMatchObject({ tokens: 41_000 });
    const build = view?.steps.find(({ step }) => step === 'build');
    expect(build).toMatchObject({ pack: pack.hash, cost: { calls: 1, microUsd: 300_000 } });
    expect(view?.steps.find(({ step }) => step === 'plan')).toMatchObject({ pack: null, cost: null });
    expect(view?.artifacts.find(({ hash }) => hash === pack.hash)?.text).toBe(
      [
        'About 4,000 tokens: files 4,000.',
        '',
        'What went in:',
        '  files · src/slug.js (4,000 tokens): named in criterion 2',
        '',
        'What was left out, and why:',
        '  files · src/old.js (9,000 tokens): no room',
        '',
        'The text:',
        'the text itself',
      ].join('\n'),
    );
  });

  it('gives a step that was done twice each go’s own calls', async () => {
    let goes = 0;
    const build: Stunt = async (_context, done) => {
      goes += 1;
      await call('build', { tokens: goes * 1_000, microUsd: 0 });
      return done();
    };
    await work(build);
    front.branchHead = 'a'.repeat(40);
    await inTask('take over');
    await inTask('hand back');
    await work(build);
    const builds = (await front.desk.run(taskId))?.steps.filter(({ step }) => step === 'build');
    expect(builds?.map(({ cost }) => cost?.tokens)).toEqual([1_000, 2_000]);
  });
});
