import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { expectNothingLeft } from '#test/faults/outcome.ts';
import { processesUnder } from '#test/faults/processes.ts';
import { holdRequest } from '#test/support/held-request.ts';
import type { HeldRequest } from '#test/support/held-request.ts';
import { gitIn, temporaryFolder, workingClone, writeFiles } from '#test/support/repository.ts';
import { DOUBLE, done, placeOf, turnOf, use, writes } from '#test/support/scripted-team.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openLiveRoom } from '../support/live-room.ts';
import type { LiveRoom } from '../support/live-room.ts';
import { expectTaken, startTeam, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, subjects } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

describe('people and a model at work on the same task', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let room: LiveRoom;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
  });
  afterEach(async () => {
    await room.close();
    await workbench.remove();
  });

  /** A task whose build has got as far as the request that is held. */
  const begin = async (repository: string, held: HeldRequest, moves: Parameters<typeof startTeam>[0] = {}) => {
    const team = await startTeam(moves, { hold: held.hold });
    room = await openLiveRoom(workbench, team.env);
    const taskId = await room.commit(await room.bring(writeTalk(workbench, 'Doubling'), repository));
    await held.reached;
    const asked = () => team.requests.filter(({ body }) => placeOf(body) !== 'refine');
    return { team, taskId, asked };
  };
  const leads = async (taskId: string) =>
    (await room.posts({ kind: 'task', id: taskId })).map(({ author, card }) => `${author.name}: ${card.lead}`);

  it('words reach the running step between two tool calls; a pause ends the call in flight, and resume goes on', async () => {
    const first = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 1);
    const second = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 2);
    const hold: HeldRequest = { ...first, hold: (body) => first.hold(body) ?? second.hold(body) };
    const repository = workingClone(nodeProject);
    const { team, taskId, asked } = await begin(repository.path, hold);

    const said = await room.say(taskId, 'Please leave out the word twice.');
    expect(said).toEqual({
      ok: true,
      text: 'Only you see this. Ollan, or whoever is next, reads this before doing anything else.',
    });
    first.release();
    await second.reached;
    const words = JSON.stringify(asked().at(-1)?.body.messages.at(-1));
    expect(words).toMatch(/local says in the thread:.+Please leave out the word twice\./);
    expect(JSON.stringify(asked().at(-2)?.body.messages)).not.toContain('leave out the word');
    const heard = 'ollan: From here on I take into account: “Please leave out the word twice.”';
    await waitFor(async () => (await leads(taskId)).includes(heard));

    const inFlight = asked().at(-1);
    expect(inFlight?.isAborted).toBe(false);
    expect((await room.say(taskId, 'pause')).ok).toBe(true);
    await waitFor(() => inFlight?.isAborted === true);
    const before = asked().length;
    second.release();
    expect(await room.task(taskId)).toMatchObject({ state: 'locked', paused: true });
    expect((await room.say(taskId, 'pause')).text).toMatch(/is paused already/);
    expect((await room.say(taskId, 'And one line of doc.')).text).toMatch(/Kept for the next step\. Say resume/);
    expect(asked()).toHaveLength(before);

    expect((await room.say(taskId, 'resume')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'in-review');
    // Of the build only what was in flight is asked again, now with the words that were kept.
    const builds = asked().filter(({ body }) => placeOf(body) === 'build');
    expect(builds.map(({ body }) => turnOf(body))).toEqual([0, 1, 2, 2]);
    expect(JSON.stringify(builds.at(-1)?.body.messages)).toContain('And one line of doc.');
    expectTaken(team);
    expect((await room.press(taskId, 'approve')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'merged');
    expect(subjects(repository.git)).toHaveLength(2);
    await room.stop();
    await team.close();
    await expectSound(workbench);
  });

  it('stop ends a call in flight', async () => {
    const held = holdRequest((body) => placeOf(body) === 'plan');
    const repository = workingClone(nodeProject);
    const { taskId, asked } = await begin(repository.path, held);
    const inFlight = asked().at(-1);
    expect(inFlight?.isAborted).toBe(false);
    expect((await room.say(taskId, 'stop')).ok).toBe(true);
    await waitFor(() => inFlight?.isAborted === true);
    expect(await room.task(taskId)).toMatchObject({ state: 'cancelled' });
    const before = asked().length;
    expect((await room.say(taskId, 'Go on, please.')).text).toMatch(/nobody works on it/);
    await room.stop();
    expect(asked()).toHaveLength(before);
    expect(subjects(repository.git)).toEqual(['first']);
  });

  it('stop ends a check that hangs in the sandbox', async () => {
    const hangs = 'await new Promise((resolve) => setTimeout(resolve, 1e9));\n';
    const held = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 1);
    const { taskId, asked } = await begin(workingClone(nodeProject).path, held, {
      build: [writes('src/double.js', `${hangs}${DOUBLE}`), use(['run_check', { name: 'npm test' }])],
    });
    held.release();
    const running = () => processesUnder(workbench.dataDir, /postgres/).filter(({ command }) => /--test/.test(command));
    await waitFor(() => running().length > 0);
    expect((await room.say(taskId, '/stop')).ok).toBe(true);
    await waitFor(() => running().length === 0);
    expect(await room.task(taskId)).toMatchObject({ state: 'cancelled' });
    await room.stop();
    expect(asked().filter(({ body }) => placeOf(body) === 'build')).toHaveLength(2);
    await expectNothingLeft(workbench);
  });

  it('a person takes the branch over by the commands as they stand, pushes, and hands it back', async () => {
    const held = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 2);
    const shared = bareProject();
    // What the model has not yet committed is its own; the person begins from the locked tests.
    const { team, taskId, asked } = await begin(shared, held, {
      build: [writes('src/other.js', 'export {};\n'), writes('src/double.js', DOUBLE), done('Doubles a number.')],
    });
    const inFlight = asked().at(-1);
    const said = await room.say(taskId, 'take over');
    expect(said.text).toMatch(/The branch is yours: .*git clone --branch factory\/.+cd task-\d+/);
    await waitFor(() => inFlight?.isAborted === true);
    expect(await room.task(taskId)).toMatchObject({ state: 'taken-over' });
    expect((await room.say(taskId, 'pause')).text).toMatch(/Nobody but local works on task/);

    const person = takeOver(await commandsOn(taskId));
    expect(person('git', 'branch', '--show-current').trim()).toBe((await room.task(taskId)).branch);
    person.write({ 'src/double.js': `${DOUBLE}// by hand\n` });
    person('git', 'add', '-A');
    person('git', 'commit', '-qm', 'Double by hand');
    person('git', 'push', '-q');
    const before = asked().length;
    expect((await room.press(taskId, 'hand-back')).text).toMatch(/Thank you\. The team goes on from [0-9a-f]{7}/);
    await room.until(taskId, ({ state }) => state === 'in-review');
    expect((await room.press(taskId, 'approve')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'merged');
    expect(gitIn(shared, 'show', 'main:src/double.js')).toContain('// by hand');
    expect(gitIn(shared, 'ls-tree', '--name-only', 'main', 'src/')).not.toContain('other.js');
    // The checks were Vera's; nobody wrote code for the person.
    expect(
      asked()
        .slice(before)
        .map(({ body }) => placeOf(body)),
    ).toEqual(['remarks']);
    expectTaken(team);
    await room.stop();
    await team.close();
    await expectSound(workbench);
  });

  it('a hand back of nothing says so and goes on as before', async () => {
    const held = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 1);
    const repository = workingClone(nodeProject);
    const { team, taskId, asked } = await begin(repository.path, held);
    const inFlight = asked().at(-1);
    await room.say(taskId, 'Take over.');
    await waitFor(() => inFlight?.isAborted === true);
    const person = takeOver(await commandsOn(taskId));
    expect(repository.git('branch', '--show-current').trim()).toBe((await room.task(taskId)).branch);
    // Whoever has the branch checked out goes back first, else the factory could not move it.
    person('git', '-C', repository.path, 'switch', '-q', 'main');
    expect((await room.say(taskId, 'hand back')).text).toMatch(
      /nothing new on the branch, so task \d+ goes on as before/,
    );
    await room.until(taskId, ({ state }) => state === 'in-review');
    expectTaken(team);
  });

  /** The commands of the newest card, one a line, as a person would copy them. */
  async function commandsOn(taskId: string): Promise<string> {
    let text: string | null = null;
    await waitFor(async () => {
      const blocks = (await room.posts({ kind: 'task', id: taskId })).flatMap(({ card }) => card.blocks);
      const found = blocks.findLast((block) => block.type === 'code' && block.language === 'sh');
      text = found?.type === 'code' ? found.text : null;
      return text !== null;
    });
    return text ?? '';
  }
});

/** A bare repository that the factory and the person share. */
function bareProject(): string {
  const clone = workingClone(nodeProject);
  const folder = temporaryFolder();
  gitIn(folder, 'clone', '-q', '--bare', clone.path, 'project.git');
  return `${folder}/project.git`;
}

/** Types the commands into one shell, and goes on from where they lead. */
function takeOver(commands: string) {
  const folder = temporaryFolder();
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_COUNT: '3',
    GIT_CONFIG_KEY_0: 'safe.directory',
    GIT_CONFIG_VALUE_0: '*',
    GIT_CONFIG_KEY_1: 'user.name',
    GIT_CONFIG_VALUE_1: 'Ada',
    GIT_CONFIG_KEY_2: 'user.email',
    GIT_CONFIG_VALUE_2: 'ada@example.invalid',
  };
  const typed = execFileSync('bash', ['-ec', `${commands}\npwd`], { cwd: folder, env, encoding: 'utf8' });
  const cwd = typed.trim().split('\n').at(-1) ?? folder;
  const run = (program: string, ...args: string[]) =>
    execFileSync(program, args, { cwd, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  return Object.assign(run, { write: (files: Readonly<Record<string, string>>) => writeFiles(cwd, files) });
}
