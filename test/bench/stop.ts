import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openLiveRoom } from '#test/e2e/support/live-room.ts';
import type { LiveRoom } from '#test/e2e/support/live-room.ts';
import { writeTalk } from '#test/e2e/support/model-runs.ts';
import { nodeProject } from '#test/e2e/support/talk.ts';
import { createTestWorkbench } from '#test/e2e/support/workbench.ts';
import type { TestWorkbench } from '#test/e2e/support/workbench.ts';
import { isAlive, processesUnder } from '#test/faults/processes.ts';
import { gitIn, writeFiles } from '#test/support/repository.ts';
import { holdRequest } from '#test/support/held-request.ts';
import type { HeldRequest } from '#test/support/held-request.ts';
import { startScriptedModel } from '#test/support/scripted-model.ts';
import { createTeam, placeOf } from '#test/support/scripted-team.ts';
import type { Measure, Table } from './table.ts';
import { median, show } from './table.ts';

const RUNS = 10;
const LOOK_EVERY_MS = 2;
const HANGS = 'await new Promise((resolve) => setTimeout(resolve, 1e9));\n';

/** Times from the moment at which `stop` is sent. */
interface Stopped {
  endedMs: number;
  recordedMs: number;
}

/** Brings a task as far as `isAtWork`, says stop, and waits until `hasEnded` and until everybody can read it. */
async function stopOnce(
  room: LiveRoom,
  file: string,
  { repository, isAtWork }: { repository: string; isAtWork(): Promise<() => boolean> },
): Promise<Stopped> {
  const taskId = await room.commit(await room.bring(file, repository));
  const hasEnded = await isAtWork();
  const begin = performance.now();
  const since = async (isSo: () => boolean | Promise<boolean>): Promise<number> => {
    while (!(await isSo())) await sleep(LOOK_EVERY_MS);
    return performance.now() - begin;
  };
  const said = room.say(taskId, 'stop');
  const [endedMs, recordedMs, { ok, text }] = await Promise.all([
    since(hasEnded),
    since(async () => (await room.task(taskId)).state === 'cancelled'),
    said,
  ]);
  if (!ok) throw new Error(`stop was refused: ${text}`);
  return { endedMs, recordedMs };
}

function rowOf(name: string, times: readonly Stopped[]): string[] {
  const pair = (values: readonly number[]) => [show(median(values), 0), show(Math.max(...values), 0)];
  return [name, ...pair(times.map(({ endedMs }) => endedMs)), ...pair(times.map(({ recordedMs }) => recordedMs))];
}

async function measure(workbench: TestWorkbench): Promise<Table> {
  let held: HeldRequest | null = null;
  const model = await startScriptedModel(createTeam(), { hold: (body) => held?.hold(body) ?? null });
  const room = await openLiveRoom(workbench, { OPENAI_MODEL: 'scripted', OPENAI_BASE_URL: model.url });
  const plans = () => model.requests.filter(({ body }) => placeOf(body) === 'plan');
  const checks = () => processesUnder(workbench.dataDir, /postgres/).filter(({ command }) => /--test/.test(command));

  const duringRequest = async (): Promise<() => boolean> => {
    await held?.reached;
    const inFlight = plans().at(-1);
    return () => inFlight?.isAborted === true;
  };
  const duringCheck = async (): Promise<() => boolean> => {
    while (checks().length === 0) await sleep(LOOK_EVERY_MS);
    const pids = checks().map(({ pid }) => pid);
    return () => !pids.some(isAlive);
  };
  try {
    const quick = makeRepository(workbench, 'quick', {});
    const hanging = makeRepository(workbench, 'hanging', { 'test/one.test.js': HANGS });
    const times: { request: Stopped[]; check: Stopped[] } = { request: [], check: [] };
    for (let run = 1; run <= RUNS; run += 1) {
      held = holdRequest((body) => placeOf(body) === 'plan');
      const talk = writeTalk(workbench, `Request ${run}`);
      times.request.push(await stopOnce(room, talk, { repository: quick, isAtWork: duringRequest }));
      held = null;
      const other = writeTalk(workbench, `Check ${run}`);
      times.check.push(await stopOnce(room, other, { repository: hanging, isAtWork: duringCheck }));
    }
    return {
      title: `From \`stop\` in the thread of a running room, ${RUNS} times each`,
      columns: ['what runs', 'ended: median ms', 'longest', 'task shows as stopped: median ms', 'longest'],
      rows: [
        rowOf('a request to a model, until its connection is closed', times.request),
        rowOf('a check that hangs in the sandbox, until no process is left', times.check),
      ],
      note: 'Aim: under 1,000 ms.',
    };
  } finally {
    await room.close();
    await model.close();
  }
}

function makeRepository(workbench: TestWorkbench, name: string, files: Readonly<Record<string, string>>): string {
  const folder = path.join(workbench.folder, name);
  mkdirSync(folder);
  writeFiles(folder, { ...nodeProject, ...files });
  gitIn(folder, 'init', '-q');
  gitIn(folder, 'add', '-A');
  gitIn(folder, 'commit', '-q', '-m', 'first');
  return folder;
}

/** Time from `stop` until what ran for the task has ended, and until the task is stopped for everybody who looks. */
export const stopMeasure: Measure = {
  name: 'stop',
  async run() {
    const workbench = await createTestWorkbench();
    try {
      return [await measure(workbench)];
    } finally {
      await workbench.remove();
    }
  },
};
