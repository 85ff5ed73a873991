/**
 * Runs inside the sandbox, where there is no network: listens on the sandbox's own loopback, carries each connection to
 * the unix socket of the factory's proxy, and runs the command beside it.
 * Arguments: PORT SOCKET PROGRAM ARGUMENT…  Imports nothing of the project: only this file is visible inside.
 */
import { spawn } from 'node:child_process';
import { connect, createServer } from 'node:net';
import { constants } from 'node:os';

const [port, socketPath, program, ...args] = process.argv.slice(2);
if (port === undefined || socketPath === undefined || program === undefined) {
  console.error('usage: egress-bridge PORT SOCKET PROGRAM ARGUMENT...');
  process.exit(64);
}

const bridge = createServer((client) => {
  const proxy = connect(socketPath);
  client.on('error', () => proxy.destroy());
  proxy.on('error', () => client.destroy());
  client.on('close', () => proxy.destroy());
  proxy.on('close', () => client.destroy());
  client.pipe(proxy).pipe(client);
});

bridge.once('error', (error) => {
  console.error(`The way out of the sandbox could not be opened: ${error.message}`);
  process.exit(70);
});

bridge.listen(Number(port), '127.0.0.1', () => {
  const child = spawn(program, args, { stdio: 'inherit' });
  child.once('error', (error: NodeJS.ErrnoException) => {
    console.error(`${program}: ${error.message}`);
    process.exit(error.code === 'ENOENT' ? 127 : 126);
  });
  // As shells do: 128 and the signal's number.
  child.once('exit', (code, signal) => process.exit(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
});
