import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createRoom } from '#bots/room/create-room.ts';
import { serve } from '#infra/http/serve.ts';
import { silentLog } from '#src/ports/log.ts';
import { createFakeDesk } from './fake-desk.ts';
import { token } from './room-client.ts';

/** Posts over real HTTP, in chunks: no length is said. */
async function postInChunks(url: string, headers: Record<string, string>, chunks: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers: { ...headers, 'transfer-encoding': 'chunked' } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    sent.on('error', reject);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
  });
}

async function openRoom() {
  const desk = createFakeDesk();
  let origin = '';
  const uploadFolder = mkdtempSync(path.join(tmpdir(), 'room-test-'));
  const handler = createRoom({ actor: 'local', token, origin: () => origin, uploadFolder, log: silentLog, desk });
  const served = await serve({ handler, port: 0, portIsExplicit: false, log: silentLog });
  origin = served.url;
  onTestFinished(() => served.close());
  const entered = await fetch(`${origin}/?token=${token}`, { redirect: 'manual' });
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const page = await (await fetch(`${origin}/setup`, { headers: { cookie } })).text();
  const headers = {
    cookie,
    origin,
    'sec-fetch-site': 'same-origin',
    'x-csrf-token': /data-csrf="([^"]+)"/.exec(page)?.[1] ?? '',
    'content-type': 'application/x-www-form-urlencoded',
  };
  return { desk, say: (...chunks: string[]) => postInChunks(`${origin}/say`, headers, chunks) };
}

test('a form that comes without its length is read like any other', async () => {
  const { desk, say } = await openRoom();
  expect(await say('thread=idea%3Aidea-1&origin=o-1&as=message', '&text=In+two+pieces')).toBeLessThan(400);
  expect(desk.messages.map(({ text }) => text)).toEqual(['In two pieces']);
});

test('and is stopped when it grows past what any form holds', async () => {
  const { desk, say } = await openRoom();
  expect(await say('text=', ...Array.from({ length: 9 }, () => 'x'.repeat(1024 * 1024)))).toBe(413);
  expect(desk.messages).toEqual([]);
});
