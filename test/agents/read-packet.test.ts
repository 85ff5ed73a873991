import { expect, it } from 'vitest';
import type { Task } from '#src/code-factory/task.ts';
import { PlanPacket } from '#src/packets/plan.ts';
import { readPacket } from '#agents/tools/packet-header.ts';

const mine = '01980000-0000-7000-8000-000000000001';
const other = '01980000-0000-7000-8000-000000000002';
const plan: PlanPacket = {
  version: 1,
  taskId: mine,
  runId: mine,
  attempt: 1,
  from: 'mason',
  to: 'vera',
  type: 'plan',
  steps: [{ text: 'Bring src/a.js onto the branch.', files: ['src/a.js'] }],
  fileTargets: [{ path: 'src/a.js', action: 'create', why: 'Code from message 1.', evidence: [0] }],
  tests: [],
  docs: [],
  criteriaCovered: [],
  risks: [],
  rollback: 'Revert the merge.',
  packArtifact: null,
  modelNotes: [],
};
const read = (packet: unknown) =>
  readPacket(
    { task: { taskId: mine, run: { runId: mine, number: 1 } } as Task, artifact: async () => packet },
    'hash',
    'plan',
    PlanPacket,
  );

it('a packet of this task and run is read', async () => {
  await expect(read(plan)).resolves.toEqual(plan);
});

it.each([
  ['another task', { ...plan, taskId: other }],
  ['another run', { ...plan, runId: other }],
])('a packet of %s is refused (C29)', async (_whose, packet) => {
  await expect(read(packet)).rejects.toMatchObject({ code: 'foreign-packet' });
});

it.each([
  ['one from nobody on the team', { ...plan, from: 'stranger' }],
  ['one with a field that nobody knows', { ...plan, approve: true }],
  ['one of another kind', { ...plan, type: 'approval' }],
  ['one that was cut short', { version: 1, taskId: mine }],
])('%s is refused (C14, C29)', async (_what, packet) => {
  await expect(read(packet)).rejects.toThrow();
});
