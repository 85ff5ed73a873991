import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readProcess } from '#infra/sandbox/process-table.ts';
import { createUnsandboxed } from '#infra/sandbox/unsandboxed.ts';
import { silentLog } from '#src/ports/log.ts';
import type { Sandbox } from '#src/ports/sandbox.ts';
import { describeSandboxContract } from '#test/contracts/sandbox.ts';
import { waitFor } from '#test/support/wait-for.ts';

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function makeSandbox(workspacesDir?: string): Promise<Sandbox> {
  const folder = workspacesDir ?? (await mkdtemp(join(tmpdir(), 'plain-test-')));
  // The user that root drops to has to walk through.
  await chmod(folder, 0o755);
  folders.push(folder);
  return createUnsandboxed({
    workspacesDir: folder,
    node: { binary: process.execPath, npmDir: null },
    workspaceBytes: 96 * 1024 * 1024,
    log: silentLog,
  });
}

describeSandboxContract('none', () => makeSandbox());

describe('SANDBOX=none', () => {
  it('calls itself none, and says what that means', async () => {
    const sandbox = await makeSandbox();
    expect(sandbox.kind).toBe('none');
    expect(await sandbox.probe()).toMatchObject({ ok: true, detail: expect.stringContaining('without a sandbox') });
  });

  it.each([
    [
      'before anybody saw it',
      '(setsid sh -c "echo \\$\\$ > pid; exec sleep 1000" &); until [ -s pid ]; do sleep 0.05; done',
    ],
    [
      'when its parent ended',
      'setsid sh -c "echo \\$\\$ > pid; exec sleep 1000" & until [ -s pid ]; do sleep 0.05; done',
    ],
  ])('ends a process that left the tree and its group %s', async (_, script) => {
    const workspace = await (await makeSandbox()).createWorkspace();
    const result = await workspace.run({ argv: ['sh', '-c', script] });
    expect(result.exitCode).toBe(0);
    const pid = Number(new TextDecoder().decode((await workspace.read('pid', 20)) ?? new Uint8Array()));
    expect(pid).toBeGreaterThan(1);
    await waitFor(() => readProcess(pid) === null);
    await workspace.dispose();
  });

  it('sweeps the processes and folders of a factory that was killed', async () => {
    const workspacesDir = await mkdtemp(join(tmpdir(), 'plain-test-'));
    folders.push(workspacesDir);
    const program = new URL('./fixtures/run-plain-for-ever.ts', import.meta.url).pathname;
    await chmod(workspacesDir, 0o755);
    const child = spawn(process.execPath, [program, workspacesDir], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(readProcess(pid)).not.toBeNull();
    const workspace = await (await makeSandbox(workspacesDir)).createWorkspace();
    await waitFor(() => readProcess(pid) === null);
    const left = (await readdir(workspacesDir)).filter((name) => name.startsWith(`ws-${child.pid}-`));
    expect(left).toEqual([]);
    await workspace.dispose();
  });
});
