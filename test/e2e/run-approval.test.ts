import { mkdirSync, readdirSync, realpathSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workingClone } from '#test/support/repository.ts';
import { ErrorDocument } from './support/documents.ts';
import { E2E_TIMEOUT_MS, expectSound, runFile, subjects } from './support/runs.ts';
import { chatgptConversation, nodeProject, oneStory, writeExport } from './support/talk.ts';
import { createTestWorkbench } from './support/workbench.ts';
import type { TestWorkbench } from './support/workbench.ts';

describe('run, with and without a yes', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let one: string;
  beforeAll(async () => {
    workbench = await createTestWorkbench();
    one = writeExport(workbench.folder, 'one.json', chatgptConversation('Doubling', oneStory));
  });
  afterAll(() => workbench.remove());

  it('waits for a person when nobody is named, and says for whom', async () => {
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, one, repository.path, []);
    expect(result).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'in-review', pullRequest: 1, mergedSha: null, waitingFor: { kind: 'approval', who: 'local' } }],
    });
    expect(subjects(repository.git)).toEqual(['first']);
    expect(await runFile(workbench, one, repository.path, [])).toEqual(result);
    await expectSound(workbench);
  });

  it('refuses somebody who is no approver before it does anything', async () => {
    const repository = workingClone(nodeProject);
    for (const who of ['mallory', 'tess', '']) {
      const ran = await workbench.run(['run', one, '--repo', repository.path, '--approve-as', who]);
      expect(ran.exitCode).toBe(1);
      expect(ErrorDocument.parse(ran.document()).error).toMatchObject({
        code: 'not-an-approver',
        message: expect.stringContaining('local'),
      });
    }
    expect(repository.git('for-each-ref', 'refs/heads/factory')).toBe('');
  });

  it('lets somebody else approve what the requester may not', async () => {
    const repository = workingClone(nodeProject);
    const env = { APPROVERS: 'local,ana' };
    const own = await runFile(workbench, one, repository.path, ['--approve-as', 'local'], { env });
    expect(own).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'in-review', mergedSha: null, waitingFor: { kind: 'approval' } }],
    });
    expect(own.tasks[0]?.waitingFor?.who).toContain('ana');
    const other = await runFile(workbench, one, repository.path, ['--approve-as', 'ana'], { env });
    expect(other).toMatchObject({ exitCode: 0, tasks: [{ id: own.tasks[0]?.id, state: 'merged', pullRequest: 1 }] });
    expect(repository.git('log', '-1', '--format=%B', 'main')).toContain('Approved by ana');
  });

  it("obeys the repository's own list of approvers as well", async () => {
    const repository = workingClone({ ...nodeProject, 'factory.yaml': 'approvers:\n  - ana\n' });
    const refused = await runFile(workbench, one, repository.path, ['--approve-as', 'local']);
    expect(refused).toMatchObject({ exitCode: 3, tasks: [{ state: 'in-review', mergedSha: null }] });
    const merged = await runFile(workbench, one, repository.path, ['--approve-as', 'ana'], {
      env: { APPROVERS: 'local,ana' },
    });
    expect(merged).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
  });

  it('visibly waits while there is no sandbox, and goes on when there is one', async () => {
    const repository = workingClone(nodeProject);
    const bin = path.join(workbench.folder, 'bin');
    mkdirSync(bin);
    for (const folder of (process.env['PATH'] ?? '').split(':').filter((name) => !name.includes('node_modules'))) {
      for (const name of listed(folder)) {
        if (name === 'bwrap') continue;
        try {
          symlinkSync(realpathSync(path.join(folder, name)), path.join(bin, name));
        } catch {
          // An earlier folder of the path has it, or it is a dead link.
        }
      }
    }
    const waiting = await runFile(workbench, one, repository.path, ['--approve-as', 'local'], { env: { PATH: bin } });
    expect(waiting).toMatchObject({
      exitCode: 3,
      tasks: [{ state: 'planned', mergedSha: null, waitingFor: { kind: 'sandbox' } }],
    });
    expect(waiting.tasks[0]?.waitingFor?.text).toMatch(/bubblewrap/i);
    const merged = await runFile(workbench, one, repository.path);
    expect(merged).toMatchObject({ exitCode: 0, tasks: [{ id: waiting.tasks[0]?.id, state: 'merged' }] });
  });

  it('runs without a sandbox only when SANDBOX=none says so', async () => {
    const repository = workingClone(nodeProject);
    const result = await runFile(workbench, one, repository.path, ['--approve-as', 'local'], {
      env: { SANDBOX: 'none' },
    });
    expect(result).toMatchObject({ exitCode: 0, tasks: [{ state: 'merged' }] });
    await expectSound(workbench);
  });
});

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
