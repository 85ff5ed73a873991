import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fixedToken } from '#infra/forge/github/credentials.ts';
import { createGitHubForge } from '#infra/forge/github/forge.ts';
import { createGitHubServer } from '#infra/forge/github/server.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { systemClock } from '#src/ports/clock.ts';
import { silentLog } from '#src/ports/log.ts';
import { startGitHub } from '#test/support/github/start-github.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';
import type { Table } from './table.ts';
import { show, timeMs } from './table.ts';

const FILES = 50_000;
const FILES_A_FOLDER = 100;
const LINES_A_FILE = 20;

/** From nothing on this machine to a task's branch on GitHub, and the same for the next task. */
export async function measureLarge(): Promise<Table> {
  const github = await startGitHub();
  const folder = await createTempFolder();
  try {
    await fill(github.repository().folder);
    const token = github.apps.workbench.token();
    const options = { apiUrl: github.apiUrl, webUrl: github.url, credentials: fixedToken(token.value) };
    const mirrorsDir = folder.path;
    const servers = [createGitHubServer(options, systemClock)];
    const workspace = createWorkspace({ mirrorsDir, log: silentLog, servers });
    const forge = createGitHubForge({ ...options, mirrorsDir, clock: systemClock, log: silentLog });
    const repo = { id: 'large', path: 'github:acme/shop', baseBranch: 'main' };
    const branch = async (name: string): Promise<void> => {
      const { baseSha } = await workspace.refresh(repo);
      const { outcome } = await forge.createBranch(repo, name, baseSha);
      if (outcome !== 'created') throw new Error(`the branch ${name} is ${outcome}`);
    };
    const firstMs = await timeMs(() => branch('factory/1-first'));
    await github.people.ben.push({ branch: 'main', files: { 'folder-7/file-0.js': 'export const changed = true;\n' } });
    const secondMs = await timeMs(() => branch('factory/2-second'));
    return {
      title: `GitHub: from clone to branch, a repository of ${show(FILES)} files`,
      columns: ['task', 'ms'],
      rows: [
        ['the first', show(firstMs, 0)],
        ['the second, after one more commit on the base', show(secondMs, 0)],
        ['ratio (aim: at least 5)', show(firstMs / secondMs)],
      ],
      note: 'The server is on this machine: a network makes the first slower still. The mirror is kept between them.',
    };
  } finally {
    await github.settled();
    await github.close();
    await folder.remove();
  }
}

/** One commit on top of the default branch, made without a work tree. */
async function fill(repository: string): Promise<void> {
  const importing = spawn('git', ['fast-import', '--quiet', '--force'], {
    cwd: repository,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const ended = once(importing, 'close');
  const { stdin } = importing;
  const text = 'Add many files\n';
  stdin.write('commit refs/heads/main\ncommitter Ana <ana@example.org> 1790000000 +0000\n');
  stdin.write(`data ${text.length}\n${text}from refs/heads/main^0\n`);
  for (let n = 0; n < FILES; n += 1) {
    const line = (at: number) => `export const value${at} = ${((n + 1) * (at + 7919)) % 1_000_003};\n`;
    const content = Array.from({ length: LINES_A_FILE }, (_, at) => line(at)).join('');
    const place = `folder-${Math.floor(n / FILES_A_FOLDER)}/file-${n % FILES_A_FOLDER}.js`;
    if (!stdin.write(`M 100644 inline ${place}\ndata ${content.length}\n${content}\n`)) await once(stdin, 'drain');
  }
  stdin.end('\n');
  const [code] = await ended;
  if (code !== 0) throw new Error(`git fast-import ended with ${String(code)}`);
}
