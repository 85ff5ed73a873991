import { randomUUID } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { FactoryError } from '#src/errors.ts';
import type { ImportedWork, ImportFinding, ImportPolicy } from '#src/ports/workspace.ts';
import { ImportRefused } from './import-refused.ts';
import { type Mirror, requireCommit } from './mirror.ts';
import { isReadableBranch, quoted, requireSha } from './ref-names.ts';
import { scanCommits } from './scan-commits.ts';

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
  await fetchBundle(mirror, bundle.hostFile, `${ref}:${incoming}`);
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

async function fetchBundle(mirror: Mirror, hostFile: string, refspec: string): Promise<void> {
  const args = [
    'fetch',
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-gc',
    '--no-recurse-submodules',
    '--',
    hostFile,
    refspec,
  ];
  const fetched = await mirror.run(args, { settings: ['fetch.fsckObjects=true', 'transfer.fsckObjects=true'] });
  if (fetched.exitCode === 0) return;
  const broken = [...fetched.stderr.matchAll(/(?:error|warning) in (\w+) [0-9a-f]{40}: (\w+): ([^\n]+)/g)];
  if (broken.length === 0)
    throw unreadable(`git said: ${fetched.stderr.trim().split('\n').slice(-2).join(' ').slice(0, 300)}`);
  throw new ImportRefused(
    broken.map(([, type, id = '', text]) => ({
      kind: /gitmodules/i.test(id) ? 'submodule' : 'hostile-name',
      path: null,
      detail: `git's own check refuses a ${type} in it (${id}: ${text})`,
    })),
  );
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
