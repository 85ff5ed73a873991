import { describe, expect, it } from 'vitest';
import { callFaultOf, faultError } from '#infra/forge/github/call-fault.ts';

const NOW = new Date('2026-03-01T12:00:00Z');

function answered(status: number, data: unknown, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error('said by the client'), { name: 'HttpError', status, response: { headers, data } });
}

describe('what GitHub answers instead', () => {
  it('is thrown on when it is no answer of GitHub', () => {
    const own = new TypeError('a fault of ours');
    expect(() => callFaultOf(own, NOW)).toThrow(own);
  });

  it('has no status when nothing was heard, and is worth another try', () => {
    const lost = Object.assign(new Error('socket hang up'), { name: 'HttpError', status: 500 });
    const fault = callFaultOf(lost, NOW);
    expect(fault).toEqual({ status: null, message: 'socket hang up', waitMs: null });
    expect(faultError(fault, 'do it')).toMatchObject({ code: 'github-unreachable', retryable: true });
  });

  it.each([
    ['says how long', 403, { 'retry-after': '30' }, 30_000],
    [
      'says until when',
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': `${NOW.getTime() / 1000 + 90}` },
      90_000,
    ],
    ['said until when, and it is over', 403, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1' }, 1_000],
    ['does not say', 429, {}, 60_000],
  ])('asks to be left alone and %s', (_what, status, headers, waitMs) => {
    const fault = callFaultOf(answered(status, { message: 'enough' }, headers), NOW);
    expect(fault.waitMs).toBe(waitMs);
    expect(faultError(fault, 'do it')).toMatchObject({ code: 'github-busy', retryable: true });
  });

  it.each([
    [401, 'github-token-refused', false],
    [403, 'github-forbidden', false],
    [404, 'github-not-found', false],
    [410, 'github-not-found', false],
    [422, 'github-refused', false],
    [502, 'github-refused', true],
  ])('with %s is %s', (status, code, retryable) => {
    const error = faultError(callFaultOf(answered(status, { message: 'no' }), NOW), 'do it');
    expect(error).toMatchObject({ code, retryable });
    expect(error.fix).not.toBe('');
  });

  it('tells what GitHub says in detail, and no more than fits', () => {
    const data = { message: 'Validation Failed', errors: [{ message: 'already exists' }, 'plain', { code: 'odd' }] };
    const { message } = callFaultOf(answered(422, data), NOW);
    expect(message).toBe('Validation Failed · already exists · plain · {"code":"odd"}');
    expect(callFaultOf(answered(422, { message: 'x'.repeat(5000) }), NOW).message.length).toBe(300);
    expect(callFaultOf(answered(502, '<html>'), NOW).message).toBe('said by the client');
  });
});
