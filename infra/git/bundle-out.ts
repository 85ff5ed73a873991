import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { FactoryError } from '#src/errors.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { isReadableBranch, quoted, requireSha } from './ref-names.ts';
import { streamGit } from './run-git.ts';

/**
 * Writes a bundle (git's gitformat-bundle, version 2: a list of refs, an empty line, a pack). `shas` names the refs
 * that a clone will see: `main` becomes `refs/heads/main`; the first is also HEAD, so a clone checks it out. Written
 * by hand because `git bundle create` takes refs only, and the mirror's refs have other names. The file appears whole
 * or not at all.
 */
export async function bundleOut(
  mirror: Mirror,
  shas: Readonly<Record<string, string>>,
  hostFile: string,
): Promise<void> {
  const refs = Object.entries(shas).map(([name, sha]) => ({
    ref: refNamed(name),
    sha: requireSha(sha, `The commit of ${quoted(name)}`),
  }));
  const [first] = refs;
  if (!first)
    throw new FactoryError('bundle-empty', 'A bundle needs at least one commit.', {
      fix: 'Name the commit that the sandbox should see.',
    });
  for (const { sha } of refs) await requireCommit(mirror, sha);

  const unfinished = `${hostFile}.${randomUUID()}`;
  const file = createWriteStream(unfinished, { flags: 'wx' });
  const written = new Promise<void>((resolve, reject) => file.on('finish', resolve).on('error', reject));
  written.catch(() => {}); // awaited below; a failure before that must not end the process
  try {
    const lines = refs.map(({ ref, sha }) => `${sha} ${ref}\n`);
    file.write(`# v2 git bundle\n${first.sha} HEAD\n${lines.join('')}\n`);
    const input = `${[...new Set(refs.map(({ sha }) => sha))].join('\n')}\n`;
    await streamGit(mirror.call(['pack-objects', '--revs', '--stdout', '-q'], { input }), async (chunk) => {
      // A full disk ends the stream without `drain`; `written` tells then.
      if (!file.write(chunk)) await Promise.race([once(file, 'drain'), written]);
      return !file.errored;
    });
    file.end();
    await written;
    await rename(unfinished, hostFile);
  } catch (error) {
    file.destroy();
    await rm(unfinished, { force: true });
    throw error instanceof FactoryError ? error : cannotWrite(hostFile, error);
  }
}

function refNamed(name: string): string {
  const ref = name.startsWith('refs/') ? name : `refs/heads/${name}`;
  if (!isReadableBranch(ref)) {
    throw new FactoryError(
      'git-argument-refused',
      `The factory does not write a ref named ${quoted(name)} into a bundle.`,
      { fix: 'Use letters, digits and - for the name.' },
    );
  }
  return ref;
}

function cannotWrite(hostFile: string, cause: unknown): FactoryError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new FactoryError(
    'bundle-not-written',
    `The work for the sandbox could not be written to ${quoted(hostFile)}: ${why}.`,
    {
      fix: 'Check that the disk has room and that this user may write there, then try again.',
      retryable: true,
      cause,
    },
  );
}
