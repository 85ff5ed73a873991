import { FactoryError } from '#src/errors.ts';
import type { SandboxCommand } from '#src/ports/sandbox.ts';
import { pathNames } from './beneath.ts';

/** The folder of a command relative to its workspace ('' for the root), after looking at everything the caller gave. */
export function checkCommand(command: SandboxCommand): { cwd: string } {
  const [program] = command.argv;
  if (program === undefined || program === '') throw invalid('it names no program');
  if (command.argv.some((argument) => argument.includes('\0'))) throw invalid('an argument holds a zero byte');
  for (const [name, value] of Object.entries(command.env ?? {})) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw invalid(`${JSON.stringify(name)} cannot name a variable`);
    if (value.includes('\0')) throw invalid(`the variable ${name} holds a zero byte`);
  }
  return { cwd: pathNames(command.cwd ?? '').join('/') };
}

function invalid(why: string): FactoryError {
  return new FactoryError('sandbox-command-invalid', `The sandbox cannot run this command: ${why}.`, {
    fix: 'Correct the command, for a repository in its factory.yaml.',
  });
}
