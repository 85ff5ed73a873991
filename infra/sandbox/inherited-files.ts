import { readdirSync, readFileSync } from 'node:fs';
import type { StdioOptions } from 'node:child_process';

/** `O_CLOEXEC` on every Linux that Node runs on; `/proc/PID/fdinfo` tells flags in octal. */
const CLOSES_ON_EXEC = 0o2000000;

/**
 * Adds to a program's list of files an entry for each file that this process itself inherited from whoever started it
 * (a shell's lock, a log) and would pass on: the program gets `devNull` in its place. Neither Node nor bubblewrap
 * closes those, and an open file of the host is a hole in the wall.
 */
export function coverInherited(files: readonly ('ignore' | 'pipe' | number)[], devNull: number): StdioOptions {
  const covered: ('ignore' | 'pipe' | number)[] = [...files];
  for (const inherited of inheritableFiles()) {
    if (inherited < files.length) continue;
    // Node leaves "ignore" above 2 as it is, so only the inherited numbers are really replaced.
    while (covered.length < inherited) covered.push('ignore');
    covered[inherited] = devNull;
  }
  return covered;
}

function inheritableFiles(): number[] {
  let names: string[];
  try {
    names = readdirSync('/proc/self/fd');
  } catch {
    return [];
  }
  return names.map(Number).filter((file) => {
    try {
      const flags = /^flags:\s*([0-7]+)/m.exec(readFileSync(`/proc/self/fdinfo/${file}`, 'latin1'))?.[1];
      return flags !== undefined && (Number.parseInt(flags, 8) & CLOSES_ON_EXEC) === 0;
    } catch {
      // The listing's own file is closed by now.
      return false;
    }
  });
}
