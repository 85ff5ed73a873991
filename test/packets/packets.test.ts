import { describe, expect, it } from 'vitest';
import { AnyPacket } from '#src/packets/any-packet.ts';

const header = (from: string, to: string) => ({
  version: 1,
  taskId: '01980000-0000-7000-8000-000000000001',
  runId: '01980000-0000-7000-8000-000000000002',
  attempt: 1,
  from,
  to,
});
const sha = 'a'.repeat(40);

const packets: Record<string, Record<string, unknown>> = {
  assignment: {
    ...header('tess', 'piper'),
    type: 'assignment',
    title: 'Greet',
    narrative: '',
    branch: 'factory/1-greet',
    baseSha: sha,
    points: 3,
    evidence: [0],
  },
  scope: {
    ...header('piper', 'mason'),
    type: 'scope',
    criteria: [{ id: 'c1', text: 'It greets.', evidence: [0] }],
    constraints: [],
    protectedAreas: [],
    openQuestions: [],
  },
  plan: {
    ...header('mason', 'vera'),
    type: 'plan',
    steps: [{ text: 'Write it.', files: ['src/greet.js'] }],
    fileTargets: [{ path: 'src/greet.js', action: 'create', why: 'It is new.', evidence: [1] }],
    criteriaCovered: ['c1'],
    tests: [],
    docs: [],
    risks: [],
    rollback: 'Revert.',
  },
  'behaviour-lock': {
    ...header('vera', 'ollan'),
    type: 'behaviour-lock',
    testsSha: null,
    testFiles: [],
    redOnBase: null,
    baselineArtifact: null,
    featureArtifact: 'f',
    notes: [],
  },
  'build-result': {
    ...header('ollan', 'vera'),
    type: 'build-result',
    headSha: sha,
    commits: [{ sha, title: 'Greet' }],
    files: [{ path: 'src/greet.js', added: 1, removed: 0 }],
    outsidePlan: [],
    leftOut: [],
    diffArtifact: 'd',
    thoughtsArtifact: 't',
  },
  'qa-result': {
    ...header('vera', 'tess'),
    type: 'qa-result',
    headSha: sha,
    outcome: 'passed',
    proofs: [{ criterionId: 'c1', state: 'proven', test: 'greets' }],
    findings: [],
    knownBefore: [],
    checks: [{ name: 'test', command: 'npm test', exitCode: 0, durationMs: 5, passed: 1, failed: 0 }],
    reportArtifact: 'r',
  },
  blocker: {
    ...header('vera', 'person'),
    type: 'blocker',
    code: 'disk-full',
    reason: 'Full.',
    fix: 'Make room.',
    findings: [],
  },
};

/** Fields that packets written before a model could be asked do not have, and what they are read as. */
const sinceModels: Record<string, Record<string, unknown>> = {
  scope: { refused: [], modelNotes: [] },
  plan: { packArtifact: null, modelNotes: [] },
  'behaviour-lock': { writtenBy: null, packArtifact: null, modelNotes: [] },
  'build-result': {
    testsTouched: [],
    cleanUp: null,
    summary: null,
    model: null,
    handedBackBy: null,
    revision: null,
    hostFiles: [],
    packArtifact: null,
    modelNotes: [],
  },
  'qa-result': { remarks: [], modelNotes: [] },
};
const cases = Object.entries(packets).map(([type, packet]) => ({ type, packet }));

describe('packets', () => {
  it.each(cases)('$type is read as it was written', ({ packet }) => {
    const written = { ...packet, ...sinceModels[String(packet['type'])] };
    expect(AnyPacket.parse(written)).toEqual(written);
    expect(AnyPacket.parse(packet)).toEqual(written);
  });

  it('are all tried here', () => {
    expect(AnyPacket.options.map((option) => option.shape.type.value).sort()).toEqual(Object.keys(packets).sort());
  });

  it.each(cases)('$type refuses a field that it does not know', ({ packet }) => {
    expect(AnyPacket.safeParse({ ...packet, approvedBy: 'vera' }).success).toBe(false);
  });

  it.each(cases)('$type refuses another version', ({ packet }) => {
    for (const version of [0, 2, '1']) expect(AnyPacket.safeParse({ ...packet, version }).success).toBe(false);
  });

  it.each(cases.flatMap(({ type, packet }) => Object.keys(packet).map((field) => ({ type, packet, field }))))(
    '$type needs its $field',
    ({ packet, field }) => {
      const { [field]: _, ...rest } = packet;
      expect(AnyPacket.safeParse(rest).success).toBe(false);
    },
  );

  it.each([
    { what: 'a task without a proper id', change: { taskId: 'task-1' } },
    { what: 'attempt zero', change: { attempt: 0 } },
    { what: 'a sender that is nobody', change: { from: 'eve' } },
    { what: 'a person as its sender', change: { from: 'person' } },
  ])('refuse $what', ({ change }) => {
    expect(AnyPacket.safeParse({ ...packets['blocker'], ...change }).success).toBe(false);
  });

  it('say nothing inside their lines that has no place there', () => {
    const plan = packets['plan'] ?? {};
    const steps = [{ text: 'Write it.', files: [], run: 'rm -rf /' }];
    expect(AnyPacket.safeParse({ ...plan, steps }).success).toBe(false);
    expect(AnyPacket.safeParse({ ...plan, steps: [] }).success).toBe(false);
  });
});
