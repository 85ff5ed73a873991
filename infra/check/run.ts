/**
 * Runs every part of the check, also after one has failed, so that one run shows all there is to mend.
 * `npm run check`, or some parts: `npm run check -- types lint`, `npm run check -- --except test`.
 */
import { spawnSync } from 'node:child_process';
import { checkParts, chooseParts, describeResult, type PartResult } from './parts.ts';

const args = process.argv.slice(2);
if (args[0] === '--list') {
  console.log(checkParts.join('\n'));
} else {
  const results: PartResult[] = chooseParts(args).map((name) => {
    console.log(`\n== ${name}`);
    const startedAt = performance.now();
    const { status } = spawnSync('npm', ['run', '--silent', name], { stdio: 'inherit' });
    return { name, exitCode: status, seconds: (performance.now() - startedAt) / 1000 };
  });
  console.log(`\n== check\n${results.map(describeResult).join('\n')}`);
  process.exitCode = results.every(({ exitCode }) => exitCode === 0) ? 0 : 1;
}
