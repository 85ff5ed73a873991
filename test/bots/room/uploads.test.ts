import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cleanFileName } from '#bots/room/uploads.ts';
import { enteredClient, type RoomClient } from './room-client.ts';

const MiB = 1024 * 1024;

async function upload(
  client: RoomClient,
  path: string,
  body: Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return client.raw(path, {
    method: 'POST',
    headers: {
      cookie: client.cookie(),
      origin: 'null',
      'sec-fetch-site': 'same-origin',
      'hx-request': 'true',
      'x-csrf-token': await client.csrf(),
      'content-type': 'application/octet-stream',
      'x-file-name': encodeURIComponent('conversations.json'),
      ...headers,
    },
    body,
  });
}

function pieces(count: number, bytes: number): ReadableStream<Uint8Array> {
  let sent = 0;
  return new ReadableStream({
    pull(controller) {
      if (sent === count) controller.close();
      else controller.enqueue(new Uint8Array(bytes).fill(97));
      sent += 1;
    },
  });
}

describe('an upload', () => {
  test('passes through the disk in pieces and leaves nothing behind', async () => {
    const client = await enteredClient();
    const answer = await upload(client, '/projects/project-1/import', pieces(24, MiB));
    expect(answer.status).toBe(200);
    expect(client.desk.imports).toMatchObject([
      { projectId: 'project-1', name: 'conversations.json', bytes: 24 * MiB },
    ]);
    expect(client.desk.imports[0]?.largestChunk).toBeLessThanOrEqual(MiB);
    expect(readdirSync(client.uploadFolder)).toEqual([]);
  });

  test('tells what came in and what was left out', async () => {
    const client = await enteredClient();
    const piece = await (await upload(client, '/projects/project-1/import', new Uint8Array(3))).text();
    expect(piece).toContain('one conversation taken in');
    expect(piece).toContain('3 × image left out: pictures are not read');
    expect(piece).toContain('conversations-002.json');
    expect(piece).not.toContain('<script>');
  });

  test('that is larger than the limit is stopped while it comes in', async () => {
    const client = await enteredClient({ maxUploadBytes: 2 * MiB });
    let pulled = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(MiB));
        if (pulled > 500) controller.error(new Error('read far past the limit'));
      },
    });
    const answer = await upload(client, '/projects/project-1/import', endless);
    expect(answer.status).toBe(413);
    expect(await answer.text()).toContain('larger than 2 MB');
    expect(pulled).toBeLessThan(20);
    expect(client.desk.imports).toEqual([]);
    expect(readdirSync(client.uploadFolder)).toEqual([]);
  });

  test('that announces too much is refused before it is read', async () => {
    const client = await enteredClient({ maxUploadBytes: 10 });
    const answer = await upload(client, '/projects/project-1/import', new Uint8Array(3), { 'content-length': '11' });
    expect(answer.status).toBe(413);
  });

  test('that breaks off is not taken for the whole', async () => {
    const client = await enteredClient();
    const cut = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(10));
        controller.error(new Error('gone'));
      },
    });
    const answer = await upload(client, '/projects/project-1/import', cut);
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('did not arrive whole');
    expect(client.desk.imports).toEqual([]);
  });

  test('shorter than it announced is not taken for the whole', async () => {
    const client = await enteredClient();
    const answer = await upload(client, '/projects/project-1/import', new Uint8Array(3), { 'content-length': '30' });
    expect(answer.status).toBe(422);
    expect(client.desk.imports).toEqual([]);
  });

  test('that is no conversation says so, and is removed', async () => {
    const client = await enteredClient();
    const answer = await upload(client, '/projects/project-1/import', new Uint8Array(3), {
      'x-file-name': 'broken.zip',
    });
    expect(answer.status).toBe(422);
    const piece = await answer.text();
    expect(piece).toContain('This file is not a conversation.');
    expect(piece).toContain('Drop a ChatGPT, Claude or meeting export.');
    expect(readdirSync(client.uploadFolder)).toEqual([]);
  });

  test('on the first page makes the project that the next files join', async () => {
    const client = await enteredClient();
    const answer = await upload(client, '/import', new Uint8Array(3), {
      'x-repository': encodeURIComponent('/code/greeter'),
    });
    expect(answer.headers.get('x-project')).toBe('project-1');
    expect(client.desk.bound).toMatchObject([{ path: '/code/greeter' }]);
  });

  test('sent as a form of another page is refused', async () => {
    const client = await enteredClient();
    const answer = await upload(client, '/projects/project-1/import', new Uint8Array(3), {
      'content-type': 'multipart/form-data; boundary=x',
    });
    expect(answer.status).toBe(422);
    expect(client.desk.imports).toEqual([]);
  });
});

test.each([
  ['conversations.json', 'conversations.json'],
  ['%D7%A9%D7%99%D7%97%D7%94.json', 'שיחה.json'],
  ['..%2F..%2Fetc%2Fpasswd', 'passwd'],
  ['C%3A%5Cdocs%5Cchat.txt', 'chat.txt'],
  ['a%0Ab%00c%E2%80%AEtxt', 'abctxt'],
  ['%', '%'],
  [undefined, 'file'],
  ['x'.repeat(500), 'x'.repeat(200)],
])('the name %j is shown as %j', (given, shown) => {
  expect(cleanFileName(given)).toBe(shown);
});
