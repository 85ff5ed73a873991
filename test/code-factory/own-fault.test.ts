import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packetHeaderOf } from '#agents/tools/packet-header.ts';
import { decideStep } from '#src/code-factory/decide.ts';
import { ownFault } from '#src/code-factory/own-fault.ts';
import type { OwnFault } from '#src/code-factory/own-fault.ts';
import { loadTask } from '#src/code-factory/run-pass.ts';
import { FactoryError } from '#src/errors.ts';
import { contentOf, jsonArtifact } from '#src/ledger/artifact.ts';
import { BlockerPacket } from '#src/packets/blocker.ts';
import type { UnitOfWork } from '#src/ports/unit-of-work.ts';
import { openTestStore, type TestStore } from '#test/persistence/support.ts';
import { createFakeLine, createProject, passOn, type Project, type Stunt } from './floor.ts';
import { meta, stepCommands, stepMeta } from './life.ts';

const SECRET = 'the launch is on friday';
const HOME = new URL('../../', import.meta.url).pathname;

let store: TestStore;
let unitOfWork: UnitOfWork;
let project: Project;
beforeAll(async () => {
  store = await openTestStore();
  unitOfWork = store.unitOfWork;
  project = await createProject(unitOfWork);
});
afterAll(() => store.close());

function thrownBy(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('whose fault it is', () => {
  it.each([
    ['a TypeError', () => new TypeError(SECRET), { code: 'unexpected', errorName: 'TypeError' }],
    ['what is no error at all', () => SECRET, { code: 'unexpected', errorName: 'Error', frames: [] }],
    [
      'an error with a name of its own making',
      () => Object.assign(new Error('x'), { name: SECRET }),
      { errorName: 'Error' },
    ],
    [
      'a fault that the code which found it calls one of the workbench',
      () => new FactoryError('event-invalid', SECRET, { fix: 'Report it.', isOwnFault: true }),
      { code: 'event-invalid', errorName: 'FactoryError' },
    ],
  ])('%s is one of the factory', (_name, make, fault) => {
    expect(ownFault(make(), 'plan', 'mason')).toMatchObject({ step: 'plan', persona: 'mason', ...fault });
    expect(JSON.stringify(ownFault(make(), 'plan', 'mason'))).not.toContain(SECRET);
  });

  it.each([
    ['one that a person can do something about', new FactoryError('disk-full', 'Full.', { fix: 'Make room.' })],
    ['a machine without room', Object.assign(new Error('no space left'), { code: 'ENOSPC' })],
  ])('%s is not', (_name, error) => {
    expect(ownFault(error, 'plan', 'mason')).toBeNull();
  });

  it('names places in its own files only, without the folder that they lie in', async () => {
    const task = await loadTask(unitOfWork, await project.commit());
    if (task === null) throw new Error('the task is gone');
    const error = thrownBy(() => packetHeaderOf(task, 'tess', 'mason'));
    const { frames } = ownFault(error, 'assign', 'tess') ?? { frames: [] };
    expect(frames[0]).toMatch(/^agents\/tools\/packet-header\.ts:\d+$/);
    expect(frames.filter((frame) => !/^(?:src|agents)\/[a-z/-]+\.ts:\d+$/.test(frame))).toEqual([]);
  });

  it('takes no place from a message that is written like one', () => {
    const error = new Error(`broken\n    at ${HOME}src/friday/launch.ts:1:1`);
    error.stack = `Error: ${error.message}\n    at ${HOME}src/qa/verdict.ts:4:2\n    at ${HOME}node_modules/zod/x.ts:1:1`;
    expect(ownFault(error, 'check', 'vera')?.frames).toEqual(['src/qa/verdict.ts:4']);
    error.message = 'another one by now';
    expect(ownFault(error, 'check', 'vera')?.frames).toEqual([]);
  });

  it('a transition that no state calls for is one of the factory', async () => {
    const task = await loadTask(unitOfWork, await project.commit());
    if (task === null) throw new Error('the task is gone');
    const error = thrownBy(() => decideStep(stepCommands['record-plan'], task, stepMeta(task.fence), meta()));
    expect(error).toMatchObject({ code: 'refused-transition', isOwnFault: true });
  });
});

describe('a pass that meets a fault of the factory', () => {
  async function passThatBreaks(plan: Stunt, tell: (fault: OwnFault) => Promise<void>) {
    const taskId = await project.commit();
    await passOn(unitOfWork, createFakeLine({ plan }).steps, { onOwnFault: tell })(taskId);
    const task = await loadTask(unitOfWork, taskId);
    const artifact = await unitOfWork.artifacts.get(task?.artifacts.blocker ?? '');
    return { status: task?.status, packet: BlockerPacket.parse(artifact === null ? null : contentOf(artifact)) };
  }

  it('says so in its packet, and tells of it once', async () => {
    const told: OwnFault[] = [];
    const tell = async (fault: OwnFault) => void told.push(fault);
    const { packet } = await passThatBreaks(() => Promise.reject(new TypeError(SECRET)), tell);
    expect(packet).toMatchObject({ code: 'unexpected', about: 'factory' });
    expect(told).toMatchObject([{ code: 'unexpected', step: 'plan', persona: 'mason' }]);
  });

  it('tells of what it made and could not keep', async () => {
    const told: OwnFault[] = [];
    const plan: Stunt = async (_context, done) => {
      const report = await done();
      return { ...report, artifacts: [{ ...jsonArtifact('packet', {}), hash: 'not its hash' }] };
    };
    const { packet } = await passThatBreaks(plan, async (fault) => void told.push(fault));
    expect(packet.about).toBe('factory');
    expect(told.map(({ code }) => code)).toEqual(['artifact-invalid']);
  });

  it('keeps a fault of the task in the task', async () => {
    const told: OwnFault[] = [];
    const full = new FactoryError('disk-full', 'The disk is full.', { fix: 'Make room.' });
    const { packet } = await passThatBreaks(
      () => Promise.reject(full),
      async (fault) => void told.push(fault),
    );
    expect(packet).not.toHaveProperty('about');
    expect(told).toEqual([]);
  });

  it('blocks the task also where nobody could be told', async () => {
    const { status, packet } = await passThatBreaks(
      () => Promise.reject(new Error('broken')),
      () => Promise.reject(new Error('nobody there')),
    );
    expect([status, packet.about]).toEqual(['blocked', 'factory']);
  });
});
