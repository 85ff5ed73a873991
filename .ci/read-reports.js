// What vitest's JSON reports say, for `run`:
//   failed REPORT          the files that failed, one a line
//   count REPORT AGAIN…    a line with how many passed and failed, then a line for each test that was unsteady;
//                          AGAIN are reports of files that failed in REPORT and passed when they ran once more
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

const [what, ...paths] = process.argv.slice(2);
const [files, ...again] = paths.map((path) => JSON.parse(readFileSync(path, 'utf8')).testResults);

const say = (line) => process.stdout.write(`${line}\n`);
const testsOf = (file, status) => file.assertionResults.filter((test) => test.status === status);
/** Names of what failed. A file can fail without a test of it, when it cannot be read or a hook throws. */
const failuresOf = (file) => {
  if (file.status !== 'failed') return [];
  const names = testsOf(file, 'failed').map(({ fullName }) => fullName);
  return names.length > 0 ? names : ['outside of its tests'];
};

if (what === 'failed') {
  for (const file of files) if (file.status === 'failed') say(file.name);
} else {
  const mended = new Map(again.flat().map((file) => [file.name, file]));
  const counted = files.map((file) => mended.get(file.name) ?? file);
  const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);
  const passed = sum(counted.map((file) => testsOf(file, 'passed').length));
  say(`${passed} ${sum(counted.map((file) => failuresOf(file).length))}`);
  for (const file of files)
    if (mended.has(file.name))
      for (const name of failuresOf(file)) say(`unsteady: ${relative('.', file.name)}, ${name}`);
}
