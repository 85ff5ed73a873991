import { commands } from './commands.ts';
import { loadConfig } from '#src/config.ts';
import { hostEnvironment } from '#src/host-environment.ts';
import { FactoryError, toErrorReport } from '#src/errors.ts';

/** Hands the words to a command and prints what it leaves. Returns the exit code. */
export async function dispatch(words: readonly string[]): Promise<number> {
  const json = words.includes('--json');
  const [name = 'help', ...rest] = words.filter((word) => word !== '--json');
  try {
    const host = hostEnvironment();
    const command = commands.find(
      (candidate) => candidate.name === (name === '--help' || name === '-h' ? 'help' : name),
    );
    if (command === undefined) {
      throw new FactoryError('no-such-command', `There is no command "${name}".`, {
        fix: `Use one of: ${commands.map((known) => known.name).join(', ')}.`,
      });
    }
    const config = loadConfig(host.env, host.cwd);
    const result = await command.run({ argv: rest, config, cwd: host.cwd, host, json });
    process.stdout.write(
      json ? `${JSON.stringify(result.document)}\n` : result.lines.map((line) => `${line}\n`).join(''),
    );
    return result.exitCode;
  } catch (error) {
    const report = toErrorReport(error);
    if (json) process.stdout.write(`${JSON.stringify(report)}\n`);
    else process.stderr.write(`${report.error.message}\n${report.error.fix}\n`);
    if (!(error instanceof FactoryError))
      process.stderr.write(`${error instanceof Error ? (error.stack ?? '') : ''}\n`);
    return 1;
  }
}
