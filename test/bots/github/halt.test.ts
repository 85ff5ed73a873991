import { expect, it } from 'vitest';
import { GITHUB_TIMEOUT_MS, inGitHub } from './in-github.ts';

const WISH = { title: 'Readable addresses', body: 'We want readable addresses for pages.', labels: ['factory'] };

it('while the factory is halted GitHub is asked nothing, and what comes in is worked on afterwards (C28)', {
  timeout: GITHUB_TIMEOUT_MS,
}, async () => {
  const { front, hub, factory, quiet, kept } = await inGitHub();
  await front.desk.controlAll('ada', { type: 'halt', reason: null }, 'm1');
  const before = hub.calls.length;
  const { number } = hub.people.ana.openIssue(WISH);
  // Delivered, and acknowledged, as ever.
  await hub.settled();
  expect(hub.deliveries.all.at(-1)?.statuses).toEqual([202]);
  await factory().look();
  expect(hub.calls.slice(before)).toEqual([]);
  expect(await kept(number)).toBeNull();
  await front.desk.controlAll('grace', { type: 'resume' }, 'm2');
  await quiet();
  expect(await kept(number)).toHaveLength(1);
});
