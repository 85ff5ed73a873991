import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBubblewrapSandbox } from '#infra/sandbox/bubblewrap.ts';
import { createUnsandboxed } from '#infra/sandbox/unsandboxed.ts';
import { silentLog } from '#src/ports/log.ts';
import type { Sandbox, SandboxCommand, SandboxWorkspace } from '#src/ports/sandbox.ts';
import { type CheckPlan, detectChecks, type PlannedCheck } from '#src/qa/detect-checks.ts';
import { runChecks } from '#src/qa/run-checks.ts';

const sha = 'c'.repeat(40);
const planOf = (...checks: Partial<PlannedCheck>[]): CheckPlan => ({
  prepare: null,
  checks: checks.map((check) => ({
    name: 'check',
    command: 'true',
    report: { from: 'stdout' },
    env: {},
    timeoutSeconds: 60,
    ...check,
  })),
  source: 'factory.yaml',
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checks test-'));
  await chmod(folder, 0o755);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const options = () => ({ workspacesDir: folder, node: { binary: process.execPath, npmDir: null }, log: silentLog });
const bubblewrapWorks = async (): Promise<boolean> => {
  const own = await mkdtemp(join(tmpdir(), 'probe-'));
  await chmod(own, 0o755);
  const { ok } = await createBubblewrapSandbox({ ...options(), workspacesDir: own }).probe();
  await rm(own, { recursive: true });
  return ok;
};
const isolated = await bubblewrapWorks();

const adapters: [string, boolean, () => Sandbox][] = [
  ['none', true, () => createUnsandboxed(options())],
  [
    isolated ? 'bubblewrap' : 'bubblewrap (skipped: it cannot run here)',
    isolated,
    () => createBubblewrapSandbox(options()),
  ],
];

describe.each(adapters)('running checks in %s', (_name, usable, makeSandbox) => {
  describe.skipIf(!usable)('a workspace', () => {
    let workspace: SandboxWorkspace;
    const ran: SandboxCommand[] = [];
    const watched = (): SandboxWorkspace => ({
      ...workspace,
      run: (command) => {
        ran.push(command);
        return workspace.run(command);
      },
    });
    const runPlan = (plan: CheckPlan) => runChecks(watched(), plan, { sha, cwd: 'repo' });

    beforeAll(async () => {
      workspace = await makeSandbox().createWorkspace();
      await workspace.write('repo/.keep', '');
    });
    beforeEach(() => {
      ran.length = 0;
    });
    afterAll(() => workspace.dispose());

    it("reads the cases of Node's runner by name, with its usual output kept", async () => {
      const files: Record<string, string> = {
        'package.json': '{"scripts":{"test":"node --test"}}',
        'slug.test.js':
          "const t = require('node:test'); t('joins words', () => {}); t('lower-cases', () => { throw new Error('oh\\u001b[2K') });",
      };
      for (const [path, text] of Object.entries(files)) await workspace.write(`repo/${path}`, text);
      const plan = await detectChecks(Object.keys(files), async (path) => files[path] ?? null, null);
      const report = await runPlan(plan);
      expect(report).toMatchObject({
        sha,
        prepare: null,
        checks: [{ name: 'npm test', command: 'npm test', exitCode: 1, endedBy: null }],
      });
      expect(report.checks[0]?.cases?.map((each) => [each.name, each.status])).toEqual([
        ['joins words', 'passed'],
        ['lower-cases', 'failed'],
      ]);
      expect(report.checks[0]?.outputTail).toMatch(/✔ joins words/);
      expect(report.checks[0]?.outputTail).not.toContain('\u001b');
      expect(report.checks[0]?.outputTail.length).toBeLessThanOrEqual(4000);
      expect((await workspace.run({ argv: ['ls', '-A', 'repo'] })).stdout).not.toContain('factory');
    });

    it('prepares first with what it may reach, and checks without', async () => {
      const plan: CheckPlan = {
        ...planOf({ command: 'cat made' }),
        prepare: { command: 'echo ready > made', domains: ['example.org'], timeoutSeconds: 30 },
      };
      const report = await runPlan(plan);
      expect(report.prepare).toMatchObject({ name: 'prepare', exitCode: 0, cases: null });
      expect(report.checks[0]).toMatchObject({ exitCode: 0, outputTail: 'ready' });
      expect(ran.map((command) => command.domains ?? [])).toEqual([['example.org'], [], [], []]);
      expect(ran.at(-1)).toMatchObject({ cwd: 'repo', limits: { wallSeconds: 60 } });
    });

    it('stops where preparing failed', async () => {
      const report = await runPlan({
        ...planOf({}),
        prepare: { command: 'echo broken >&2; exit 4', domains: [], timeoutSeconds: 30 },
      });
      expect(report.prepare).toMatchObject({ exitCode: 4, outputTail: 'broken' });
      expect(report.checks).toEqual([]);
      expect(ran).toHaveLength(1);
    });

    it('runs nothing where there are no checks', async () => {
      expect(await runPlan(planOf())).toEqual({ sha, prepare: null, checks: [] });
      expect(ran).toEqual([]);
    });

    it('reads the report that factory.yaml names, and never one that was there before', async () => {
      const xml = '<testsuite><testcase name="from the file"/></testsuite>';
      await workspace.write('repo/out/r.xml', xml);
      const report = { from: 'repository', path: 'out/r.xml' } as const;
      const stale = (await runPlan(planOf({ report }))).checks[0];
      expect(stale).toMatchObject({ exitCode: 0, cases: null, outputTail: 'The check left no results in out/r.xml.' });
      const fresh = (await runPlan(planOf({ report, command: `mkdir -p out && echo '${xml}' > out/r.xml` }))).checks[0];
      expect(fresh?.cases?.map((each) => each.name)).toEqual(['from the file']);
    });

    it('does not read a report through a link, nor one of another check', async () => {
      const report = { from: 'repository', path: 'r.tap' } as const;
      const linked = (
        await runPlan(planOf({ report, command: 'echo "1..1\nok 1 - elsewhere" > real; ln -s real r.tap' }))
      ).checks[0];
      expect(linked).toMatchObject({ exitCode: 0, cases: null, outputTail: expect.stringContaining('it is a link') });
      const shared = { report: { from: 'reports', file: 'x.tap' } as const, env: { OUT: '{reports}/x.tap' } };
      const both = await runPlan(
        planOf({ ...shared, command: 'printf "1..1\\nok 1 - mine\\n" > "$OUT"' }, { ...shared, name: 'other' }),
      );
      expect(both.checks.map((check) => check.cases?.map((each) => each.name) ?? null)).toEqual([['mine'], null]);
    });

    it('reads TAP and go test -json out of what was printed', async () => {
      const tap = (
        await runPlan(planOf({ command: 'echo "> x@1 test"; echo "TAP version 13"; echo "ok 1 - a"; echo "1..1"' }))
      ).checks[0];
      expect(tap?.cases?.map((each) => each.name)).toEqual(['a']);
      const event = (action: string, more: object) =>
        `printf '%s\\n' '${JSON.stringify({ Action: action, Package: 'p', Test: 'T', ...more })}'`;
      const go = (await runPlan(planOf({ command: `${event('output', { Output: 'seen\n' })}; ${event('pass', {})}` })))
        .checks[0];
      expect(go?.cases?.map((each) => each.name)).toEqual(['p > T']);
      expect(go?.outputTail).toBe('seen');
      expect((await runPlan(planOf({ command: 'echo all 12 tests passed' }))).checks[0]?.cases).toBeNull();
    });

    it('does not trust printed results of which a part was dropped', async () => {
      const command =
        'head -c 9000000 /dev/zero | tr "\\0" "x"; echo; echo "TAP version 13"; echo "ok 1 - a"; echo "1..1"';
      const flooded = (await runPlan(planOf({ command }))).checks[0];
      expect(flooded).toMatchObject({ exitCode: 0, cases: null });
      expect(flooded?.outputTail.endsWith('1..1')).toBe(true);
    });

    it('leaves out what comes after a stop', async () => {
      const controller = new AbortController();
      const stopping: SandboxWorkspace = {
        ...workspace,
        run: (command) => {
          if (command.argv[2] === 'sleep 100') setTimeout(() => controller.abort(), 50);
          return workspace.run(command);
        },
      };
      const plan = planOf({ command: 'sleep 100' }, { name: 'second', command: 'echo > second' });
      const report = await runChecks(stopping, plan, { sha, cwd: 'repo', signal: controller.signal });
      expect(report.checks).toMatchObject([{ name: 'check', exitCode: null, endedBy: 'stopped' }]);
      expect(await workspace.read('repo/second', 10)).toBeNull();
    });
  });
});
