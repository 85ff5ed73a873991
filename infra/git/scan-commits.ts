import type { ImportFinding, ImportPolicy } from '#src/ports/workspace.ts';
import { caseCollisions, hostileName } from './hostile-names.ts';
import type { Mirror } from './mirror.ts';
import { createPathGuard } from './protected-paths.ts';
import { quoted } from './ref-names.ts';
import { streamGit } from './run-git.ts';
import { findSecrets } from '#src/safety/secret-patterns.ts';
import { blobSizes, readBlobs } from './tree.ts';

/** What one commit did to one path. Ids of 40 zeros stand for "absent". */
interface Change {
  newMode: string;
  oldObject: string;
  newObject: string;
  path: string;
}

const ABSENT = '0'.repeat(40);
/** One task's work is a handful of commits; more would only hide something between them. */
const MAX_COMMITS = 500;

/**
 * Looks at every commit between base and head, not only at their difference: what one commit adds and the next takes
 * away would still be in the history that is pushed. Answers all findings, each once.
 */
export async function scanCommits(
  mirror: Mirror,
  range: { baseSha: string; headSha: string; commits: readonly string[] },
  policy: ImportPolicy,
): Promise<ImportFinding[]> {
  if (range.commits.length > MAX_COMMITS) {
    return [
      {
        kind: 'too-large',
        path: null,
        detail: `it holds ${range.commits.length} commits, and at most ${MAX_COMMITS} are looked at`,
      },
    ];
  }
  const findings: ImportFinding[] = [];
  const { changes, touched, complete } = await readChanges(mirror, range.commits, policy.maxFiles);
  if (!complete)
    findings.push({
      kind: 'too-many-files',
      path: null,
      detail: `it touches more than ${policy.maxFiles} files, which is the limit`,
    });

  const protectedBy = createPathGuard(policy.protectedPaths);
  const isOwn = ({ path, newMode, newObject }: Change): boolean =>
    (newMode === '100644' || newObject === ABSENT) &&
    (policy.hostFiles ?? []).some((file) => file.path === path && file.blob === newObject);
  for (const change of changes) findings.push(...judge(change, (path) => (isOwn(change) ? null : protectedBy(path))));
  if (complete) findings.push(...(await scanCase(mirror, range.headSha, touched)));
  findings.push(...(await scanContents(mirror, changes, policy.maxBytes)));
  findings.push(...(await scanMessages(mirror, range.commits)));
  return unique(findings);
}

function judge(change: Change, protectedBy: (path: string) => string | null): ImportFinding[] {
  const { path, newMode } = change;
  const findings: ImportFinding[] = [];
  const bytes = Buffer.from(path, 'latin1');
  const name = decode(bytes);
  const shown = name ?? bytes.toString('latin1');
  const hostile = hostileName(name);
  if (hostile !== null) findings.push({ kind: 'hostile-name', path: shown, detail: hostile });
  if (newMode === '120000') findings.push({ kind: 'symlink', path: shown, detail: 'it is a symbolic link' });
  if (newMode === '160000') findings.push({ kind: 'submodule', path: shown, detail: 'it is a submodule' });
  if (/^\.gitmodules$/i.test(shown))
    findings.push({ kind: 'submodule', path: shown, detail: 'it configures submodules' });
  for (const { name: kind } of newMode === '000000' ? [] : findSecrets(shown))
    findings.push({ kind: 'secret', path: null, detail: `the name of a file holds what looks like a ${kind}` });
  const pattern = protectedBy(shown);
  if (pattern !== null)
    findings.push({ kind: 'protected-path', path: shown, detail: `it is protected by ${quoted(pattern)}` });
  return findings;
}

/** `complete` is false when more than `maxFiles` paths are touched; reading stops there, for a tree can be made to unfold without end. */
async function readChanges(mirror: Mirror, commits: readonly string[], maxFiles: number) {
  const changes: Change[] = [];
  const touched = new Set<string>();
  let rest = '';
  let complete = true;
  const args = [
    'diff-tree',
    '--stdin',
    '-r',
    '-z',
    '-m',
    '--root',
    '--raw',
    '--no-commit-id',
    '--no-renames',
    '--no-ext-diff',
    '--no-textconv',
  ];
  await streamGit(mirror.call(args, { input: `${commits.join('\n')}\n` }), (chunk) => {
    const fields = (rest + chunk.toString('latin1')).split('\0');
    const whole = fields.length - 1 - ((fields.length - 1) % 2);
    rest = fields.slice(whole).join('\0');
    for (let index = 0; index < whole; index += 2) {
      const [, newMode = '', oldObject = '', newObject = ''] =
        /^:\d{6} (\d{6}) ([0-9a-f]{40}) ([0-9a-f]{40}) [A-Z]/.exec(fields[index] ?? '') ?? [];
      if (newMode === '') throw new Error('git diff-tree answered in a form that the scan does not know');
      const path = fields[index + 1] ?? '';
      touched.add(path);
      if (touched.size > maxFiles) {
        complete = false;
        return false;
      }
      changes.push({ newMode, oldObject, newObject, path });
    }
    return true;
  });
  if (complete && rest !== '') throw new Error('git diff-tree ended in the middle of a change');
  return { changes, touched, complete };
}

async function scanCase(mirror: Mirror, headSha: string, touched: ReadonlySet<string>): Promise<ImportFinding[]> {
  const listed = await mirror.text(['ls-tree', '-r', '-z', '--name-only', '--full-tree', headSha]);
  const names = new Set([...touched].flatMap((path) => decode(Buffer.from(path, 'latin1')) ?? []));
  return caseCollisions(listed.split('\0').filter(Boolean), names).map((group) => ({
    kind: 'hostile-name',
    path: group[0] ?? null,
    detail: `it and ${group.slice(1).map(quoted).join(', ')} are one name where letter case does not count`,
  }));
}

async function scanContents(mirror: Mirror, changes: readonly Change[], maxBytes: number): Promise<ImportFinding[]> {
  const files = changes.filter(({ newMode, newObject }) => newObject !== ABSENT && newMode !== '160000');
  const objects = [...new Set(files.map(({ newObject }) => newObject))];
  let totalBytes = 0;
  for (const bytes of (await blobSizes(mirror, objects)).values()) totalBytes += bytes;
  // Not read then, and need not be: this finding alone refuses the work.
  if (totalBytes > maxBytes)
    return [{ kind: 'too-large', path: null, detail: `it adds ${totalBytes} bytes, and the limit is ${maxBytes}` }];

  const secretsIn = new Map<string, ReturnType<typeof findSecrets>>();
  const look = (object: string, content: Buffer) => {
    const found = findSecrets(content.toString('latin1'));
    if (found.length > 0) secretsIn.set(object, found);
  };
  await readBlobs(mirror, objects, look);
  // A file that held a key before is no reason to stop a change to its other lines.
  const older = files
    .filter(({ newObject, oldObject }) => secretsIn.has(newObject) && oldObject !== ABSENT)
    .map(({ oldObject }) => oldObject);
  const known = new Set(older);
  for (const object of objects) known.delete(object);
  await readBlobs(mirror, [...known], look);

  return files.flatMap(({ path, newObject, oldObject }) => {
    const before = new Set((secretsIn.get(oldObject) ?? []).map(({ match }) => match));
    const added = (secretsIn.get(newObject) ?? []).filter(({ match }) => !before.has(match));
    const shown = decode(Buffer.from(path, 'latin1')) ?? path;
    return added.map(
      ({ name, line }): ImportFinding => ({
        kind: 'secret',
        path: shown,
        detail: `line ${line} holds what looks like a ${name}`,
      }),
    );
  });
}

async function scanMessages(mirror: Mirror, commits: readonly string[]): Promise<ImportFinding[]> {
  if (commits.length === 0) return [];
  const messages = await mirror.text(
    ['log', '-z', '--no-walk=unsorted', '--stdin', '--no-show-signature', '--no-notes', '--format=%H%B'],
    {
      input: `${commits.join('\n')}\n`,
    },
  );
  return messages.split('\0').flatMap((message) =>
    findSecrets(message.slice(40)).map(
      ({ name }): ImportFinding => ({
        kind: 'secret',
        path: null,
        detail: `the message of commit ${message.slice(0, 12)} holds what looks like a ${name}`,
      }),
    ),
  );
}

function decode(bytes: Buffer): string | null {
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? text : null;
}

function unique(findings: readonly ImportFinding[]): ImportFinding[] {
  return [
    ...new Map(
      findings.map((finding) => [JSON.stringify([finding.kind, finding.path, finding.detail]), finding]),
    ).values(),
  ];
}
