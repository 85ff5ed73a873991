import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import { workingClone } from '#test/support/repository.ts';
import { DOUBLE, done, placeOf, plans, use, writes } from '#test/support/scripted-team.ts';
import type { Move } from '#test/support/scripted-team.ts';
import { lookInside } from '../support/look-inside.ts';
import { expectTaken, placesOf, startTeam, WRITE, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile, subjects } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

describe('a model that answers badly', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
  });
  afterAll(() => workbench.remove());

  const work = async (name: string, moves: Parameters<typeof startTeam>[0], words: readonly string[] = WRITE) => {
    const team = await startTeam(moves);
    const repository = workingClone(nodeProject);
    const talk = writeTalk(workbench, name);
    const result = await runFile(workbench, talk, repository.path, words, { env: team.env });
    expectTaken(team);
    return { team, repository, result, task: result.tasks[0] };
  };
  const told = ({ team }: Awaited<ReturnType<typeof work>>, place: string) =>
    JSON.stringify(team.requests.findLast(({ body }) => placeOf(body) === place)?.body.messages ?? []);

  it('claims to be done without doing anything: asked once more, then blocked in words', async () => {
    const ran = await work('Idle', { build: [done('All done, tests pass.')] });
    expect(ran.result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked', pullRequest: null }] });
    expect(ran.task?.waitingFor).toMatchObject({ kind: 'blocked', who: 'local' });
    expect(ran.task?.waitingFor?.text).toMatch(/is done, and nothing was changed\. Say in this thread what is missing/);
    expect(told(ran, 'build')).toContain('Nothing was changed in the worktree');
    expect(subjects(ran.repository.git)).toEqual(['first']);
  });

  it('edits locked tests, existing tests, and asks for tools and files that are not there', async () => {
    const ran = await work(
      'Cheat',
      {
        build: [
          use(
            ['approve_and_merge', { pullRequest: 1 }],
            ['read_file', { path: 'src/made-up.js', from: null, to: null }],
          ),
          use(
            ['write_file', { path: 'test/double.test.js', content: '// nothing to see here\n' }],
            ['write_file', { path: 'TEST/Double.test.js', content: '// nor here\n' }],
            ['delete_file', { path: 'test/double.test.js' }],
            ['write_file', { path: '../outside.js', content: 'x' }],
            ['write_file', { path: '.github/workflows/ci.yml', content: 'on: push\n' }],
          ),
          use(['edit_file', { path: 'test/one.test.js', old: 'import { one }', new: '// eased\nimport { one }' }]),
          writes('src/double.js', DOUBLE),
          done('Doubles a number.'),
        ],
      },
      ['--write'],
    );
    expect(ran.result).toMatchObject({ exitCode: 3, tasks: [{ state: 'in-review', mergedSha: null }] });
    const heard = told(ran, 'build');
    expect(heard).toContain('You may not use \\"approve_and_merge\\"');
    expect(heard).toContain('There is no file \\"src/made-up.js\\"');
    expect(heard.split('It is a locked test').length - 1).toBe(3);
    expect(heard).toContain('it climbs out of the repository');
    expect(heard).toMatch(/You may not change ..\.github\/workflows\/ci\.yml.+?protected/);
    const branch = ran.task?.branch ?? '';
    expect(ran.repository.git('diff', '--name-only', 'main', branch).trim().split('\n')).toEqual([
      'src/double.js',
      'test/double.test.js',
      'test/one.test.js',
    ]);
    await lookInside(workbench, async ({ packet, posts }) => {
      const taskId = ran.task?.id ?? '';
      const build = await packet<BuildResultPacket>('code.generated', taskId);
      expect(build).toMatchObject({ testsTouched: ['test/one.test.js'], outsidePlan: ['test/one.test.js'] });
      const review = (await posts({ kind: 'task', id: taskId })).find(({ card }) => card.kind === 'review');
      expect(JSON.stringify(review?.card)).toMatch(/test\/one\.test\.js/);
    });
  });

  it('asks for the same thing for ever: ended, and said so', async () => {
    const ran = await work('Circles', { build: [use(['read_file', { path: 'src/one.js', from: null, to: null }])] });
    expect(ran.result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked' }] });
    expect(ran.task?.waitingFor?.text).toMatch(/Ollan asked for the same read_file 5 times without changing anything/);
    expect(ran.team.requests.filter(({ body }) => placeOf(body) === 'build')).toHaveLength(5);
  });

  it('plans what nobody may change: told why, then blocked (C23)', async () => {
    const ran = await work('Workflows', {
      plan: [plans([{ path: '.github/workflows/ci.yml', action: 'create' }], [])],
    });
    expect(ran.result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked', pullRequest: null }] });
    expect(ran.task?.waitingFor?.text).toMatch(/\.github\/workflows\/ci\.yml.+is protected/);
    expect(ran.team.requests.filter(({ body }) => placeOf(body) === 'plan')).toHaveLength(3);
    expect(placesOf(ran.team)).not.toContain('tests');
  });

  it('refuses: blocked with its words', async () => {
    const refusing: Move = () => ({ text: 'I cannot help with that.', finish: 'content_filter' });
    const ran = await work('Refusal', { plan: [refusing] });
    expect(ran.result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked' }] });
    expect(ran.task?.waitingFor?.text).toMatch(/The model declined to do Mason's work.*another model/);
  });

  it('breaks its JSON twice, or its answer is cut off: asked again, and goes on', async () => {
    const scope = { criteria: [], constraints: [], questions: [] };
    const whole = plans(
      [
        { path: 'src/double.js', action: 'create' },
        { path: 'test/double.test.js', action: 'create' },
      ],
      ['test/double.test.js'],
    );
    const ran = await work('Broken twice', {
      scope: ['{"criteria": [', 'Here you are: nothing to add.', scope],
      plan: [() => ({ text: JSON.stringify(whole).slice(0, 60), finish: 'length' }), whole],
    });
    expect(ran.result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged', attempts: 1 }] });
    expect(told(ran, 'scope').split('Your answer cannot be used').length - 1).toBe(2);
    expect(told(ran, 'plan')).toContain('It was cut off at');
  });

  it('breaks its JSON three times: blocked, and everything of it can be replayed', async () => {
    const ran = await work('Broken for good', { scope: ['no JSON', '{}', '{"criteria": 7}'] });
    expect(ran.result).toMatchObject({ exitCode: 3, tasks: [{ state: 'blocked' }] });
    expect(ran.task?.waitingFor?.text).toMatch(/Piper's answer could not be used, after being asked again/);
    expect(ran.team.requests.filter(({ body }) => placeOf(body) === 'scope')).toHaveLength(3);
    await ran.team.close();
    await expectSound(workbench);
  });
});
