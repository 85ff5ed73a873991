import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BuildResultPacket } from '#src/packets/build-result.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import { workingClone } from '#test/support/repository.ts';
import { DOUBLE, DOUBLE_TEST, done, placeOf, plans, use, writes } from '#test/support/scripted-team.ts';
import { lookInside } from '../support/look-inside.ts';
import { expectTaken, startTeam, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile } from '../support/runs.ts';
import { block, nodeProject } from '../support/talk.ts';
import type { Turn } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

const WRONG = DOUBLE.replace('n * 2', 'n * 3');
const withCode: readonly Turn[] = [
  ['user', 'Please write a function double(n) in src/double.js. double(4) must return 8.'],
  ['assistant', `${block('src/double.js', WRONG)}\n\n${block('test/double.test.js', DOUBLE_TEST)}`],
  ['user', 'Perfect, that is what we need.'],
];

describe('code of the conversation that fails', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
  });
  afterAll(() => workbench.remove());

  it('is mended at the second attempt, and tests set aside or deleted on the way are told first (A28)', async () => {
    const project = { ...nodeProject, 'test/other.test.js': nodeProject['test/one.test.js'] ?? '' };
    const team = await startTeam({
      plan: [plans([], [])],
      mend: [
        use(
          ['edit_file', { path: 'test/one.test.js', old: "test('one", new: "test.skip('one" }],
          ['delete_file', { path: 'test/other.test.js' }],
        ),
        writes('src/double.js', DOUBLE),
        done('Doubles instead of tripling.'),
      ],
    });
    const repository = workingClone(project);
    const talk = writeTalk(workbench, 'Tripled', withCode);
    const result = await runFile(workbench, talk, repository.path, ['--write'], { env: team.env });
    expectTaken(team);
    const [task] = result.tasks;
    expect(result).toMatchObject({ exitCode: 3, tasks: [{ state: 'in-review', attempts: 2, mergedSha: null }] });
    const branch = task?.branch ?? '';
    expect(repository.git('show', `${branch}:src/double.js`)).toBe(DOUBLE);
    expect(repository.git('show', `${branch}:test/double.test.js`)).toBe(DOUBLE_TEST);
    // The conversation's code was tried as it stands; only then was a model asked, with what the checks had said.
    const asked = team.requests.filter(({ body }) => ['build', 'mend'].includes(placeOf(body)));
    expect(new Set(asked.map(({ body }) => placeOf(body)))).toEqual(new Set(['mend']));
    expect(asked[0]?.body.messages[1]?.content).toMatch(
      /<outside origin="output of check npm test"[^]+double\(4\) returns 8/,
    );
    await team.close();
    await expectSound(workbench);

    await lookInside(workbench, async ({ events, packet, posts }) => {
      const id = task?.id ?? '';
      expect(events.filter(({ type }) => type === 'retry.scheduled')).toHaveLength(1);
      expect(await packet<BuildResultPacket>('code.generated', id)).toMatchObject({
        model: 'scripted',
        testsTouched: ['test/one.test.js', 'test/other.test.js'],
        outsidePlan: ['test/one.test.js', 'test/other.test.js'],
      });
      expect(await packet<QaResultPacket>('qa.passed', id)).toMatchObject({ outcome: 'passed' });
      const thread = await posts({ kind: 'task', id });
      const review = thread.find(({ card }) => card.kind === 'review')?.card;
      const first = review?.blocks.find((each) => each.type === 'list' && each.title === 'Look at first');
      const notes = first?.type === 'list' ? first.items.map(({ text }) => text) : [];
      expect(notes).toEqual([
        'test/one.test.js: an existing test is changed.',
        'test/other.test.js: an existing test is deleted.',
        '"one is 1" passed before this change and is skipped now.',
        'test/one.test.js: sets tests aside (`test.skip`).',
        'src/double.js: the largest change.',
      ]);
      const leads = thread.map(({ card }) => card.lead).join('\n');
      expect(leads).toMatch(/The checks fail: "c1 double\(4\) returns 8" fails: Expected values .+: 12 !== 8/);
      expect(leads).toContain(
        'It touches 2 test files that it is judged by. Written with scripted, which says: "Doubles instead of tripling."',
      );
    });
  });
});
