import { afterEach, describe, expect, test } from 'vitest';
import { openLiveStream } from '#bots/room/live/stream.ts';
import { silentLog } from '#src/ports/log.ts';
import { createFakeDesk } from './fake-desk.ts';
import { draft, hostile, idea, task } from './fake-posts.ts';
import { enteredClient, type RoomClient } from './room-client.ts';

interface Line {
  /** The next event's text. */
  next(): Promise<string>;
  /** True when nothing came within the time. */
  isSilent(forMs: number): Promise<boolean>;
  close(): Promise<void>;
}

const open: Line[] = [];
afterEach(async () => {
  for (const line of open.splice(0)) await line.close();
});

function listen(body: ReadableStream<Uint8Array>): Line {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let reading: Promise<void> | null = null;
  const read = (): Promise<void> =>
    (reading ??= reader.read().then(({ value }) => {
      text += decoder.decode(value, { stream: true });
      reading = null;
    }));
  const take = (): string | null => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end === -1) return null;
      const event = text.slice(0, end);
      text = text.slice(end + 2);
      if (!event.startsWith(':')) return event;
    }
  };
  const line: Line = {
    next: async () => {
      for (;;) {
        const event = take();
        if (event !== null) return event;
        await read();
      }
    },
    isSilent: async (forMs) => {
      const until = Date.now() + forMs;
      while (Date.now() < until) {
        if (take() !== null) return false;
        await Promise.race([read(), new Promise((resolve) => setTimeout(resolve, Math.max(1, until - Date.now())))]);
      }
      return take() === null;
    },
    close: () => reader.cancel(),
  };
  open.push(line);
  return line;
}

/** The live address that a page itself names. */
async function addressOn(client: RoomClient, path: string, which = 0): Promise<string> {
  const found = [...(await client.text(path)).matchAll(/hx-sse:connect="([^"]+)"/g)][which]?.[1] ?? '';
  return found.replaceAll('&amp;', '&');
}

async function connect(client: RoomClient, path: string, headers: Record<string, string> = {}): Promise<Line> {
  const answer = await client.get(path, headers);
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  if (answer.body === null) throw new Error('no stream');
  return listen(answer.body);
}

const says = (key: string, lead: string) => draft(key, idea, { kind: 'persona', name: 'vera' }, { lead });
const idOf = (event: string): string => /^id: (.+)$/m.exec(event)?.[1] ?? '';

describe('the live line', () => {
  test('is silent while the page already shows everything', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/ideas/idea-1'));
    expect(await line.isSilent(150)).toBe(true);
  });

  test('brings a new post, and only that, and announces it', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/ideas/idea-1'));
    client.desk.post(says('new', `Fresh words ${hostile}`));
    const event = await line.next();
    expect(event).toContain('hx-target="#feed-idea-idea-1" hx-swap="posts"');
    expect(event.match(/<article/g)).toHaveLength(1);
    expect(event).toContain('Vera: Fresh words');
    expect(event).not.toContain('<script>');
  });

  test('brings an edit under the same id', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/ideas/idea-1'));
    client.desk.post(says('new', 'First'));
    await line.next();
    client.desk.post(says('new', 'Second'));
    const event = await line.next();
    expect(event).toContain('id="post-p-new"');
    expect(event).toContain('Second');
    expect(event).not.toContain('First');
  });

  test('brings what was missed to a page that comes back', async () => {
    const client = await enteredClient();
    const address = await addressOn(client, '/ideas/idea-1');
    const before = await connect(client, address);
    client.desk.post(says('one', 'Seen'));
    const seen = idOf(await before.next());
    await before.close();
    client.desk.postSilently(says('two', 'Missed'));
    const after = await connect(client, address, { 'last-event-id': seen });
    expect(await after.next()).toContain('Missed');
  });

  test('is silent to a page that comes back and missed nothing', async () => {
    const client = await enteredClient();
    const address = await addressOn(client, '/ideas/idea-1');
    const before = await connect(client, address);
    client.desk.post(says('one', 'Seen'));
    const seen = idOf(await before.next());
    await before.close();
    const after = await connect(client, address, { 'last-event-id': seen });
    expect(await after.isSilent(150)).toBe(true);
  });

  test('brings the rail and the title when what waits changes', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/ideas/idea-1'));
    client.desk.clearWaiting();
    client.desk.post(says('done', 'Done'));
    const event = await line.next();
    expect(event).toContain('<title>Workbench · Addresses for recipes</title>');
    expect(event).toContain('hx-target="#rail" hx-swap="outerMorph"');
  });

  test('of a task follows the task and leaves the rail to the page', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/tasks/task-12', 1));
    client.desk.clearWaiting();
    client.desk.post(draft('packet', task, { kind: 'persona', name: 'ollan' }, { lead: 'Built.' }));
    const event = await line.next();
    expect(event).toContain('Built.');
    expect(event).not.toContain('#rail');
  });

  test('gathers a burst into few events, and ends with the last state', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/ideas/idea-1'));
    for (let at = 0; at < 200; at += 1) client.desk.post(says('busy', `Step ${at}`));
    let events = 1;
    let event = await line.next();
    while (!event.includes('Step 199')) {
      event = await line.next();
      events += 1;
    }
    expect(events).toBeLessThan(5);
  });

  test('is let go when the browser leaves', async () => {
    const client = await enteredClient();
    const line = await connect(client, await addressOn(client, '/ideas/idea-1'));
    expect(client.desk.listeners()).toBe(1);
    await line.close();
    expect(client.desk.listeners()).toBe(0);
  });

  test('that nobody reads does not pile up', async () => {
    const client = await enteredClient();
    const answer = await client.get(await addressOn(client, '/ideas/idea-1'));
    for (let round = 0; round < 30; round += 1) {
      client.desk.post(says('busy', `Step ${round}`));
      await new Promise((resolve) => setTimeout(resolve, 70));
    }
    const line = listen(answer.body ?? new ReadableStream());
    let events = 0;
    for (let last = ''; !last.includes('Step 29'); events += 1) last = await line.next();
    expect(events).toBeLessThan(15);
  });

  test('names another thread only in its own form', async () => {
    const client = await enteredClient();
    expect((await client.get('/live?page=zebra')).status).toBe(400);
  });
});

test('each beat looks for what no event told, and keeps the line open', async () => {
  const desk = createFakeDesk();
  let title = 'one';
  const stream = openLiveStream({
    desk,
    draw: () => Promise.resolve({ title, regions: [], feed: null }),
    seen: null,
    log: silentLog,
    beatMs: 20,
  });
  const line = listen(stream);
  expect(await line.next()).toContain('one');
  title = 'two';
  expect(await line.next()).toContain('two');
});

test('a drawing that fails is tried again', async () => {
  const desk = createFakeDesk();
  let tries = 0;
  const stream = openLiveStream({
    desk,
    draw: () => {
      tries += 1;
      return tries === 1
        ? Promise.reject(new Error('busy'))
        : Promise.resolve({ title: 'there', regions: [], feed: null });
    },
    seen: null,
    log: silentLog,
    beatMs: 20,
  });
  expect(await listen(stream).next()).toContain('there');
});

test('the rail can be asked for alone, by a page that rests', async () => {
  const client = await enteredClient();
  const piece = await client.text('/rail?page=home&seen=x');
  expect(piece).toContain('<title>(2) Workbench</title>');
  expect(piece).toContain('hx-target="#rail"');
  expect(piece).not.toContain('home-lists');
});
