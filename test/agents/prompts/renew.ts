/**
 * `npm run prompts:renew`, after a prompt was changed on purpose: runs the hostile corpus against the prompts as they
 * are now and, only when all of it holds, writes their fingerprints anew. Commit those with the prompt.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { everyPrompt, FINGERPRINTS_FILE, fingerprintOf } from './every-prompt.ts';

/** Hostile text against the filters, against single steps, and through a whole run with every persona. */
const HOSTILE = [
  'test/safety',
  'test/agents/thinking',
  'test/agents/piper',
  'test/agents/mason',
  'test/agents/vera',
  'test/e2e/model/injections.test.ts',
];

const { status } = spawnSync('npm', ['test', '--', ...HOSTILE], { stdio: 'inherit' });
if (status === 0) {
  const fingerprints = Object.fromEntries(
    [...(await everyPrompt())].map(([name, text]) => [name, fingerprintOf(text)]),
  );
  writeFileSync(FINGERPRINTS_FILE, `${JSON.stringify(fingerprints, null, 2)}\n`);
  process.stdout.write('The corpus holds. The fingerprints are written: commit them with the prompt.\n');
} else {
  process.stderr.write('The corpus does not hold with these prompts, so the fingerprints stay as they were.\n');
  process.exitCode = 1;
}
