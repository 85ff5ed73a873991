import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelFault } from '#test/support/model-fault.ts';
import type { RecordedRequest } from '#test/support/model-proxy.ts';
import { workingClone } from '#test/support/repository.ts';
import { DOUBLE, placeOf, plans, use } from '#test/support/scripted-team.ts';
import type { Move, Said } from '#test/support/scripted-team.ts';
import { lookInside } from '../support/look-inside.ts';
import { expectTaken, startTeam, WRITE, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile } from '../support/runs.ts';
import { nodeProject, oneStory } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

const complaint = (message: string, code: string | null = null) => ({
  error: { message, type: 'invalid_request_error', code },
});

describe('a server that fails, lacks something or may not be asked', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
  });
  afterAll(() => workbench.remove());

  it('is busy, breaks and cuts its answers off: each is asked for again, and the work is whole', async () => {
    /** The answer after this move fails; once, for a request that failed is asked again and gets the same move. */
    const thenFails = (move: Said, fault: ModelFault): Move => {
      let isDue = true;
      return () => {
        if (isDue) team.fail(fault);
        isDue = false;
        return move;
      };
    };
    const both = [
      { path: 'src/double.js', action: 'create' },
      { path: 'test/double.test.js', action: 'create' },
    ];
    const team = await startTeam({
      scope: [thenFails({ criteria: [], constraints: [], questions: [] }, { kind: 'status', status: 500 })],
      plan: [
        thenFails(use(['list_files', { path: '' }]), { kind: 'truncated-json' }),
        thenFails(plans(both, ['test/double.test.js']), { kind: 'cut', chunks: 1 }),
      ],
    });
    team.fail({ kind: 'status', status: 429, headers: { 'retry-after': '1' } });
    const repository = workingClone(nodeProject);
    const talk = writeTalk(workbench, 'Shaky');
    const result = await runFile(workbench, talk, repository.path, ['--write'], { env: team.env });
    expectTaken(team);
    expect(result).toMatchObject({ exitCode: 3, tasks: [{ state: 'in-review', attempts: 1 }] });
    expect(repository.git('show', `${result.tasks[0]?.branch}:src/double.js`)).toBe(DOUBLE);
    const isWhole = ({ status, answer }: RecordedRequest) => status === 200 && answer.includes('[DONE]');
    // The process may end while the canvas is still being read.
    const broken = team.requests.filter((request) => request.status !== null && !isWhole(request));
    expect(broken).toHaveLength(4);
    for (const request of broken.filter(({ body }) => placeOf(body) !== 'refine')) {
      const again = team.requests.slice(team.requests.indexOf(request) + 1);
      expect(again.filter(isWhole).map(({ body }) => body)).toContainEqual(request.body);
    }
  });

  it('refuses the key, then does not know the model, then takes both: one task waits, and goes on', async () => {
    const team = await startTeam(
      {},
      {
        refuse: ({ model }) => {
          if (team.requests.at(-1)?.headers['authorization'] !== 'Bearer the-key') {
            return { status: 401, body: complaint('Incorrect API key provided: wr**ng.', 'invalid_api_key') };
          }
          if (model === 'scripted') return null;
          return { status: 404, body: complaint(`The model '${model}' does not exist.`, 'model_not_found') };
        },
      },
    );
    const repository = workingClone(nodeProject);
    const talk = writeTalk(workbench, 'Locked out');
    const run = (env: Readonly<Record<string, string>>) =>
      runFile(workbench, talk, repository.path, WRITE, { env: { ...team.env, ...env } });

    const refused = await run({ OPENAI_API_KEY: 'wrong' });
    const id = refused.tasks[0]?.id;
    expect(refused).toMatchObject({ exitCode: 3, tasks: [{ waitingFor: { kind: 'model' } }] });
    expect(refused.tasks[0]?.waitingFor?.text).toMatch(/refuses the key .* Set OPENAI_API_KEY to a key of this server/);
    // The canvas is read beside the task, as soon as the talk has been quiet for a moment.
    expect(team.requests.filter(({ body }) => placeOf(body) !== 'refine')).toHaveLength(1);

    const unknown = await run({ OPENAI_MODEL: 'unheard-of', MODEL_PRICES: '' });
    expect(unknown).toMatchObject({ exitCode: 3, tasks: [{ id, waitingFor: { kind: 'model' } }] });
    expect(unknown.tasks[0]?.waitingFor?.text).toMatch(
      /does not know the model unheard-of\. Set OPENAI_MODEL to a name/,
    );

    const done = await run({});
    expectTaken(team);
    expect(done).toMatchObject({ exitCode: 0, tasks: [{ id, state: 'merged', attempts: 1, pullRequest: 1 }] });
    await lookInside(workbench, async ({ posts }) => {
      const thread = await posts({ kind: 'task', id: id ?? '' });
      const status = JSON.stringify(thread.find(({ card }) => card.kind === 'status')?.card);
      expect(status).toMatch(/"label":"Cost","value":"[^",]+, [\d,]+ tokens, scripted"/);
    });
  });

  it('knows neither tools nor structured answers: done in words', async () => {
    const team = await startTeam(
      {},
      {
        refuse: (body) => {
          if (body.tools !== undefined) return { status: 400, body: complaint('scripted does not support tools') };
          if (body.response_format === undefined) return null;
          return { status: 400, body: complaint('response_format is not supported by this server') };
        },
      },
    );
    const repository = workingClone(nodeProject);
    const talk = writeTalk(workbench, 'Plain');
    const result = await runFile(workbench, talk, repository.path, ['--write'], { env: team.env });
    expectTaken(team);
    expect(result).toMatchObject({ exitCode: 3, tasks: [{ state: 'in-review', attempts: 1 }] });
    expect(repository.git('show', `${result.tasks[0]?.branch}:src/double.js`)).toBe(DOUBLE);
    // What it lacks is found out once, not at every call; by two at once where the canvas is read beside the task.
    const refusals = team.requests.filter(({ status }) => status === 400).length;
    expect(refusals).toBeGreaterThanOrEqual(3);
    expect(refusals).toBeLessThanOrEqual(6);
    await lookInside(workbench, async ({ posts }) => {
      const thread = JSON.stringify(await posts({ kind: 'task', id: result.tasks[0]?.id ?? '' }));
      expect(thread.split('This server has no structured answers').length - 1).toBe(1);
      expect(thread.split('This server has no tool calls').length - 1).toBe(1);
    });
  });

  it('has a window in which the work does not fit: blocked with what would help', async () => {
    const team = await startTeam();
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, writeTalk(workbench, 'Narrow'), repository.path, WRITE, {
      env: { ...team.env, MODEL_WINDOW_TOKENS: '2000' },
    });
    expectTaken(team);
    expect(result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked', attempts: 0 }] });
    expect(result.tasks[0]?.waitingFor?.text).toMatch(/does not fit the model's window: .+ the window holds 2000/);
    expect(team.requests.map(({ body }) => placeOf(body))).not.toContain('plan');
  });

  it('is not asked at all where factory.yaml says model: off; the floor stays', async () => {
    const team = await startTeam();
    const repository = workingClone({ ...nodeProject, 'factory.yaml': 'model: off\n' });
    const talk = writeTalk(workbench, 'Off', [
      ...oneStory,
      ['user', 'Please also write a function triple(n) in src/triple.js. triple(2) must return 6.'],
    ]);
    const result = await runFile(workbench, talk, repository.path, ['--write'], { env: team.env });
    expect(team.requests).toEqual([]);
    expect(result.tasks).toMatchObject([{ state: 'in-review' }]);
    expect(result.notStarted).toEqual([
      { story: 'triple(2) must return 6', reason: expect.stringMatching(/no code for it, and the model is off here/) },
    ]);
    await team.close();
    await expectSound(workbench);
  });
});
