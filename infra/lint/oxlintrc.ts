import { neighbours, programs, pureBuiltins, purePackages, srcRanks, vendorHomes, wiring } from './house.ts';
import {
  anyBuiltin,
  anyBuiltinButProcesses,
  restrictedImports,
  srcRooms,
  topLevelRooms,
} from './restricted-imports.ts';
import { everywhere, mayReadSettings, type Rules, throughPorts } from './rules.ts';

type Override = { files: readonly string[]; rules: Rules };

/** `.oxlintrc.json`, byte for byte. A later override replaces a rule of an earlier one; it does not add to it. */
export function renderOxlintConfig(): string {
  const config = {
    $schema: './node_modules/oxlint/configuration_schema.json',
    plugins: ['typescript', 'unicorn', 'oxc', 'import', 'promise', 'vitest'],
    options: { typeAware: true, denyWarnings: true, reportUnusedDisableDirectives: 'error' },
    ignorePatterns: ['node_modules/**', '**/fixtures/**', 'coverage/**', '.workbench/**'],
    categories: { correctness: 'error' },
    rules: everywhere,
    overrides: [
      ...srcRanks.map(srcRoom),
      ...neighbours.map((room) => folderOfNeighbour(room)),
      ...Object.keys(vendorHomes).flatMap((home) => (home.includes('/') ? [folderOfNeighbour(home)] : [])),
      { files: ['src/host-environment.ts', 'test/**'], rules: mayReadSettings },
      { files: programs, rules: { 'no-console': 'off' } },
    ] satisfies Override[],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

function srcRoom(room: (typeof srcRanks)[number], rank: number): Override {
  const isFile = room.endsWith('.ts');
  const isWiring = (wiring as readonly string[]).includes(room);
  const later = srcRanks.slice(rank + 1);
  return {
    files: [isFile ? `src/${room}` : `src/${room}/**`],
    rules: {
      ...(isWiring ? {} : throughPorts),
      'no-restricted-imports': restrictedImports(
        [
          ...srcRooms(later, isFile ? 'src' : 'a room of src', `src/${room} comes before this room in rank.`),
          ...topLevelRooms(isWiring ? ['test'] : [...neighbours, 'test'], `src/${room} does not know this room.`),
        ],
        isWiring ? anyBuiltin : pureBuiltins.flatMap((name) => [`!${name}`, `!${name}/**`]),
        purePackages,
      ),
    },
  };
}

function folderOfNeighbour(folder: string): Override {
  const room = folder.split('/')[0];
  const others = neighbours.filter((neighbour) => neighbour !== room);
  return {
    files: [`${folder}/**`],
    rules: {
      'no-restricted-imports': restrictedImports(
        [
          ...srcRooms(wiring, 'a neighbour', 'The wiring knows the neighbours, not the other way round.'),
          ...topLevelRooms([...others, 'test'], `${room} does not know this room.`),
        ],
        room === 'infra' ? anyBuiltin : anyBuiltinButProcesses,
        [...purePackages, ...(vendorHomes[folder] ?? [])],
      ),
    },
  };
}
