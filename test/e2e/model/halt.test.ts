import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdRequest } from '#test/support/held-request.ts';
import { workingClone } from '#test/support/repository.ts';
import { placeOf, turnOf } from '#test/support/scripted-team.ts';
import { waitFor } from '#test/support/wait-for.ts';
import { ErrorDocument } from '../support/documents.ts';
import { openLiveRoom } from '../support/live-room.ts';
import type { LiveRoom } from '../support/live-room.ts';
import { startTeam, writeTalk } from '../support/model-runs.ts';
import { E2E_TIMEOUT_MS, expectSound, subjects } from '../support/runs.ts';
import { nodeProject } from '../support/talk.ts';
import { createTestWorkbench } from '../support/workbench.ts';
import type { TestWorkbench } from '../support/workbench.ts';

describe('a halt from the command line', { timeout: E2E_TIMEOUT_MS }, () => {
  let workbench: TestWorkbench;
  let room: LiveRoom;
  beforeEach(async () => {
    workbench = await createTestWorkbench();
  });
  afterEach(async () => {
    await room.close();
    await workbench.remove();
  });

  it('ends the call in flight of another process, holds through kill -9 and a restart, until an approver resumes (C28, I7)', async () => {
    const held = holdRequest((body) => placeOf(body) === 'build' && turnOf(body) === 1);
    const team = await startTeam({}, { hold: held.hold });
    const repository = workingClone(nodeProject);
    const talk = writeTalk(workbench, 'Doubling');
    room = await openLiveRoom(workbench, team.env);
    const taskId = await room.commit(await room.bring(talk, repository.path));
    await held.reached;
    const inFlight = team.requests.at(-1);
    expect(inFlight?.isAborted).toBe(false);

    const halted = await workbench.run(['halt', '--reason', 'the bill is odd']);
    expect(halted).toMatchObject({ exitCode: 0 });
    expect(halted.document()).toMatchObject({ halt: { by: 'local', reason: 'the bill is odd' } });
    await waitFor(() => inFlight?.isAborted === true);
    held.release();
    expect((await workbench.run(['doctor'])).stdout).toContain('local halted the factory at');
    const run = await workbench.run(['run', talk, '--repo', repository.path], { env: team.env });
    expect(ErrorDocument.parse(run.document()).error).toMatchObject({ code: 'factory-halted' });
    const { ledger } = room.workbench.unitOfWork;
    const factsBefore = (await ledger.stream(`task:${taskId}`)).length;
    const askedBefore = team.requests.length;

    await room.kill();
    await room.close();
    room = await openLiveRoom(workbench, team.env);
    const refused = await workbench.run(['resume', '--as', 'mallory']);
    expect(ErrorDocument.parse(refused.document()).error).toMatchObject({
      code: 'may-not-resume',
      message: expect.stringContaining('mallory is none'),
    });
    expect(await room.task(taskId)).toMatchObject({ state: 'locked', paused: false });
    expect(await room.workbench.unitOfWork.ledger.stream(`task:${taskId}`)).toHaveLength(factsBefore);
    expect(team.requests).toHaveLength(askedBefore);

    expect((await workbench.run(['resume'])).document()).toEqual({ halt: null });
    await room.until(taskId, ({ state }) => state === 'in-review');
    expect((await room.press(taskId, 'approve')).ok).toBe(true);
    await room.until(taskId, ({ state }) => state === 'merged');
    expect(subjects(repository.git)).toHaveLength(2);
    await room.stop();
    await team.close();
    await expectSound(workbench);
  });
});
