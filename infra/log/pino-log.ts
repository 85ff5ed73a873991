import pino from 'pino';
import type { Log } from '#src/ports/log.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/**
 * The operators' log as JSON lines. Never on stdout: that belongs to what a command answers. `destination` is
 * `stderr` or a file that is appended to. Writes at once, so the last line before a crash is there.
 */
export function createPinoLog(options: { level: LogLevel; destination: 'stderr' | { file: string } }): Log {
  const target =
    options.destination === 'stderr'
      ? pino.destination({ dest: 2, sync: true })
      : pino.destination({ dest: options.destination.file, sync: true, mkdir: true, append: true });
  return pino({ level: options.level, base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, target);
}
