import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { gatherNotes } from '#agents/tess/gather-notes.ts';
import { reviewDependencies } from '#agents/tess/notes-on-trust.ts';
import type { QaResultPacket } from '#src/packets/qa-result.ts';
import type { PackageVersion, ScanAnswer } from '#src/ports/vulnerabilities.ts';
import { openStepFloor } from '../one-step.ts';

const LOCK = (resolved: string) =>
  JSON.stringify({
    lockfileVersion: 3,
    packages: { 'node_modules/left-pad': { version: '1.3.0', resolved, integrity: 'sha512-x' } },
  });
const FILES = {
  'package.json': '{"dependencies":{"old":"1.0.0"}}\n',
  'src/a.js': '// SPDX-License-Identifier: MIT\nexport const a = 1;\n',
  'test/a.test.js': "it('adds', () => {\n  expect(1).toBe(1);\n});\n",
};
const { signal } = new AbortController();

async function openChange(files: Readonly<Record<string, string | null>>, more: (path: string) => void = () => {}) {
  const floor = await openStepFloor({ files: FILES });
  const { clone, baseSha, repo, workspace, tools } = floor;
  clone.git('checkout', '-q', '-b', 'factory/1-work', baseSha);
  more(clone.path);
  const headSha = clone.commit(files, 'Work');
  await workspace.refresh(repo);
  const facts = await workspace.diff(repo, baseSha, headSha);
  const diff = await workspace.diffText(repo, baseSha, headSha, 1_000_000);
  return { tools, repo, facts, target: headSha, diff, workspace, clone, baseSha };
}

const QA: Pick<QaResultPacket, 'outcome' | 'findings'> = { outcome: 'passed', findings: [] };

async function gathered(change: Awaited<ReturnType<typeof openChange>>) {
  const { tools, repo, facts, target, diff } = change;
  const qa = QA as QaResultPacket;
  const isTest = (path: string) => path.startsWith('test/');
  const nobody = { pushedOn: null, hostFiles: [], touchedTests: [] };
  return gatherNotes(tools, repo, { facts, target, diff, ...nobody, isTest, qa }, signal);
}

describe('what a reviewer is told of a change, from real commits', () => {
  it('names dependencies, hosts and powers before all else, each file once (C09, C24, A15, A16)', async () => {
    const { notes, risk } = await gathered(
      await openChange({
        'package.json': '{"dependencies":{"old":"1.0.0","left-pad":"^1.3.0"}}\n',
        'package-lock.json': LOCK('https://evil.example/left-pad.tgz'),
        '.github/workflows/ci.yml': 'on: push\n',
        Dockerfile: 'FROM scratch\n',
      }),
    );
    expect(notes).toEqual([
      'package-lock.json: fetches from `evil.example`, which is no known registry: `https://evil.example/left-pad.tgz`.',
      'package-lock.json: 1 new package version (`left-pad 1.3.0`), 0 no longer locked.',
      'package.json: 1 new dependency: `left-pad ^1.3.0`.',
      'New and changed dependencies were not scanned for known vulnerabilities: OSV_URL is not set.',
      '.github/workflows/ci.yml: a workflow, added; it runs commands on the forge, with the secrets that it has there.',
      'Dockerfile: an image or its services, added; it decides what is built and run, and with which rights.',
    ]);
    expect(risk.level).toBe('high');
    expect(risk.reasons.slice(0, 2)).toEqual(['touches a workflow', 'fetches or pins packages in an unusual way']);
  });

  it('names weaker tests, licences, links and programs (A10, A28)', async () => {
    const change = await openChange(
      { 'src/a.js': 'export const a = 1;\n', 'test/a.test.js': "it('adds', () => {\n});\n" },
      (path) => {
        symlinkSync('/etc/passwd', join(path, 'link'));
        chmodSync(join(path, 'package.json'), 0o755);
      },
    );
    const { notes, risk } = await gathered(change);
    expect(notes).toEqual(
      expect.arrayContaining([
        'test/a.test.js: 1 assertion fewer than before.',
        'link: a symbolic link.',
        'package.json: may be run as a program now.',
        'src/a.js: its licence header loses `// SPDX-License-Identifier: MIT`.',
      ]),
    );
    expect(risk).toMatchObject({
      level: 'high',
      reasons: expect.arrayContaining(['weakens tests', 'touches licences']),
    });
  });

  it('says what was not searched', async () => {
    const change = await openChange({ 'src/a.js': 'export const a = 2;\n' });
    const { notes } = await gathered({ ...change, diff: { text: '', truncated: true } });
    expect(notes[0]).toMatch(/not all of it was searched/);
  });

  it('does not blame a change for what the base did meanwhile', async () => {
    const change = await openChange({ 'src/b.js': 'export const b = 1;\n' });
    const { clone, workspace, repo } = change;
    clone.git('checkout', '-q', 'main');
    const baseSha = clone.commit({ 'package.json': '{"dependencies":{"other":"2.0.0"},"scripts":{"test":"x"}}\n' });
    await workspace.refresh(repo);
    const merge = await workspace.mergeCommit(repo, {
      baseSha,
      headSha: change.target,
      message: 'Preview',
      author: { name: 'T', email: 't@example.org' },
      at: new Date(0),
    });
    const facts = { ...(await workspace.diff(repo, baseSha, merge.sha)), headSha: change.target };
    const { notes, risk } = await gathered({ ...change, facts, target: merge.sha });
    expect(notes).toEqual(['src/b.js: the largest change.']);
    expect(risk.level).toBe('low');
  });
});

describe('known vulnerabilities of new packages', () => {
  const review = async (answer: ScanAnswer) => {
    const change = await openChange({
      'package.json': '{"dependencies":{"old":"1.0.0","left-pad":"^1.3.0","far":"^2"}}\n',
      'package-lock.json': LOCK('https://registry.npmjs.org/left-pad/-/left-pad-1.3.0.tgz'),
    });
    const asked: PackageVersion[] = [];
    const vulnerabilities = {
      scan: async (packages: readonly PackageVersion[]) => {
        asked.push(...packages);
        return answer;
      },
    };
    const { notes } = await reviewDependencies({ ...change.tools, vulnerabilities }, change.repo, change, signal);
    return { notes: notes.join('\n'), asked };
  };
  const LEFT_PAD: PackageVersion = { ecosystem: 'npm', name: 'left-pad', version: '1.3.0' };

  it('are named with id and severity, the worst first; what was not asked about is said (C24)', async () => {
    const { notes, asked } = await review({
      outcome: 'scanned',
      found: [
        {
          package: LEFT_PAD,
          vulnerabilities: [
            { id: 'GHSA-a', severity: null },
            { id: 'GHSA-b', severity: 'high' },
          ],
        },
      ],
    });
    expect(asked).toEqual([LEFT_PAD]);
    expect(notes).toContain('`left-pad 1.3.0` has known vulnerabilities: GHSA-b (high), GHSA-a (severity not said).');
    expect(notes).toContain('Not scanned for known vulnerabilities, because no exact version is known: `far`.');
  });

  it('are never said to be none where nobody answered (C03)', async () => {
    const { notes } = await review({ outcome: 'not-scanned', reason: 'OSV did not answer' });
    expect(notes).toContain('were not scanned for known vulnerabilities: OSV did not answer.');
    expect(notes).not.toContain('No vulnerability');
    expect((await review({ outcome: 'scanned', found: [] })).notes).toContain(
      'No vulnerability is known of the new package',
    );
  });
});

it('files that are too many, too large or links are named as not searched (A15)', async () => {
  const many = Object.fromEntries(Array.from({ length: 45 }, (_, at) => [`p${at}/package.json`, '{}\n']));
  const own = { 'package.json': '{"dependencies":{"old":"2.0.0"}}\n' };
  const change = await openChange({ ...many, ...own, 'Cargo.lock': 'x'.repeat(9 * 1024 * 1024) }, (path) => {
    symlinkSync('/etc/passwd', join(path, 'go.mod'));
  });
  const { notes } = await reviewDependencies(change.tools, change.repo, change, signal);
  expect(notes[0]).toBe('package.json: other versions: `old 1.0.0 → 2.0.0`.');
  expect(notes[1]).toMatch(/^Not searched for dependencies, .* and \d+ more\.$/);
  expect(notes[1]).toContain('Cargo.lock');
  expect(notes[1]).toContain('go.mod');
});
