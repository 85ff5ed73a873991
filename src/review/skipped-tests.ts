const SKIPS =
  /\b(?:it|test|describe|suite|context)\.(?:skip|only|todo|fixme)\b|\b(?:xit|xdescribe|xtest|fit|fdescribe)\(|\bskip: ?(?:true|['"`])|@(?:pytest\.mark\.(?:skip|xfail)|unittest\.skip|Disabled|Ignore)|\bpytest\.skip\(|\bt\.Skip(?:f|Now)?\(|#\[ignore\b/;

/** Lines that a unified diff adds and that set tests aside or run some alone; one note a file. */
export function noteSkippedTests(diffText: string): string[] {
  const notes = new Map<string, string>();
  let path = '';
  for (const line of diffText.split('\n')) {
    if (line.startsWith('+++ ')) path = line.slice(4).replace(/^b\//, '');
    else if (line.startsWith('+') && !notes.has(path)) {
      const found = SKIPS.exec(line)?.[0];
      if (found !== undefined) notes.set(path, `${path}: sets tests aside (\`${found.trim()}\`).`);
    }
  }
  return [...notes.values()];
}
