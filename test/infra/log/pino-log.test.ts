import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { createPinoLog } from '#infra/log/pino-log.ts';
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

  it('keeps standard output for what commands answer', async () => {
    const program = `import { createPinoLog } from ${JSON.stringify(MODULE)};
      createPinoLog({ level: 'debug', destination: 'stderr' }).error({}, 'heard');
      process.exit(0);`;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toBe('');
    expect(stderr).toContain('heard');
  });
});
