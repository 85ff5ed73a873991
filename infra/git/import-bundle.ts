import { randomUUID } from 'node:crypto';
import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { FactoryError } from '#src/errors.ts';
import type { ImportedWork, ImportFinding, ImportPolicy } from '#src/ports/workspace.ts';
import { ImportRefused } from './import-refused.ts';
import { createBare, type Mirror, requireCommit } from './mirror.ts';
import { isReadableBranch, quoted, requireSha } from './ref-names.ts';
import { uploadPack } from './remote-programs.ts';
import { scanCommits } from './scan-commits.ts';

const STAGE_PREFIX = 'factory-incoming-';
const ABANDONED_AFTER_MS = 24 * 3600_000;

/** See `Workspace.importBundle`. Repeating it with the same bundle answers the same; what is refused leaves no ref behind. */
export async function importBundle(
  mirror: Mirror,
  bundle: { hostFile: string; ref: string; baseSha: string; policy: ImportPolicy },
): Promise<ImportedWork> {
  requireSha(bundle.baseSha, 'The base');
  await requireCommit(mirror, bundle.baseSha);
  if (bundle.ref !== 'HEAD' && !isReadableBranch(bundle.ref))
    throw unreadable(`its ref ${quoted(bundle.ref)} has a name that the factory does not pass to git`);
  await requirePlainFile(bundle.hostFile);

  const incoming = `refs/quarantine/incoming/${randomUUID()}`;
  const ref = bundle.ref === 'HEAD' || bundle.ref.startsWith('refs/') ? bundle.ref : `refs/heads/${bundle.ref}`;
  await fetchBundle(mirror, bundle.hostFile, ref, incoming);
  try {
    const headSha = await requireCommitAt(mirror, incoming);
    const commits = await commitsBetween(mirror, bundle.baseSha, headSha);
    const findings: ImportFinding[] = [];
    const descends = await mirror.run(['merge-base', '--is-ancestor', bundle.baseSha, headSha]);
    if (descends.exitCode !== 0) {
      findings.push({
        kind: 'not-based-on-branch',
        path: null,
        detail: `it is not based on ${bundle.baseSha.slice(0, 12)}, the commit it was to start from`,
      });
    }
    const shas = commits.map(({ sha }) => sha);
    findings.push(...(await scanCommits(mirror, { baseSha: bundle.baseSha, headSha, commits: shas }, bundle.policy)));
    if (findings.length > 0) throw new ImportRefused(findings);
    await mirror.text(['update-ref', '--stdin'], { input: `update refs/quarantine/${headSha} ${headSha}\n` });
    return { headSha, commits, findings };
  } finally {
    await mirror.run(['update-ref', '--stdin'], { input: `delete ${incoming}\n` });
  }
}

async function requirePlainFile(hostFile: string): Promise<void> {
  const found = isAbsolute(hostFile) ? await lstat(hostFile).catch(() => null) : null;
  if (!found?.isFile()) throw unreadable('there is no plain file at its place');
}

/**
 * Two steps, because git checks what it fetches from a repository (`fetch.fsckObjects`) and, before 2.46, not what it
 * takes out of a bundle: first into an empty repository that borrows the mirror's objects, from there into the mirror.
 * So objects that the check refuses never reach the mirror.
 */
async function fetchBundle(mirror: Mirror, hostFile: string, ref: string, incoming: string): Promise<void> {
  await removeAbandoned(mirror);
  const stage = join(mirror.gitDir, `${STAGE_PREFIX}${randomUUID()}`);
  const inStage = { gitDir: stage, workingFolder: stage };
  const options = ['--no-tags', '--no-write-fetch-head', '--no-auto-gc', '--no-recurse-submodules'];
  try {
    await createBare(mirror.gitDir, stage);
    await mkdir(join(stage, 'objects', 'info'), { recursive: true });
    await writeFile(join(stage, 'objects', 'info', 'alternates'), `${join(mirror.gitDir, 'objects')}\n`);
    const unpacked = await mirror.run(['fetch', ...options, '--', hostFile, `${ref}:refs/heads/work`], inStage);
    if (unpacked.exitCode !== 0) throw unreadable(gitSaid(unpacked.stderr));
    const program = uploadPack(null);
    const taken = await mirror.run(['fetch', ...options, program, '--', stage, `refs/heads/work:${incoming}`], {
      trusted: [program],
      settings: ['fetch.fsckObjects=true', 'transfer.fsckObjects=true'],
    });
    if (taken.exitCode !== 0) throw refusedByGit(taken.stderr);
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

/** What a killed process left; an import takes minutes at most. */
async function removeAbandoned(mirror: Mirror): Promise<void> {
  for (const name of await readdir(mirror.gitDir)) {
    const folder = join(mirror.gitDir, name);
    const found = name.startsWith(STAGE_PREFIX) ? await lstat(folder).catch(() => null) : null;
    if (found && Date.now() - found.mtimeMs > ABANDONED_AFTER_MS) await rm(folder, { recursive: true, force: true });
  }
}

function refusedByGit(stderr: string): FactoryError {
  const broken = [...stderr.matchAll(/(?:error|warning)(?::| in) ?(?:object |\w+ )[0-9a-f]{40}: (\w+): ([^\n]+)/g)];
  if (broken.length === 0) return unreadable(gitSaid(stderr));
  const findings = broken.map(
    ([, id = '', text]): ImportFinding => ({
      kind: /gitmodules/i.test(id) ? 'submodule' : 'hostile-name',
      path: null,
      detail: `git's own check refuses an object in it (${id}: ${text})`,
    }),
  );
  return new ImportRefused(findings);
}

function gitSaid(stderr: string): string {
  return `git said: ${stderr.trim().split('\n').slice(-2).join(' ').slice(0, 300)}`;
}

async function requireCommitAt(mirror: Mirror, ref: string): Promise<string> {
  const peeled = await mirror.run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
  if (peeled.exitCode !== 0) throw unreadable('what it holds is not a commit');
  return peeled.stdout.toString('utf8').trim();
}

/** Oldest first. */
async function commitsBetween(
  mirror: Mirror,
  baseSha: string,
  headSha: string,
): Promise<{ sha: string; title: string }[]> {
  const listed = await mirror.text(
    ['log', '-z', '--topo-order', '--reverse', '--no-show-signature', '--no-notes', '--stdin', '--format=%H%s'],
    {
      input: `${headSha}\n^${baseSha}\n`,
    },
  );
  return listed
    .split('\0')
    .filter(Boolean)
    .map((line) => ({ sha: line.slice(0, 40), title: line.slice(40) }));
}

function unreadable(why: string): FactoryError {
  return new FactoryError('bundle-unreadable', `The work that came out of the sandbox cannot be read: ${why}.`, {
    fix: 'Run the step again; if it happens again, look at what the step printed.',
    retryable: true,
  });
}
