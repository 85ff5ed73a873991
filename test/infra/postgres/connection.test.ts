import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { openDatabase } from '#infra/postgres/connection.ts';
import { silentLog } from '#src/ports/log.ts';
import { createTestDatabase } from '#test/support/database.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function listen(answer: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    answer(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return address !== null && typeof address === 'object' ? address.port : 0;
}

function open(databaseUrl: string): ReturnType<typeof openDatabase> {
  return openDatabase({ databaseUrl, dataDir: '/nowhere/that/is/used', log: silentLog });
}

describe('openDatabase with a DATABASE_URL', () => {
  it('opens that server, says what it found there and leaves it running', async () => {
    const test = await createTestDatabase();
    const database = await open(test.url);
    expect(database).toMatchObject({ kind: 'external', superuser: false, notes: [] });
    expect(database.connection).toMatchObject({ dbName: test.connection.dbName, user: test.connection.user });
    expect(database.majorVersion).toBeGreaterThanOrEqual(15);
    await database.release();
    await test.drop();
  });

  it.each([
    ['nobody listens', 'postgres://ann:secret@127.0.0.1:1/factory', 'nothing answers there'],
    ['there is no such socket', 'postgres://ann:secret@localhost/factory?host=/nowhere', 'nothing answers there'],
    ['the host is unknown', 'postgres://ann:secret@no-such-host.invalid/factory', 'is not known'],
  ])('says so when %s, without the password', async (_, url, reason) => {
    const error: unknown = await open(url).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'database-unreachable', message: expect.stringContaining(reason) });
    expect(error).toMatchObject({ retryable: true, fix: expect.stringContaining('DATABASE_URL') });
    expect(JSON.stringify([error, String(error)])).not.toContain('secret');
  });

  it('says so when the database is not there', async () => {
    const test = await createTestDatabase();
    const url = test.url.replace(`/${test.connection.dbName}`, '/not_there');
    await expect(open(url)).rejects.toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining('"not_there"'),
    });
    await test.drop();
  });

  it('says so when the server refuses the password', async () => {
    const port = await listen((socket) =>
      socket.once('data', () => socket.end(message('E', 'SFATAL\0C28P01\0Mpassword authentication failed\0\0'))),
    );
    await expect(open(`postgres://ann:secret@127.0.0.1:${port}/factory`)).rejects.toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining('refuses the user "ann" or its password'),
    });
  });

  it('says so when something else answers there', async () => {
    const port = await listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    await expect(open(`postgres://ann@127.0.0.1:${port}/factory`)).rejects.toMatchObject({
      code: 'database-unreachable',
    });
  });

  it('refuses a server that is too old', async () => {
    const port = await listen(answerAsVersion14);
    await expect(open(`postgres://ann@127.0.0.1:${port}/factory`)).rejects.toMatchObject({
      code: 'database-too-old',
      message: expect.stringContaining('version 14'),
    });
  });
});

/** Just enough of the protocol to let a client in and answer its one question. */
function answerAsVersion14(socket: Socket): void {
  socket.once('data', () => {
    socket.write(Buffer.concat([message('R', int32(0)), message('Z', 'I')]));
    socket.once('data', () => {
      const columns = Buffer.concat([int16(2), column('version', 23), column('superuser', 16)]);
      const values = Buffer.concat([int16(2), int32(2), Buffer.from('14'), int32(1), Buffer.from('f')]);
      socket.write(
        Buffer.concat([message('T', columns), message('D', values), message('C', 'SELECT 1\0'), message('Z', 'I')]),
      );
    });
  });
}

function message(type: string, body: string | Buffer): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(type), int32(bytes.length + 4), bytes]);
}

function column(name: string, type: number): Buffer {
  return Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(type), int16(-1), int32(-1), int16(0)]);
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
