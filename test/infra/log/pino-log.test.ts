import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPinoLog } from '#infra/log/pino-log.ts';
import { filler } from '#test/safety/corpus.ts';
import { createTempFolder } from '#test/support/temp-folder.ts';

const MODULE = fileURLToPath(new URL('../../../infra/log/pino-log.ts', import.meta.url));

describe('createPinoLog', () => {
  it('appends one JSON line for each message at or above its level', async () => {
    const temp = await createTempFolder();
    const file = path.join(temp.path, 'deep', 'factory.log');
    createPinoLog({ level: 'warn', destination: { file } }).info({ task: 1 }, 'not this');
    createPinoLog({ level: 'info', destination: { file } }).info({ task: 2 }, 'this');
    const lines = (await readFile(file, 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ task: 2, msg: 'this', pid: process.pid }]);
    await temp.remove();
  });

  it('writes no secret: of a known form, of a known value however it is coded, or under its name (C15)', async () => {
    const temp = await createTempFolder();
    const file = path.join(temp.path, 'factory.log');
    const [issued, own, named] = [`ghp_${filler(36)}`, 'quietly-known-4711', 'whatever-it-is'];
    const coded = [
      own,
      Buffer.from(`user:${own}`).toString('base64'),
      Buffer.from(own).toString('hex'),
      [...own].toReversed().join(''),
    ];
    const log = createPinoLog({ level: 'info', destination: { file }, secrets: [own] });
    log.error(
      { error: `git said: https://me:${filler(20)}@git.example/ "${issued}"`, deep: [{ seen: coded }], token: named },
      `refused ${issued}, ${own}`,
    );
    log.warn({ err: new Error(`connect postgres://factory:${own}@db.example failed`) }, 'the database is away');
    const text = await readFile(file, 'utf8');
    expect([issued, named, filler(20), ...coded].filter((secret) => text.includes(secret))).toEqual([]);
    const lines = text.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 50, msg: 'refused [redacted GitHub token], [redacted secret]', token: '[redacted]' },
      { level: 40, msg: 'the database is away' },
    ]);
    await temp.remove();
  });

  it('keeps standard output for what commands answer', async () => {
    const program = `import { createPinoLog } from ${JSON.stringify(MODULE)};
      createPinoLog({ level: 'debug', destination: 'stderr' }).error({}, 'heard');
      process.exit(0);`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toBe('');
    expect(stderr).toContain('heard');
  });
});
