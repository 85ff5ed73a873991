import type { CheckReport, CheckRun } from './report.ts';

/** What POSIX shells end with when a command is not there. */
const COMMAND_NOT_FOUND = 127;

/**
 * The program that a check could not find where it runs, or null. The exit code says that it is so; what was printed
 * only says its name.
 */
export function findMissingTool(run: CheckRun): string | null {
  if (run.endedBy !== null || run.exitCode === null || run.exitCode === 0) return null;
  if (run.exitCode === COMMAND_NOT_FOUND) {
    const named = /([\w.+/-]+)['’]?: (?:(?:command )?not found|No such file or directory)\s*$/m.exec(
      run.outputTail,
    )?.[1];
    return named ?? firstWord(run.command);
  }
  const module = /\bpython[\d.]* -m ([\w.]+)/.exec(run.command)?.[1];
  return module !== undefined && new RegExp(`: No module named '?${module}'?\\s*$`, 'm').test(run.outputTail)
    ? module
    : null;
}

/** The programs that the change cannot have taken away: missing before it, and missing after it. */
export function toolsNeverThere(base: CheckReport | null, head: CheckReport): { check: string; tool: string }[] {
  return head.checks.flatMap((check) => {
    const tool = findMissingTool(check);
    const before = base?.checks.find(({ name }) => name === check.name);
    if (tool === null || before === undefined || findMissingTool(before) !== tool) return [];
    return [{ check: check.command, tool }];
  });
}

function firstWord(command: string): string {
  return command.trim().split(/\s+/)[0] ?? command;
}
