/** A part of oxlint's `no-restricted-imports`: a regular expression without look-around, or gitignore globs. */
export type Pattern = { regex: string; message: string } | { group: readonly string[]; message: string };

/** One or more steps up, also spelled `./../`. */
const climb = '(\\./)*(\\.\\./)+';
/** From a file that lies in `src/` itself. */
const beside = '(\\.{1,2}/)+';

/** Globs that allow every built-in of Node but `node:process`, a second door to the environment. */
export const anyBuiltin = ['!node:*', '!node:*/**', 'node:process'] as const;

/** Only infra starts other programs: the rest goes through the sandbox or the workspace port. */
export const anyBuiltinButProcesses = [
  ...anyBuiltin,
  'node:child_process',
  'node:worker_threads',
  'node:cluster',
] as const;

/** Rooms of `src/`, in both spellings: `#src/desk/…` and `../desk/…`. */
export function srcRooms(names: readonly string[], from: 'src' | 'a room of src' | 'a neighbour', message: string) {
  const relative = { src: `${beside}(src/)?`, 'a room of src': `${climb}(src/)?`, 'a neighbour': `${climb}src/` }[from];
  return anyOf(`(#src/|${relative})`, names, message);
}

/** Rooms at the top level, in both spellings: `#agents/…` and `../../agents/…`. */
export function topLevelRooms(names: readonly string[], message: string) {
  return anyOf(`(#|${climb})`, names, message);
}

/** The rule for one folder: refuses what `patterns` name, an alias that climbs, and every package that is not allowed. */
export function restrictedImports(
  patterns: readonly Pattern[],
  builtins: readonly string[],
  packages: readonly string[],
): ['error', { patterns: Pattern[] }] {
  return [
    'error',
    {
      patterns: [
        ...patterns,
        { regex: '^#.*/\\.{1,2}/', message: 'An alias does not climb.' },
        {
          group: [
            '**',
            '!./**',
            '!../**',
            '!#*/**',
            ...builtins,
            ...packages.flatMap((name) => [`!${name}`, `!${name}/**`]),
          ],
          message: 'Neither a pure library nor at home in this folder: see infra/lint/house.ts.',
        },
      ],
    },
  ];
}

function anyOf(prefix: string, names: readonly string[], message: string): Pattern[] {
  if (names.length === 0) return [];
  const alternatives = names.map((name) => name.replaceAll('.', '\\.')).join('|');
  return [{ regex: `^${prefix}(${alternatives})(/|$)`, message }];
}
