import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingClone } from '#test/support/repository.ts';
import { DOUBLE, DOUBLE_TEST, done, placeOf, use, writes } from '#test/support/scripted-team.ts';
import { canary, expectNowhere } from '../support/canary.ts';
import { lookInside } from '../support/look-inside.ts';
import { expectTaken, noCode, placesOf, startTeam, WRITE, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile, subjects } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

describe('a conversation without code, with a model', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
  });
  afterAll(() => workbench.remove());

  it('becomes a plan, a red test, code and a merge, and its secrets stay at home (C15)', async () => {
    const spoken = canary('GitHub token');
    const written = canary('npm token');
    const messy = DOUBLE.replace('return', 'const tidy = 1;\n  return');
    const team = await startTeam({
      build: [
        use(
          ['read_file', { path: 'src/registry.js', from: null, to: null }],
          ['search', { pattern: 'registry', regex: false, path: '' }],
        ),
        writes('src/double.js', messy),
        use(['run_check', { name: 'npm test' }]),
        done(`Doubles a number; the token is ${spoken}.`),
      ],
      cleanUp: [
        use(['edit_file', { path: 'src/double.js', old: '  const tidy = 1;\n', new: '' }]),
        done('A constant that nobody used is gone.'),
      ],
      remarks: [{ remarks: [{ path: 'src/double.js', text: `It uses ${written} nowhere.` }] }],
    });
    const repository = workingClone({ ...nodeProject, 'src/registry.js': `export const registry = '${written}';\n` });
    const talk = writeTalk(workbench, 'Doubling', [
      ...noCode,
      ['user', `The double function needs no login; ours is ${spoken} anyway.`],
    ]);
    const result = await runFile(workbench, talk, repository.path, WRITE, { env: team.env });
    expectTaken(team);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged', attempts: 1, pullRequest: 1 }] });
    expect(repository.git('show', 'main:src/double.js')).toBe(DOUBLE);
    expect(repository.git('show', 'main:test/double.test.js')).toBe(DOUBLE_TEST);
    expect(new Set(placesOf(team).filter((place) => place !== 'refine'))).toEqual(
      new Set(['scope', 'plan', 'tests', 'build', 'cleanUp', 'remarks']),
    );
    await team.close();
    await expectSound(workbench);

    const taskId = result.tasks[0]?.id ?? '';
    await lookInside(workbench, async ({ posts, artifacts, packet, workbench: opened }) => {
      const lock = await packet<{ writtenBy: string; redOnBase: boolean; packArtifact: string }>('behaviour.locked');
      const build = await packet<{ cleanUp: unknown; model: string; packArtifact: string }>('code.generated');
      expect(lock).toMatchObject({ writtenBy: 'vera', redOnBase: true });
      expect(build).toMatchObject({ model: 'scripted', cleanUp: { kept: true }, outsidePlan: [], testsTouched: [] });
      const packs = artifacts.filter(({ kind }) => kind === 'context-pack').map(({ hash }) => hash);
      expect(packs).toEqual(expect.arrayContaining([lock.packArtifact, build.packArtifact]));

      const thread = await posts({ kind: 'task', id: taskId });
      const calls = await opened.unitOfWork.tables.find('model_calls', { taskId });
      const tokens = calls.reduce((sum, call) => sum + call.countedTokens, 0);
      expect(tokens).toBeGreaterThan(0);
      const status = thread.find(({ card }) => card.kind === 'status');
      expect(JSON.stringify(status?.card)).toMatch(/"label":"Cost","value":"0\.0\d USD, [\d,]+ tokens, scripted"/);

      const idea = await posts({ kind: 'idea', id: result.conversationId });
      expectNowhere([spoken, written], {
        requests: team.requests.map(({ body }) => JSON.stringify(body)),
        chat: [...thread, ...idea].map((post) => JSON.stringify(post)),
        commits: [repository.git('log', '--format=%B', 'main'), repository.git('diff', 'main~1', 'main')],
        // An answer is kept letter by letter, to be used again; what a model was never told it cannot really say.
        artifacts: artifacts
          .filter(({ kind }) => kind !== 'model-answer')
          .map(({ kind, content }) => `${kind} ${content}`),
        page: [JSON.stringify(await opened.createDesk().run(taskId))],
      });
    });
    expect(JSON.stringify(team.requests.map(({ body }) => body))).toContain('[redacted npm token]');
  });

  it('whose checks fail is mended by the next attempt', async () => {
    const wrong = writes('src/double.js', DOUBLE.replace('2', '3').replace('n * 2', 'n * 3'));
    const team = await startTeam({ build: [wrong, done('Doubles a number.')] });
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, writeTalk(workbench, 'Wrong at first'), repository.path, WRITE, {
      env: team.env,
    });
    expectTaken(team);
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged', attempts: 2, pullRequest: 1 }] });
    expect(repository.git('show', 'main:src/double.js')).toBe(DOUBLE);
    // The findings of the attempt before stand in front of the one that mends it.
    const mend = team.requests.find(({ body }) => placeOf(body) === 'mend');
    expect(mend?.body.messages[1]?.content).toMatch(/c1 double\(4\) returns 8/);
    expect(subjects(repository.git)).toHaveLength(2);
    await team.close();
    await expectSound(workbench);
  });
});
