import { describe, expect, it } from 'vitest';
import { type StoredEvent, upcast } from '#src/ledger/upcast.ts';

const stored: StoredEvent = {
  seq: 7,
  stream: 'task:t',
  position: 1,
  type: 'pass.started',
  version: 1,
  actor: 'factory',
  agent: null,
  taskId: 't',
  runId: null,
  artifact: null,
  cause: null,
  idempotencyKey: null,
  at: '2026-11-20T09:00:00.000Z',
  bodyText: '{"fence":1,"taskId":"t"}',
  prevHash: '',
  hash: '',
};

const refusal = (message: string) =>
  expect.objectContaining({ code: 'ledger-unknown-event', message: expect.stringContaining(message) });

describe('upcast', () => {
  it('reads the body and leaves the recorded bytes', () => {
    expect(upcast(stored)).toEqual({ ...stored, body: { taskId: 't', fence: 1 } });
  });

  it('stops at a type that it does not know, naming event and type (F28, I5)', () => {
    expect(() => upcast({ ...stored, type: 'dream.dreamt' })).toThrow(refusal('Event 7 (dream.dreamt, version 1)'));
    expect(() => upcast({ ...stored, type: 'constructor' })).toThrow(refusal('Event 7 (constructor'));
  });

  it('stops at a version from the future and at one that nothing turns into today’s (F28, I5)', () => {
    expect(() => upcast({ ...stored, version: 2 })).toThrow(refusal('the newest version known here is 1'));
    expect(() => upcast({ ...stored, version: 0 })).toThrow(refusal('nothing turns version 0 into version 1'));
  });

  it('turns an old body into today’s, step by step', () => {
    const steps = {
      'pass.started': {
        [-1]: (body: unknown) => ({ ...(body as object), fence: 2 }),
        0: (body: unknown) => ({ ...(body as object), taskId: 'renamed' }),
      },
    };
    const old = { ...stored, version: -1, bodyText: '{"id":"t"}' };
    expect(upcast(old, steps)).toMatchObject({
      version: -1,
      bodyText: '{"id":"t"}',
      body: { id: 't', fence: 2, taskId: 'renamed' },
    });
  });

  it('stops at a body that is not JSON', () => {
    expect(() => upcast({ ...stored, bodyText: '{' })).toThrow(refusal('its body is not JSON'));
  });
});
