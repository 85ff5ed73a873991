import { chmodSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ImportRefused } from '#infra/git/import-refused.ts';
import { openMirror } from '#infra/git/mirror.ts';
import { createWorkspace } from '#infra/git/workspace.ts';
import { silentLog } from '#src/ports/log.ts';
import type { ImportFinding, ImportPolicy } from '#src/ports/workspace.ts';
import {
  gitIn,
  plantSymlink,
  sandboxWork,
  type TestRepository,
  temporaryFolder,
  workingClone,
} from '#test/support/repository.ts';

/** Put together here, so that no scanner takes this file for a leak. */
const awsKey = ['AKIA', 'QYLPMN5HHHFPZAM2'].join('');
const githubToken = ['ghp', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0dF3hJ6'].join('_');

const usual: ImportPolicy = { protectedPaths: ['factory.yaml'], maxFiles: 20, maxBytes: 100_000 };

async function importing(
  work: (sandbox: TestRepository) => void,
  policy: Partial<ImportPolicy> = {},
  repository = workingClone(),
  since: string | null = 'origin/HEAD',
) {
  const mirrorsDir = temporaryFolder();
  const workspace = createWorkspace({ mirrorsDir, log: silentLog });
  const repo = { id: 'project-1', path: repository.path, baseBranch: 'main' };
  const { baseSha } = await workspace.refresh(repo);
  const bundle = sandboxWork(repository, work, since);
  const result = workspace.importBundle(repo, { ...bundle, baseSha, policy: { ...usual, ...policy } });
  return { result, mirrorsDir, baseSha, headSha: bundle.headSha };
}

async function findingsOf(...args: Parameters<typeof importing>): Promise<readonly ImportFinding[]> {
  const { result } = await importing(...args);
  return result.then(
    ({ findings }) => findings,
    (error: unknown) => {
      expect(error).toBeInstanceOf(ImportRefused);
      return (error as ImportRefused).findings;
    },
  );
}

describe('the scan of imported work', () => {
  it('lists everything it objects to at once, in the message and in the findings', async () => {
    const { result } = await importing((sandbox) => {
      plantSymlink(sandbox, 'passwd', '/etc/passwd');
      sandbox.commit({ 'factory.yaml': 'x\n', 'key.txt': `${githubToken}\n`, 'a\nb.txt': 'x\n' });
    });
    const error = await result.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(ImportRefused);
    const { findings, message } = error as ImportRefused;
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['hostile-name', 'protected-path', 'secret', 'symlink']);
    for (const said of ['passwd', 'factory.yaml', 'key.txt', 'a\\u{a}b.txt', 'GitHub token'])
      expect(message).toContain(said);
    expect(message).not.toContain(githubToken);
    expect(message).not.toContain('\n');
  });

  it('refuses a symbolic link, also one that a later commit takes away (A10)', async () => {
    const link = (sandbox: TestRepository) => {
      plantSymlink(sandbox, 'link', '/etc');
      sandbox.commit({});
    };
    expect(await findingsOf(link)).toEqual([{ kind: 'symlink', path: 'link', detail: 'it is a symbolic link' }]);
    const hidden = (sandbox: TestRepository) => {
      link(sandbox);
      sandbox.commit({ link: null });
    };
    expect((await findingsOf(hidden)).map(({ kind }) => kind)).toEqual(['symlink']);
  });

  it('leaves a link alone that the base has already, and refuses to read through it (A10)', async () => {
    const repository = workingClone();
    plantSymlink(repository, 'link', '/etc/passwd');
    repository.commit({});
    const { result, mirrorsDir, headSha } = await importing(
      (sandbox) => sandbox.commit({ 'ok.txt': 'ok\n' }),
      {},
      repository,
    );
    expect((await result).findings).toEqual([]);
    const workspace = createWorkspace({ mirrorsDir, log: silentLog });
    const repo = { id: 'project-1', path: repository.path, baseBranch: 'main' };
    await expect(workspace.readFile(repo, headSha, 'link')).rejects.toMatchObject({ code: 'file-is-link' });
    expect(await workspace.readFile(repo, headSha, 'link/x')).toBeNull();
  });

  it('refuses a submodule, and a change to where submodules come from (C23)', async () => {
    const findings = await findingsOf((sandbox) => {
      gitIn(sandbox.path, 'update-index', '--add', '--cacheinfo', `160000,${sandbox.head()},part`);
      writeFileSync(
        join(sandbox.path, '.gitmodules'),
        '[submodule "part"]\n\tpath = part\n\turl = https://example.invalid/part.git\n',
      );
      gitIn(sandbox.path, 'add', '.gitmodules');
      gitIn(sandbox.path, 'commit', '-q', '-m', 'a submodule');
    });
    expect(findings).toEqual([
      { kind: 'submodule', path: '.gitmodules', detail: 'it configures submodules' },
      { kind: 'submodule', path: 'part', detail: 'it is a submodule' },
    ]);
  });

  it('hands on what the check of git itself refuses, before anything is scanned', async () => {
    const modules = '[submodule "x"]\n\tpath = x\n\turl = -u./run\n';
    const findings = await findingsOf((sandbox) => sandbox.commit({ '.gitmodules': modules }));
    expect(findings).toEqual([
      { kind: 'submodule', path: null, detail: expect.stringMatching(/git's own check .*gitmodulesUrl/) },
    ]);
  });

  it('refuses a protected path in any commit, whatever the commit does to it (C23, A16, A17)', async () => {
    const repository = workingClone({ 'factory.yaml': 'a\n' });
    expect(
      (await findingsOf((sandbox) => sandbox.commit({ 'factory.yaml': null }), {}, repository)).map(({ kind }) => kind),
    ).toEqual(['protected-path']);
    const restored = (sandbox: TestRepository) => {
      sandbox.commit({ 'factory.yaml': 'b\n' });
      sandbox.commit({ 'factory.yaml': 'a\n' });
    };
    expect((await findingsOf(restored, {}, repository)).map(({ kind }) => kind)).toEqual(['protected-path']);
    expect((await findingsOf((sandbox) => sandbox.commit({ 'FACTORY.yaml': 'a\n' }))).map(({ kind }) => kind)).toEqual([
      'protected-path',
    ]);
  });

  it('finds a secret in a file, in a file of an earlier commit and in a commit message, and never repeats it', async () => {
    const findings = await findingsOf((sandbox) => {
      sandbox.commit({ 'config.js': `// one\nconst key = '${awsKey}';\n` });
      sandbox.commit({ 'config.js': '// one\n' });
      sandbox.commit({ 'x.txt': 'x\n' }, `use ${githubToken}`);
    });
    expect(findings.map(({ kind, path }) => ({ kind, path }))).toEqual([
      { kind: 'secret', path: 'config.js' },
      { kind: 'secret', path: null },
    ]);
    expect(findings[0]?.detail).toBe('line 2 holds what looks like a AWS access key id');
    expect(JSON.stringify(findings)).not.toContain(awsKey);
    expect(JSON.stringify(findings)).not.toContain(githubToken);
  });

  it('does not blame a change for a key that the file held before', async () => {
    const repository = workingClone({ 'config.js': `const key = '${awsKey}';\n` });
    const add = (sandbox: TestRepository) =>
      sandbox.commit({ 'config.js': `const key = '${awsKey}';\nconst more = 1;\n` });
    expect(await findingsOf(add, {}, repository)).toEqual([]);
    const another = (sandbox: TestRepository) =>
      sandbox.commit({ 'config.js': `const key = '${awsKey}';\nconst more = '${githubToken}';\n` });
    expect((await findingsOf(another, {}, repository)).map(({ detail }) => detail)).toEqual([
      'line 2 holds what looks like a GitHub token',
    ]);
  });

  it('counts files and bytes', async () => {
    const many = (sandbox: TestRepository) =>
      sandbox.commit(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`f${index}.txt`, 'x'])));
    expect((await findingsOf(many)).map(({ kind }) => kind)).toEqual(['too-many-files']);
    expect(await findingsOf(many, { maxFiles: 21 })).toEqual([]);
    const large = (sandbox: TestRepository) => {
      sandbox.commit({ 'large.txt': 'x'.repeat(100_001) });
      sandbox.commit({ 'large.txt': null });
    };
    expect((await findingsOf(large)).map(({ kind }) => kind)).toEqual(['too-large']);
    expect(await findingsOf(large, { maxBytes: 100_001 })).toEqual([]);
  });

  it('refuses names that are one where letter case does not count', async () => {
    const twice = await findingsOf((sandbox) => sandbox.commit({ 'readme.md': 'x\n' }));
    expect(twice).toEqual([
      expect.objectContaining({
        kind: 'hostile-name',
        path: 'README.md',
        detail: expect.stringContaining('"readme.md"'),
      }),
    ]);
    const folder = await findingsOf((sandbox) => sandbox.commit({ 'SRC/other.js': 'x\n' }));
    expect(folder.map(({ kind }) => kind)).toEqual(['hostile-name']);
  });

  it('lets odd but harmless names through: they are arguments, never shell words (A13)', async () => {
    expect(
      await findingsOf((sandbox) =>
        sandbox.commit({ '$(touch P).ts': 'x\n', '-rf': 'x\n', 'größe 漢字.txt': 'x\n', "it's": 'x\n' }),
      ),
    ).toEqual([]);
  });

  it('refuses work that does not start from the base', async () => {
    const findings = await findingsOf(
      (sandbox) => {
        gitIn(sandbox.path, 'checkout', '-q', '--orphan', 'elsewhere');
        sandbox.commit({ 'x.txt': 'x\n' });
      },
      {},
      workingClone(),
      null,
    );
    expect(findings.map(({ kind }) => kind)).toContain('not-based-on-branch');
  });

  it('leaves no ref of refused work behind, and keeps what it accepted', async () => {
    const refused = await importing((sandbox) => sandbox.commit({ 'factory.yaml': 'x\n' }));
    await refused.result.catch(() => {});
    const refsIn = async (mirrorsDir: string) =>
      (await (await openMirror(mirrorsDir, 'project-1', silentLog)).text(['for-each-ref', '--format=%(refname)']))
        .split('\n')
        .filter((ref) => ref.startsWith('refs/quarantine'));
    expect(await refsIn(refused.mirrorsDir)).toEqual([]);
    expect(
      readdirSync(join(refused.mirrorsDir, 'project-1.git')).filter((name) => name.startsWith('factory-')),
    ).toEqual([]);
    const accepted = await importing((sandbox) => sandbox.commit({ 'ok.txt': 'x\n' }));
    await accepted.result;
    expect(await refsIn(accepted.mirrorsDir)).toEqual([`refs/quarantine/${accepted.headSha}`]);
  });
});

describe('a bundle that cannot be read', () => {
  it('says so for a file that is absent, a link, garbage, without the ref, or named by a hostile ref', async () => {
    const repository = workingClone();
    const workspace = createWorkspace({ mirrorsDir: temporaryFolder(), log: silentLog });
    const repo = { id: 'project-1', path: repository.path, baseBranch: 'main' };
    const { baseSha } = await workspace.refresh(repo);
    const good = sandboxWork(repository, (sandbox) => sandbox.commit({ 'x.txt': 'x\n' }));
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'garbage'), 'not a bundle');
    symlinkSync(good.hostFile, join(folder, 'link'));
    const cases = [
      { hostFile: join(folder, 'absent'), ref: 'HEAD' },
      { hostFile: join(folder, 'garbage'), ref: 'HEAD' },
      { hostFile: join(folder, 'link'), ref: 'HEAD' },
      { hostFile: folder, ref: 'HEAD' },
      { hostFile: good.hostFile, ref: 'refs/heads/absent' },
      { hostFile: good.hostFile, ref: '--upload-pack=touch' },
      { hostFile: good.hostFile, ref: '+HEAD:refs/heads/main' },
    ];
    for (const bundle of cases) {
      await expect(workspace.importBundle(repo, { ...bundle, baseSha, policy: usual })).rejects.toMatchObject({
        code: 'bundle-unreadable',
      });
    }
    await expect(
      workspace.importBundle(repo, { ...good, baseSha: 'f'.repeat(40), policy: usual }),
    ).rejects.toMatchObject({ code: 'commit-not-found' });
  });

  it('keeps the bits of an executable file', async () => {
    const { result, mirrorsDir, headSha } = await importing((sandbox) => {
      sandbox.commit({ 'run.sh': '#!/bin/sh\n' });
      chmodSync(join(sandbox.path, 'run.sh'), 0o755);
      sandbox.commit({});
    });
    await result;
    const workspace = createWorkspace({ mirrorsDir, log: silentLog });
    const tree = await workspace.listTree({ id: 'project-1', path: '/', baseBranch: 'main' }, headSha);
    expect(tree.find(({ path }) => path === 'run.sh')?.mode).toBe('100755');
  });
});
