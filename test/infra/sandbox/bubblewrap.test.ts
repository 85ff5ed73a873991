import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createBubblewrapSandbox } from '#infra/sandbox/bubblewrap.ts';
import type { Log } from '#src/ports/log.ts';
import { silentLog } from '#src/ports/log.ts';
import type { Sandbox, SandboxCommand, SandboxResult, SandboxWorkspace } from '#src/ports/sandbox.ts';
import { describeSandboxContract } from '#test/contracts/sandbox.ts';
import { waitFor } from '#test/support/wait-for.ts';

const MiB = 1024 * 1024;
const folders: string[] = [];

/** A folder that the dropped user can walk to, wherever the machine keeps temporary files. */
async function openFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandbox-test-'));
  await chmod(folder, 0o755);
  folders.push(folder);
  return folder;
}

async function makeSandbox(
  more: { workspacesDir?: string; log?: Log; bwrap?: string; binary?: string } = {},
): Promise<Sandbox> {
  return createBubblewrapSandbox({
    workspacesDir: more.workspacesDir ?? (await openFolder()),
    node: { binary: more.binary ?? process.execPath, npmDir: null },
    workspaceBytes: 96 * MiB,
    log: more.log ?? silentLog,
    ...(more.bwrap === undefined ? {} : { bwrap: more.bwrap }),
  });
}

const probe = await (await makeSandbox()).probe();
const unavailable = probe.ok ? '' : ` (skipped: ${probe.reason})`;

afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!probe.ok)(`bubblewrap${unavailable}`, () => {
  describeSandboxContract('bubblewrap', makeSandbox);

  describe('shuts in', () => {
    let workspace: SandboxWorkspace;
    let server: Server;
    let port: number;
    const sh = (script: string, more: Partial<SandboxCommand> = {}): Promise<SandboxResult> =>
      workspace.run({ argv: ['sh', '-c', script], ...more });

    beforeAll(async () => {
      workspace = await (await makeSandbox()).createWorkspace();
      server = createServer((_request, response) => response.end('from the host')).listen(0, '127.0.0.1');
      await once(server, 'listening');
      port = (server.address() as AddressInfo).port;
    });
    afterAll(async () => {
      await workspace.dispose();
      server.close();
    });

    it('runs as an ordinary user without rights that could be regained (C18)', async () => {
      const result = await sh('id -u; grep -E "^(CapEff|CapPrm|CapBnd|NoNewPrivs|Seccomp):" /proc/self/status');
      const lines = result.stdout.split(/\s+/).join(' ').trim();
      expect(lines).toBe(
        '1000 CapPrm: 0000000000000000 CapEff: 0000000000000000 CapBnd: 0000000000000000 NoNewPrivs: 1 Seccomp: 2',
      );
      expect((await sh('unshare --user true')).exitCode).not.toBe(0);
    });

    it('shows no file of the host but the system (C17)', async () => {
      const secret = await openFolder();
      await writeFile(join(secret, 'secret'), 'secret');
      const result = await sh(
        `cat ${secret}/secret; ls -A /root /var /srv /mnt /sys ${process.cwd()} 2>&1; ls /home; cat /etc/shadow; cat /etc/passwd`,
      );
      expect(result.stdout).not.toMatch(/^secret/m);
      expect(result.stdout).not.toContain('package.json');
      expect(result.stdout).toMatch(/^agent$/m);
      expect(result.stdout).not.toMatch(/^root:/m);
      expect(result.stderr).toContain('/etc/shadow');
    });

    it('shows no process of the host, and no environment of its own keeper (C17, A24)', async () => {
      const result = await sh('ls -d /proc/[0-9]* | wc -l; wc -c < /proc/1/environ');
      const [count, environment] = result.stdout.trim().split('\n');
      expect(Number(count)).toBeLessThan(8);
      expect(environment).toBe(String('PATH=/usr/local/bin:/usr/bin:/bin'.length + 1));
    });

    it('passes on no open file that the factory inherited', async () => {
      const folder = await openFolder();
      await writeFile(join(folder, 'lock'), 'of the host');
      const lock = await open(join(folder, 'lock'), 'r');
      const program = new URL('./fixtures/run-once.ts', import.meta.url).pathname;
      const script = 'ls -l /proc/self/fd; cat /proc/self/fd/40';
      const child = spawn(process.execPath, [program, folder, script], {
        // Node itself shuts what it inherited up to 16 or so, and nothing above.
        stdio: ['ignore', 'pipe', 'inherit', ...Array.from({ length: 37 }, () => 'ignore' as const), lock.fd],
      });
      let printed = '';
      child.stdout?.on('data', (chunk: Buffer) => {
        printed += chunk.toString();
      });
      await once(child, 'close');
      await lock.close();
      expect(printed).toMatch(/ 40 -> \/dev\/null$/m);
      expect(printed).not.toContain('of the host');
      const targets = [...printed.matchAll(/-> (.*)$/gm)].map((match) => match[1] ?? '');
      expect(targets.filter((target) => !/^(\/dev\/null|pipe:.*|socket:.*|\/proc\/\d+\/fd)$/.test(target))).toEqual([]);
    });

    it('lets nothing be written but its own folders (C18)', async () => {
      const targets = [
        '/x',
        '/usr/x',
        '/etc/x',
        '/opt/x',
        '/dev/x',
        '/opt/node/bin/node',
        '/home/x',
        '/var/x',
        '/proc/sys/kernel/hostname',
      ];
      for (const target of targets) expect((await sh(`echo x > ${target}`)).exitCode, target).not.toBe(0);
      for (const target of ['/tmp/x', '/workspace/x', '/home/agent/x', '/dev/shm/x']) {
        expect((await sh(`echo x > ${target}`)).exitCode, target).toBe(0);
      }
      expect((await sh('mount --bind /tmp /usr; chmod u+w /usr; umount /proc')).exitCode).not.toBe(0);
    });

    it.each(['/tmp', '/dev/shm', '/run'])('bounds what %s may hold in memory', async (folder) => {
      const result = await sh(`head -c 400000000 /dev/zero > ${folder}/x; wc -c < ${folder}/x`);
      expect(Number(result.stdout)).toBeLessThan(300 * MiB);
      expect(result.stderr).toContain('No space left');
    });

    it('refuses memory that belongs to no process', async () => {
      const result = await sh('python3 -c "import os; os.memfd_create(\'x\')"; ipcmk -M 1000000; ipcs -m | grep -c 0x');
      expect(result.stdout.trim()).toBe('0');
      expect(result.stderr).toContain('Function not implemented');
    });

    it('bounds the number of its processes (C18)', async () => {
      const script = 'for i in $(seq 1 100); do sleep 5 & done; ls -d /proc/[0-9]* | wc -l';
      const result = await sh(script, { limits: { processes: 30, wallSeconds: 20 } });
      expect(result.exitCode).not.toBe(0);
      expect(result.stderr).toMatch(/[Cc]annot fork/);
    });

    it('reaches no network: TCP, UDP, names, IPv6, the metadata address, a socket of the host (C19, A25)', async () => {
      const script = `
        const net = require('node:net'), dns = require('node:dns'), dgram = require('node:dgram');
        const tcp = (host, port) => new Promise((r) => net.connect({ host, port }).on('connect', () => r('open')).on('error', (e) => r(e.code)));
        const udp = (host, type) => new Promise((r) => { const s = dgram.createSocket(type); s.send('x', 53, host, (e) => r(e ? e.code : 'sent')); });
        const name = new Promise((r) => dns.lookup('example.org', (e) => r(e ? e.code : 'found')));
        Promise.all([tcp('127.0.0.1', ${port}), tcp('1.1.1.1', 443), tcp('169.254.169.254', 80), tcp('2606:4700:4700::1111', 443), udp('1.1.1.1', 'udp4'), udp('::1', 'udp6'), name])
          .then((all) => { console.log(JSON.stringify(all)); process.exit(); });`;
      await workspace.write('net.js', script);
      const result = await sh('node net.js; ls /sys/class/net 2>/dev/null; cat /proc/net/route | wc -l');
      const [answers, routes] = result.stdout.trim().split('\n');
      expect(JSON.parse(answers ?? '')).toEqual([
        'ECONNREFUSED',
        'ENETUNREACH',
        'ENETUNREACH',
        'ENETUNREACH',
        'ENETUNREACH',
        'sent',
        expect.stringMatching(/^(EAI_AGAIN|ENOTFOUND)$/),
      ]);
      expect(routes).toBe('1');
    });

    it('reaches a listed host through the proxy, and no other (C19)', async () => {
      const refused: Record<string, unknown>[] = [];
      const log: Log = { ...silentLog, warn: (fields) => refused.push(fields) };
      const own = await (await makeSandbox({ log })).createWorkspace();
      try {
        await own.write(
          'get.js',
          'fetch(process.argv[2]).then(async (r) => console.log(r.status, await r.text()), (e) => console.log("failed", e.cause?.code ?? e.cause?.message))',
        );
        const domains = [`127.0.0.1:${port}`];
        const get = async (url: string): Promise<string> =>
          (await own.run({ argv: ['node', 'get.js', url], domains })).stdout;
        expect(await get(`http://127.0.0.1:${port}/`)).toBe('200 from the host\n');
        expect(await get(`http://127.0.0.1:${port + 1}/`)).toMatch(/^403|^failed/);
        expect(await get('http://169.254.169.254/latest/meta-data')).toMatch(/^403|^failed/);
        expect(await get('http://example.org/')).toMatch(/^403|^failed/);
        expect(refused.map((fields) => String(fields.asked)).join('\n')).toContain('169.254.169.254');
        const direct = await own.run({ argv: ['node', 'get.js', `http://127.0.0.1:${port}/`] });
        expect(direct.stdout).toMatch(/^failed ECONNREFUSED/);
        const code = await own.run({ argv: ['sh', '-c', 'exit 9'], domains });
        expect(code).toMatchObject({ exitCode: 9, endedBy: null });
      } finally {
        await own.dispose();
      }
    });

    it('leaves no socket of the proxy behind', async () => {
      const own = await openFolder();
      vi.stubEnv('TMPDIR', own);
      try {
        await sh('true', { domains: ['example.org'] });
      } finally {
        vi.unstubAllEnvs();
      }
      expect(await readdir(own)).toEqual([]);
      await expect(sh('true', { domains: ['not a domain'] })).rejects.toMatchObject({ code: 'egress-domain-invalid' });
    });
  });

  describe('after a kill', () => {
    it('dies with the factory, and the next one sweeps what is left', async () => {
      const workspacesDir = await openFolder();
      await writeFile(join(workspacesDir, 'keep.txt'), 'not ours');
      await mkdir(join(workspacesDir, 'ws-1-not-ours'));
      const program = new URL('./fixtures/run-for-ever.ts', import.meta.url).pathname;
      const child = spawn(process.execPath, [program, workspacesDir], { stdio: ['ignore', 'pipe', 'inherit'] });
      await once(child.stdout, 'data');
      const [left = ''] = (await readdir(workspacesDir)).filter((name) => name.startsWith(`ws-${child.pid}-`));
      const [running = ''] = await readdir(join(workspacesDir, left, 'running'));
      const [bwrapPid = '', bwrapStart = ''] = running.split('-');
      const startOf = async (pid: string): Promise<string | undefined> =>
        readFile(`/proc/${pid}/stat`, 'utf8').then(
          (text) => text.slice(text.lastIndexOf(')') + 2).split(' ')[19],
          () => undefined,
        );
      expect(await startOf(bwrapPid)).toBe(bwrapStart);
      child.kill('SIGKILL');
      await once(child, 'exit');
      await waitFor(async () => (await startOf(bwrapPid)) !== bwrapStart);
      expect(await readFile(join(workspacesDir, left, 'files/beat'), 'utf8')).toBe('beat\n');

      const next = await (await makeSandbox({ workspacesDir })).createWorkspace();
      const names = await readdir(workspacesDir);
      expect(names).not.toContain(left);
      expect(names).toEqual(expect.arrayContaining(['keep.txt', 'ws-1-not-ours']));
      await next.dispose();
    });
  });

  it('sweeps no workspace of a process that still runs, but one of an earlier process of the same number', async () => {
    const workspacesDir = await openFolder();
    const mine = await (await makeSandbox({ workspacesDir })).createWorkspace();
    await mine.write('x', 'mine');
    const earlier = `ws-${process.pid}-1-0123456789ab`;
    await mkdir(join(workspacesDir, earlier));
    const other = await (await makeSandbox({ workspacesDir })).createWorkspace();
    expect(await mine.read('x', 10)).not.toBeNull();
    expect(await readdir(workspacesDir)).not.toContain(earlier);
    await mine.dispose();
    await other.dispose();
  });

  it('ends a bubblewrap that was left half started, and nobody else who names the folder', async () => {
    const workspacesDir = await openFolder();
    const earlier = join(workspacesDir, `ws-${process.pid}-1-0123456789ab`);
    await mkdir(earlier);
    const name = (argv0: string) =>
      spawn('/bin/sh', ['-c', 'sleep 60; :', 'sh', `${earlier}/files`], { argv0, stdio: 'ignore', detached: true });
    const halfStarted = name('bwrap');
    const reader = name('less');
    const ended = once(halfStarted, 'exit');
    await (await (await makeSandbox({ workspacesDir })).createWorkspace()).dispose();
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(reader.exitCode).toBeNull();
    expect(reader.signalCode).toBeNull();
    for (const child of [halfStarted, reader]) {
      try {
        process.kill(-(child.pid ?? 0), 'SIGKILL');
      } catch {
        // It has ended.
      }
    }
  });

  it.runIf(process.getuid?.() === 0)('copies a Node that the dropped user cannot reach', async () => {
    const hidden = await mkdtemp(join(tmpdir(), 'hidden-'));
    folders.push(hidden);
    await chmod(hidden, 0o700);
    await writeFile(join(hidden, 'node'), await readFile(process.execPath), { mode: 0o755 });
    const workspace = await (await makeSandbox({ binary: join(hidden, 'node') })).createWorkspace();
    expect((await workspace.run({ argv: ['node', '--version'] })).stdout.trim()).toBe(process.version);
    await workspace.dispose();
  });
});

describe('bubblewrap where it cannot run', () => {
  it('says that it is missing, and how to get it', async () => {
    const sandbox = await makeSandbox({ bwrap: 'no-such-bwrap' });
    expect(await sandbox.probe()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('bubblewrap is not installed'),
      fix: expect.stringMatching(/install|add|-S/),
    });
  });

  it('is believed by what it runs, not by being there', async () => {
    const folder = await openFolder();
    const pretender = join(folder, 'bwrap');
    await writeFile(
      pretender,
      '#!/bin/sh\n[ "$1" = --version ] && echo "bubblewrap 0.9.0" && exit 0\necho "bwrap: setting up uid map: Permission denied" >&2\nexit 1\n',
    );
    await chmod(pretender, 0o755);
    const result = await (await makeSandbox({ bwrap: pretender })).probe();
    expect(result).toMatchObject({ ok: false, reason: expect.stringMatching(/namespace|AppArmor/) });
  });

  it('refuses one that is too old to bound memory', async () => {
    const folder = await openFolder();
    const old = join(folder, 'bwrap');
    await writeFile(old, '#!/bin/sh\necho "bubblewrap 0.6.1"\n');
    await chmod(old, 0o755);
    expect(await (await makeSandbox({ bwrap: old })).probe()).toMatchObject({
      ok: false,
      reason: expect.stringContaining('0.6.1'),
    });
  });
});
