import type { FileLines } from './diff-lines.ts';

const SKIPS =
  /\b(?:it|test|describe|suite|context|specify)(?:\.\w{1,20}){0,3}(?:\.(?:skip|only|todo|fixme|skipIf|runIf|fails|failing)\b|\[['"`](?:skip|only|todo)['"`]\])|\b(?:xit|xdescribe|xtest|xcontext|xspecify|fit|fdescribe|fcontext)\(|\bskip["']?: ?(?:true|!0|['"`])|\bonly["']?: ?true\b|\b(?:t|this)\.skip\(|\bskipTest\(|\bSkipTest\b|\bimportorskip\(|\bcollect_ignore|@(?:pytest\.mark\.(?:skip|xfail)|unittest\.(?:skip|expectedFailure)|Disabled|Ignore)|\bpytestmark\b.{0,40}\b(?:skip|xfail)|\bpytest\.skip\(|\bt\.Skip(?:f|Now)?\(|#\[ignore\b/;

/** Added lines that set tests aside or run some alone; one note a file. */
export function noteSkippedTests(files: readonly FileLines[]): string[] {
  return files.flatMap(({ path, added }) => {
    const found = added.map(({ text }) => SKIPS.exec(text)?.[0]).find((match) => match !== undefined);
    return found === undefined ? [] : [`${path}: sets tests aside (\`${found.trim()}\`).`];
  });
}
