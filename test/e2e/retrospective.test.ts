import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWorkbench } from '#src/compose.ts';
import { loadConfig } from '#src/config.ts';
import type { Post } from '#src/ports/chat.ts';
import { lastTurnOf } from '#src/retro-schedule.ts';
import { writeProject, writeTasks } from '#test/reflection/digest/week-in-store.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { openLiveRoom } from './support/live-room.ts';
import { E2E_TIMEOUT_MS, expectSound } from './support/runs.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

const DAY_MS = 86_400_000;
const PROJECT = 'greeter';
const schedule = { cron: '0 9 * * 1', timeZone: 'UTC' };

describe('the week of a project', { timeout: E2E_TIMEOUT_MS }, () => {
  let test: TestWorkbench;
  beforeEach(async () => {
    test = await createTestWorkbench();
  });
  afterEach(() => test.remove());

  /** Two tasks were merged in the week before the last turn, while nothing ran that could look back on it. */
  async function sleepThroughMonday(): Promise<void> {
    const config = loadConfig({ WORKBENCH_DATA: test.dataDir, LOG_LEVEL: 'silent' }, test.folder);
    const workbench = await openWorkbench(config, { npmProgram: null, registryHost: null, path: null });
    const turnMs = lastTurnOf(schedule, new Date()).getTime();
    const before = (days: number) => new Date(turnMs - days * DAY_MS).toISOString();
    await writeProject(workbench, PROJECT, 'Greeter', before(30));
    await writeTasks(workbench, PROJECT, [
      { number: 1, title: 'Greet by name', committedAt: before(3) },
      { number: 2, title: 'Greet in French', committedAt: before(2) },
    ]);
    await workbench.close();
  }

  it('is told of in the room at the next start, once over all later ones', async () => {
    await sleepThroughMonday();
    for (const start of ['first', 'second']) {
      const room = await openLiveRoom(test, { RETRO_CRON: schedule.cron, TIME_ZONE: schedule.timeZone });
      const told = async (): Promise<Post[]> => {
        const all = await room.posts({ kind: 'project', id: PROJECT });
        return all.filter(({ key }) => key.startsWith('retro:'));
      };
      await waitFor(async () => (await told()).length > 0);
      const [post, ...others] = await told();
      expect(others, start).toEqual([]);
      expect(post?.author).toEqual({ kind: 'persona', name: 'moltbot' });
      expect(JSON.stringify(post?.card)).toContain('2 · Greet in French');
      expect(await room.workbench.unitOfWork.ledger.stream(`retrospectives:${PROJECT}`)).toHaveLength(1);
      await room.stop();
      await room.close();
    }
    await expectSound(test);
  });
});
