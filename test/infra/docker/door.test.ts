import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';

const program = fileURLToPath(new URL('../../../infra/docker/door.ts', import.meta.url));
const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null) continue;
    child.kill('SIGTERM');
    await once(child, 'exit');
  }
});

/** The port that the door listens on, as it says itself. */
async function openDoor(roomPort: number): Promise<number> {
  const child = spawn(process.execPath, [program, '0', String(roomPort)], { stdio: ['ignore', 'pipe', 'inherit'] });
  running.push(child);
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return (JSON.parse(line.toString().replace('Door: ', '')) as AddressInfo).port;
}

it('carries a request to the room on loopback and its answer back, with the Host as it was sent', async () => {
  const room = createServer((request, response) => response.end(`room of ${request.headers.host}`));
  room.listen(0, '127.0.0.1');
  await once(room, 'listening');
  const port = await openDoor((room.address() as AddressInfo).port);
  const answer = await fetch(`http://127.0.0.1:${port}/`);
  expect(await answer.text()).toBe(`room of 127.0.0.1:${port}`);
  room.close();
});

it('ends a connection when there is no room behind it, and stays open for the next', async () => {
  const room = createServer((_, response) => response.end('here again'));
  room.listen(0, '127.0.0.1');
  await once(room, 'listening');
  const roomPort = (room.address() as AddressInfo).port;
  room.close();
  const port = await openDoor(roomPort);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow('fetch failed');

  const next = createServer((_, response) => response.end('here again'));
  next.listen(roomPort, '127.0.0.1');
  await once(next, 'listening');
  expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here again');
  next.close();
});

it('refuses arguments that are no ports', async () => {
  const child = spawn(process.execPath, [program, 'here', '4747'], { stdio: 'ignore' });
  expect(await once(child, 'exit')).toEqual([64, null]);
});
