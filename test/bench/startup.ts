import { spawn } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { createTempFolder } from '#test/support/temp-folder.ts';
import type { Measure } from './table.ts';
import { median, show } from './table.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const WARM_RUNS = 5;
const SETTLE_MS = 6000;

interface Started {
  firstAnswerMs: number;
  idleMb: number | null;
}

/** Starts the whole workbench, waits for its first page, and stops it. */
async function startOnce(dataDir: string, { measureIdle }: { measureIdle: boolean }): Promise<Started> {
  const begin = performance.now();
  const child = spawn(process.execPath, ['src/main.ts', 'start'], {
    cwd: ROOT,
    env: { ...process.env, INIT_CWD: ROOT, PORT: '0', WORKBENCH_DATA: dataDir, DATABASE_URL: '', REDIS_URL: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const found = /^Room: (\S+)$/m.exec(said)?.[1];
        if (found !== undefined) resolve(found);
      });
      child.once('exit', (code) => reject(new Error(`the workbench ended with ${code} before it was ready`)));
    });
    const response = await fetch(address, { redirect: 'manual' });
    await response.arrayBuffer();
    const firstAnswerMs = performance.now() - begin;
    if (response.status >= 400) throw new Error(`the room answered ${response.status}`);
    if (!measureIdle) return { firstAnswerMs, idleMb: null };
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    return { firstAnswerMs, idleMb: await memoryMb(child.pid ?? 0, dataDir) };
  } finally {
    child.kill('SIGINT');
    await new Promise((resolve) => child.once('close', resolve));
  }
}

/** Proportional memory of the process and of the PostgreSQL on its data: shared pages are counted once. */
async function memoryMb(pid: number, dataDir: string): Promise<number> {
  const parents = new Map<number, number>();
  const own = new Set([pid]);
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1] ?? 0));
    const command = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
    if (command.includes(dataDir)) own.add(Number(name));
  }
  for (let grew = true; grew; ) {
    grew = false;
    for (const [child, parent] of parents) {
      if (own.has(parent) && !own.has(child)) {
        own.add(child);
        grew = true;
      }
    }
  }
  let kilobytes = 0;
  for (const process of own) {
    const rollup = await readFile(`/proc/${process}/smaps_rollup`, 'utf8').catch(() => '');
    kilobytes += Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
  }
  return kilobytes / 1024;
}

/** Time from the command to the room's first answer, on fresh and on warm data, and memory at rest. */
export const startupMeasure: Measure = {
  name: 'startup',
  async run() {
    const folder = await createTempFolder();
    const dataDir = path.join(folder.path, 'data');
    const cold = await startOnce(dataDir, { measureIdle: false });
    const warm: number[] = [];
    for (let run = 0; run < WARM_RUNS; run += 1)
      warm.push((await startOnce(dataDir, { measureIdle: false })).firstAnswerMs);
    const { idleMb } = await startOnce(dataDir, { measureIdle: true });
    await folder.remove();
    return [
      {
        title: 'Start and rest',
        columns: ['what', 'measured', 'aim'],
        rows: [
          ['fresh data to first answer', `${show(cold.firstAnswerMs, 0)} ms`, ''],
          [`warm data to first answer (median of ${WARM_RUNS})`, `${show(median(warm), 0)} ms`, 'under 2,000 ms'],
          ['memory at rest, all processes', `${show(idleMb ?? Number.NaN, 0)} MB`, 'under 200 MB'],
        ],
        note: 'Memory is proportional (PSS): pages shared between processes count once.',
      },
    ];
  },
};
