import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox, SandboxCommand, SandboxResult, SandboxWorkspace } from '#src/ports/sandbox.ts';

const MiB = 1024 * 1024;
const decode = (bytes: Uint8Array | null): string | null => (bytes === null ? null : new TextDecoder().decode(bytes));

/** What every adapter of the sandbox port must do, the one that isolates nothing too. */
export function describeSandboxContract(name: string, makeSandbox: () => Promise<Sandbox>): void {
  describe(`${name} keeps the sandbox contract`, () => {
    let sandbox: Sandbox;
    let workspace: SandboxWorkspace;
    let outside: string;

    const sh = (script: string, more: Partial<SandboxCommand> = {}): Promise<SandboxResult> =>
      workspace.run({ argv: ['sh', '-c', script], ...more });

    beforeAll(async () => {
      sandbox = await makeSandbox();
      workspace = await sandbox.createWorkspace();
      outside = await mkdtemp(join(tmpdir(), 'outside-'));
      await writeFile(join(outside, 'host.txt'), 'of the host');
    });

    afterAll(async () => {
      await workspace.dispose();
      await rm(outside, { recursive: true });
    });

    describe('commands', () => {
      it('says that it works after running a command', async () => {
        expect(await sandbox.probe()).toMatchObject({ ok: true });
      });

      it('gives back exit code, output and errors apart', async () => {
        const result = await sh('echo out; echo err >&2; exit 7');
        expect(result).toMatchObject({
          exitCode: 7,
          endedBy: null,
          stdout: 'out\n',
          stderr: 'err\n',
          droppedOutputBytes: 0,
        });
      });

      it('passes arguments as they are', async () => {
        const result = await workspace.run({ argv: ['printf', '%s|', 'a b', '$(id)', '"', ''] });
        expect(result.stdout).toBe('a b|$(id)|"||');
      });

      it('passes the variables that it was given, and a folder to start in', async () => {
        await workspace.write('deep/er/x', '');
        const result = await sh('echo "$GREETING"; basename "$PWD"', { cwd: 'deep/er', env: { GREETING: 'héllo' } });
        expect(result.stdout).toBe('héllo\ner\n');
      });

      it.each([
        [{ argv: [] }],
        [{ argv: ['true'], cwd: '../..' }],
        [{ argv: ['true'], cwd: '/etc' }],
        [{ argv: ['true'], env: { 'A=B': '' } }],
        [{ argv: ['true'], env: { A: '\0' } }],
      ])('refuses a command that it cannot mean: %j', async (command) => {
        await expect(workspace.run(command)).rejects.toMatchObject({
          code: expect.stringMatching(/^sandbox-(command-invalid|path-refused)$/),
        });
      });

      it('tells a missing program by its exit code', async () => {
        expect(await workspace.run({ argv: ['no-such-program'] })).toMatchObject({ exitCode: 127, endedBy: null });
      });

      it('runs Node, npm and git', async () => {
        const identity = {
          GIT_AUTHOR_NAME: 'A',
          GIT_AUTHOR_EMAIL: 'a@b.c',
          GIT_COMMITTER_NAME: 'A',
          GIT_COMMITTER_EMAIL: 'a@b.c',
        };
        await workspace.write('app/package.json', '{"scripts":{"test":"node --test"}}');
        await workspace.write('app/ok.test.js', "require('node:test').test('fine', () => {});");
        const script =
          'git init -q . && git add . && git commit -qm one && git log --format=%s && node --version && npm test';
        const result = await sh(script, { cwd: 'app', env: identity });
        expect(result.stderr).toBe('');
        expect(result.stdout).toContain('one\n');
        expect(result.stdout).toContain(process.version);
        expect(result.stdout).toMatch(/pass 1/);
        expect(result.exitCode).toBe(0);
      });
    });

    describe('environment', () => {
      it('holds nothing of the environment of the factory (C17)', async () => {
        process.env.SANDBOX_CONTRACT_SECRET = 'hunter2';
        try {
          const result = await sh('env; cat /proc/self/environ /proc/$PPID/environ 2>/dev/null | tr "\\0" "\\n"');
          expect(result.stdout).not.toContain('hunter2');
          expect(result.stdout).toContain('PATH=');
        } finally {
          delete process.env.SANDBOX_CONTRACT_SECRET;
        }
      });

      it('has a home and a folder for temporary files that no other workspace sees (C20)', async () => {
        const other = await sandbox.createWorkspace();
        try {
          await sh(
            'echo mark > "$HOME/mark"; echo mark > "$TMPDIR/mark"; echo mark > mark; mkdir -p "$HOME/.cache"; echo mark > "$HOME/.cache/mark"',
          );
          const result = await other.run({
            argv: [
              'sh',
              '-c',
              'ls -A "$HOME" "$TMPDIR" .; find / -xdev -name mark -path "*cache*" 2>/dev/null | head -1',
            ],
          });
          expect(result.stdout).not.toMatch(/^mark$/m);
        } finally {
          await other.dispose();
        }
      });

      it('keeps its home between commands, so that what was prepared can be used', async () => {
        await sh('echo kept > "$HOME/kept"');
        expect((await sh('cat "$HOME/kept"')).stdout).toBe('kept\n');
      });
    });

    describe('limits', () => {
      it('ends what runs too long, with all its children', async () => {
        const result = await sh('sleep 1000 & sleep 1000', { limits: { wallSeconds: 1 } });
        expect(result).toMatchObject({ exitCode: null, endedBy: 'wall-time' });
      });

      it('does not wait for what a command leaves in the background', async () => {
        const result = await sh('(sleep 1000; echo late > late) & echo early', { limits: { wallSeconds: 30 } });
        expect(result).toMatchObject({ exitCode: 0, endedBy: null, stdout: 'early\n' });
      });

      it('sums memory over the tree (C18)', async () => {
        const hog = `node -e "const held = Buffer.alloc(${80 * MiB}, 1); setTimeout(() => held.length, 120000)"`;
        const result = await sh(`${hog} & ${hog} & ${hog} & ${hog} & wait`, {
          limits: { memoryBytes: 300 * MiB, wallSeconds: 100 },
        });
        expect(result).toMatchObject({ exitCode: null, endedBy: 'memory' });
      });

      it('keeps the end of a flood and counts the rest', async () => {
        const result = await sh('head -c 3000000 /dev/zero | tr "\\0" x; echo; echo the end', {
          limits: { outputBytes: 1000 },
        });
        expect(result.exitCode).toBe(0);
        expect(result.stdout).toHaveLength(1000);
        expect(result.stdout.endsWith('x\nthe end\n')).toBe(true);
        expect(result.droppedOutputBytes).toBe(3000000 + 9 - 1000);
      });

      it('bounds a single file', async () => {
        const result = await sh('head -c 3000000 /dev/zero > big; wc -c < big', { limits: { fileBytes: 1_000_000 } });
        expect(Number(result.stdout)).toBeLessThanOrEqual(1_000_000);
      });

      it('survives processes without end (C18)', async () => {
        const result = await sh('f() { f | f & }; f; sleep 30', { limits: { processes: 40, wallSeconds: 3 } });
        expect(['wall-time', 'signal', null]).toContain(result.endedBy);
        expect((await sh('echo alive')).stdout).toBe('alive\n');
      });

      it('ends at once when it is stopped, and does not start when it was stopped before', async () => {
        const controller = new AbortController();
        const running = sh('echo started > started; sleep 1000', { signal: controller.signal });
        while ((await workspace.read('started', 100)) === null) await new Promise((resolve) => setTimeout(resolve, 10));
        controller.abort();
        expect(await running).toMatchObject({ exitCode: null, endedBy: 'stopped' });
        expect(await sh('echo > never', { signal: controller.signal })).toMatchObject({ endedBy: 'stopped' });
        expect(await workspace.read('never', 1)).toBeNull();
      });

      it('ends what fills the disk (C18)', async () => {
        const result = await sh('i=0; while :; do head -c 4000000 /dev/zero > fill$i || exit 3; i=$((i+1)); done', {
          limits: { wallSeconds: 60 },
        });
        await sh('rm -f fill*');
        expect(result).toMatchObject({ exitCode: null, endedBy: 'disk' });
        expect(result.stderr).toMatch(/workspace grew past 96 MiB/);
      });
    });

    describe('files', () => {
      it('writes files that a command reads, and reads what it wrote', async () => {
        await workspace.write('a/b.txt', 'hello');
        await workspace.write('a/b.txt', 'bye');
        expect((await sh('cat a/b.txt && echo more >> a/b.txt')).stdout).toBe('bye');
        expect(decode(await workspace.read('a/b.txt', 100))).toBe('byemore\n');
        expect(await workspace.read('a/none', 100)).toBeNull();
        expect(await workspace.read('none/none', 100)).toBeNull();
      });

      it('copies files in and out', async () => {
        await workspace.copyIn(join(outside, 'host.txt'), 'in/host.txt');
        expect((await sh('cat in/host.txt && echo changed > in/host.txt')).stdout).toBe('of the host');
        await workspace.copyOut('in/host.txt', join(outside, 'back.txt'), 100);
        expect(await readFile(join(outside, 'back.txt'), 'utf8')).toBe('changed\n');
        expect(await readFile(join(outside, 'host.txt'), 'utf8')).toBe('of the host');
        await expect(workspace.copyOut('none', join(outside, 'none.txt'), 100)).rejects.toMatchObject({
          code: 'sandbox-file-missing',
        });
      });

      it('takes no more than it is allowed to', async () => {
        await workspace.write('large', 'x'.repeat(101));
        await expect(workspace.read('large', 100)).rejects.toMatchObject({ code: 'sandbox-file-too-large' });
        await expect(workspace.copyOut('large', join(outside, 'large'), 100)).rejects.toMatchObject({
          code: 'sandbox-file-too-large',
        });
        await expect(readFile(join(outside, 'large'))).rejects.toThrow(/ENOENT/);
      });

      it.each(['../x', 'a/../../x', '/etc/passwd', 'a\0b', '', '.'])('refuses the path %j', async (path) => {
        await expect(workspace.write(path, 'x')).rejects.toMatchObject({ code: 'sandbox-path-refused' });
        await expect(workspace.read(path, 10)).rejects.toMatchObject({ code: 'sandbox-path-refused' });
      });

      it('never goes through a link that a command planted', async () => {
        await sh(
          `ln -s ${outside} folder; ln -s ${outside}/host.txt file; ln -s ${outside}/new.txt dangling; ln -s . here`,
        );
        for (const path of ['folder/host.txt', 'file', 'dangling', 'here/large', 'folder/new.txt']) {
          await expect(workspace.read(path, 100), path).rejects.toMatchObject({ code: 'sandbox-path-refused' });
          await expect(workspace.write(path, 'planted'), path).rejects.toMatchObject({ code: 'sandbox-path-refused' });
          await expect(workspace.copyIn(join(outside, 'host.txt'), path), path).rejects.toMatchObject({
            code: 'sandbox-path-refused',
          });
          await expect(workspace.copyOut(path, join(outside, 'out'), 100), path).rejects.toMatchObject({
            code: 'sandbox-path-refused',
          });
        }
        expect(await readFile(join(outside, 'host.txt'), 'utf8')).toBe('of the host');
        await expect(readFile(join(outside, 'new.txt'))).rejects.toThrow(/ENOENT/);
      });

      it('does not write over what stands where it copies out to, but replaces it', async () => {
        await workspace.write('result', 'result');
        await symlink(join(outside, 'host.txt'), join(outside, 'link'));
        await workspace.copyOut('result', join(outside, 'link'), 100);
        expect(await readFile(join(outside, 'host.txt'), 'utf8')).toBe('of the host');
      });

      it('does not wait for a pipe, nor read a folder', async () => {
        await sh('mkfifo pipe; mkdir directory');
        for (const path of ['pipe', 'directory']) {
          await expect(workspace.read(path, 100), path).rejects.toMatchObject({ code: 'sandbox-path-refused' });
          await expect(workspace.write(path, 'x'), path).rejects.toMatchObject({ code: 'sandbox-path-refused' });
        }
      });
    });

    it('removes everything, what cannot be read or is too deep for a path too, and ends what still runs', async () => {
      const own = await sandbox.createWorkspace();
      await own.write('x', 'x');
      const deep =
        "for (let i = 0; i < 60; i += 1) { const d = String(i).padStart(100, '0'); fs.mkdirSync(d); process.chdir(d); }";
      const made = await own.run({
        argv: ['sh', '-c', `mkdir -p shut/in && touch shut/in/file && chmod 000 shut/in shut && node -e "${deep}"`],
      });
      expect(made).toMatchObject({ exitCode: 0 });
      const running = own.run({ argv: ['sleep', '1000'] });
      await own.dispose();
      expect(await running).toMatchObject({ endedBy: 'stopped' });
      await own.dispose();
      await expect(own.read('x', 10)).rejects.toThrow(/ENOENT/);
    });
  });
}
