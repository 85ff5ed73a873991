import { describe, expect, it } from 'vitest';
import { drawHalt } from '#bots/room/views/halt.ts';
import { drawRail, drawWaiting, pageTitle } from '#bots/room/views/rail.ts';
import type { Overview, WaitingItem } from '#src/desk/desk.ts';

const item = (text: string, isMine: boolean): WaitingItem => ({
  text,
  thread: { kind: 'task', id: text },
  since: '2026-11-20T13:40:00Z',
  isMine,
  whom: isMine ? ['local'] : ['<i>Grace</i>', '@leads'],
});
const others = Array.from({ length: 7 }, (_, at) => item(`other-${at}`, false));
const overview: Overview = { waiting: [item('mine-1', true), item('mine-2', true), ...others], projects: [] };

describe('what waits, in the room', () => {
  it('is what waits for me, then a few of what waits for others', async () => {
    const html = String(await drawRail(overview, null, { kind: 'home' }));
    expect(html).toContain('data-waiting="2"');
    expect(html).toMatch(/Waits for you.*mine-1.*mine-2.*Waits for others.*other-0.*other-4/s);
    expect(html).not.toContain('other-5');
    expect(html).toContain('2 more');
  });

  it('counts in the title only for me', () => {
    expect(pageTitle(overview, 'Home')).toBe('(2) Workbench · Home');
    expect(pageTitle({ ...overview, waiting: others }, null)).toBe('Workbench');
  });

  it('says on the home page for whom, as words', async () => {
    const html = String(await drawWaiting({ ...overview, waiting: others }));
    expect(html).toContain('Nothing waits for you.');
    expect(html).toContain('for <bdi>&lt;i&gt;Grace&lt;/i&gt;, @leads</bdi>, since');
    expect(html).toContain('other-6');
  });

  it('says nothing of others where nothing waits for them', async () => {
    const html = String(await drawRail({ waiting: [], projects: [] }, null, { kind: 'home' }));
    expect(html).toContain('Nothing at the moment.');
    expect(html).not.toContain('Waits for others');
  });
});

describe('the banner of a halt', () => {
  it('says who, when, why and how to go on, as words; empty while nothing is halted', async () => {
    const halt = { by: '<i>Grace</i>', at: '2026-11-20T13:40:00.000Z', reason: '<b>odd</b>' };
    const html = String(await drawHalt(halt));
    expect(html).toContain('&lt;i&gt;Grace&lt;/i&gt; halted the factory at 2026-11-20 13:40 UTC');
    expect(html).toContain('&lt;b&gt;odd&lt;/b&gt;');
    expect(html).toContain('<code>resume all</code>');
    expect(String(await drawHalt(undefined))).toBe('<div id="halt" class="halt" role="alert"></div>');
  });
});
