import pino from 'pino';
import type { Log } from '#src/ports/log.ts';
import { redactLine } from './redact-line.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

interface PinoLogOptions {
  level: LogLevel;
  destination: 'stderr' | { file: string };
  /** What must not be in any line, by value; secrets in a known form are found without. */
  secrets?: readonly string[];
}

/**
 * The operators' log as JSON lines. Never on stdout: that belongs to what a command answers. `destination` is
 * `stderr` or a file that is appended to. Writes at once, so the last line before a crash is there. Errors of other
 * people's programs end up here, with whatever they quote, so every line loses its secrets on the way out.
 */
export function createPinoLog({ level, destination, secrets = [] }: PinoLogOptions): Log {
  const target =
    destination === 'stderr'
      ? pino.destination({ dest: 2, sync: true })
      : pino.destination({ dest: destination.file, sync: true, mkdir: true, append: true });
  const hooks = { streamWrite: (line: string) => redactLine(line, secrets) };
  return pino({ level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime, hooks }, target);
}
