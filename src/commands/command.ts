import type { Config } from '#src/config.ts';
import type { HostEnvironment } from '#src/host-environment.ts';

/** What a command gets: the person's words, their settings, and where they stand. */
export interface CommandContext {
  argv: readonly string[];
  config: Config;
  /** Paths that people type resolve against this. */
  cwd: string;
  host: HostEnvironment;
  json: boolean;
}

/** What a command leaves: a document for `--json`, lines for people, and the exit code. */
export interface CommandResult {
  document: unknown;
  lines: string[];
  exitCode: number;
}

export interface Command {
  name: string;
  usage: string;
  summary: string;
  run(context: CommandContext): Promise<CommandResult>;
}
