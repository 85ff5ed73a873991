import { execFile, spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { FactoryError } from '#src/errors.ts';
import { gitEnvironment } from './git-environment.ts';
import { probeGit } from './probe-git.ts';

const run = promisify(execFile);

export interface NewRepository {
  /** Absolute; made, and must not hold anything yet. */
  folder: string;
  files: readonly { path: string; content: string }[];
  message: string;
  author: { name: string; email: string };
  at: Date;
}

/** A working clone with one commit on `main`, checked out. The folder holds only what we write, so host git is safe in it. */
export async function createRepository({ folder, files, message, author, at }: NewRepository): Promise<void> {
  await probeGit();
  await mkdir(folder, { recursive: true });
  const options = { cwd: folder, env: gitEnvironment() };
  await run('git', ['init', '--quiet', '--initial-branch=main', '.'], options);
  await fastImport(folder, commitStream({ files, message, author, at }));
  await run('git', ['-c', 'core.hooksPath=/dev/null', 'reset', '--quiet', '--hard', 'main'], options);
}

function commitStream({ files, message, author, at }: Omit<NewRepository, 'folder'>): string {
  const data = (text: string) => `data ${Buffer.byteLength(text)}\n${text}\n`;
  const seconds = Math.floor(at.getTime() / 1000);
  return [
    'commit refs/heads/main\n',
    `committer ${author.name} <${author.email}> ${seconds} +0000\n`,
    data(message),
    ...files.map((file) => `M 100644 inline ${file.path}\n${data(file.content)}`),
  ].join('');
}

async function fastImport(folder: string, stream: string): Promise<void> {
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: folder,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  child.stdin.end(stream);
  const exitCode = await new Promise<number | null>((resolve, reject) =>
    child.once('error', reject).once('close', resolve),
  );
  if (exitCode === 0) return;
  throw new FactoryError('repository-not-made', `The repository in ${folder} could not be made: ${said.trim()}`, {
    fix: 'Check that the disk has room and that the folder is writable.',
  });
}
