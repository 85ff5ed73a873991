import { describe, expect, it } from 'vitest';
import { GITHUB_TIMEOUT_MS, inGitHub } from './in-github.ts';

const VAGUE = { title: 'Visitors are not happy', body: 'They said so.', labels: ['factory'] };

describe('while the factory is halted (C28)', { timeout: GITHUB_TIMEOUT_MS }, () => {
  it('GitHub is asked nothing, and what comes in is worked on afterwards', async () => {
    const { front, hub, factory, quiet, kept, logged, troubles } = await inGitHub();
    await front.desk.controlAll('ada', { type: 'halt', reason: null }, 'm1');
    const before = hub.calls.length;
    const { number } = hub.people.ana.openIssue(VAGUE);
    // Delivered, and acknowledged, as ever.
    await hub.settled();
    expect(hub.deliveries.all.at(-1)?.statuses).toEqual([202]);
    await factory().look();
    expect(hub.calls.slice(before)).toEqual([]);
    expect(await kept(number)).toBeNull();
    await front.desk.controlAll('grace', { type: 'resume' }, 'm2');
    await quiet();
    expect(await kept(number)).toHaveLength(1);
    // It waited: nothing was tried in vain, and nobody was told of a trouble.
    expect(logged.filter(({ level }) => level === 'error')).toEqual([]);
    expect(troubles).toEqual([]);
  });

  it('questions on an issue stay due', async () => {
    const { front, hub, factory, quiet, asked } = await inGitHub();
    const { number } = hub.people.ana.openIssue(VAGUE);
    await hub.settled();
    await factory().settle();
    await front.mirror();
    await front.desk.controlAll('ada', { type: 'halt', reason: null }, 'm1');
    await factory().settle();
    expect(asked(number)).toEqual([]);
    await front.desk.controlAll('grace', { type: 'resume' }, 'm2');
    await quiet();
    expect(asked(number)).toHaveLength(1);
  });
});
