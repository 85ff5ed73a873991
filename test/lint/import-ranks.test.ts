import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { renderOxlintConfig } from '#infra/lint/oxlintrc.ts';
import { lintTree, projectRoot } from './lint-tree.ts';

/** Written down a second time on purpose: a change of the order must be meant. */
const ranks = [
  'errors.ts',
  'config.ts',
  'packets',
  'ledger',
  'ports',
  'intake',
  'inception',
  'writers-room',
  'backlog',
  'code-factory',
  'qa',
  'review',
  'reflection',
  'desk',
  'compose.ts',
  'commands',
  'main.ts',
];
const wiring = ['compose.ts', 'commands', 'main.ts'];
const neighbours = ['bots', 'agents', 'persistence', 'infra'];

interface Line {
  specifier: string;
  allowed: boolean;
}

/** One file per room, one import a line. */
const imports: Record<string, Line[]> = {};
const restricts = 'eslint(no-restricted-imports)';

function expectImport(file: string, specifier: string, allowed: boolean) {
  imports[file] ??= [];
  imports[file].push({ specifier, allowed });
}

const isFile = (room: string) => room.endsWith('.ts');
const fileIn = (room: string) => (isFile(room) ? `src/${room}` : `src/${room}/here.ts`);
const target = (room: string) => (isFile(room) ? room : `${room}/there.ts`);

ranks.forEach((room, rank) => {
  ranks.forEach((other, otherRank) => {
    if (rank === otherRank) return;
    const allowed = otherRank < rank;
    expectImport(fileIn(room), `#src/${target(other)}`, allowed);
    expectImport(fileIn(room), `${isFile(room) ? './' : '../'}${target(other)}`, allowed);
    if (isFile(room)) return;
    expectImport(fileIn(room), `./../${target(other)}`, allowed);
    expectImport(`src/${room}/deep/here.ts`, `../../${target(other)}`, allowed);
    expectImport(`src/${room}/deep/here.ts`, `../../../src/${target(other)}`, allowed);
  });
  for (const neighbour of neighbours) {
    expectImport(fileIn(room), `#${neighbour}/there.ts`, wiring.includes(room));
    expectImport(fileIn(room), `${isFile(room) ? '../' : '../../'}${neighbour}/there.ts`, wiring.includes(room));
  }
  expectImport(fileIn(room), '#test/support/there.ts', false);
  expectImport(fileIn(room), '#src/../agents/there.ts', false);
});

for (const neighbour of neighbours) {
  for (const room of ranks) {
    expectImport(`${neighbour}/here.ts`, `#src/${target(room)}`, !wiring.includes(room));
    expectImport(`${neighbour}/deep/here.ts`, `../../src/${target(room)}`, !wiring.includes(room));
  }
  for (const other of neighbours) {
    expectImport(`${neighbour}/here.ts`, `#${other}/there.ts`, other === neighbour);
    expectImport(`${neighbour}/deep/here.ts`, `../../${other}/there.ts`, other === neighbour);
  }
  expectImport(`${neighbour}/here.ts`, '#test/support/there.ts', false);
}

/** Each package, and the folders where it is at home. */
const homes: Record<string, string[]> = {
  '@slack/bolt': ['bots/slack'],
  'discord.js': ['bots/discord'],
  openai: ['infra/model'],
  'openai/resources': ['infra/model'],
  '@mikro-orm/core': ['persistence', 'persistence/entities'],
  '@mikro-orm/postgresql': ['persistence', 'persistence/entities'],
  bullmq: ['infra/queue'],
  ioredis: ['infra/queue'],
  'simple-git': ['infra/git'],
  '@octokit/rest': ['infra/forge/github'],
  pg: ['infra/postgres', 'infra/queue', 'persistence', 'persistence/entities'],
  hono: ['bots/room', 'infra/http'],
  'hono/html': ['bots/room', 'infra/http'],
  '@hono/node-server': ['infra/http'],
  pino: ['infra/log'],
  'left-pad': [],
};
const folders = [
  ...new Set([
    ...Object.values(homes).flat(),
    'src/desk',
    'src/commands',
    'agents/tess',
    'bots',
    'infra',
    'infra/sandbox',
    'infra/forge/local',
  ]),
];
for (const folder of folders) {
  for (const [name, home] of Object.entries(homes)) expectImport(`${folder}/vendors.ts`, name, home.includes(folder));
  for (const name of ['zod', '@cucumber/gherkin', '@cucumber/messages', 'compromise', 'fflate', 'yaml'])
    expectImport(`${folder}/vendors.ts`, name, true);
  expectImport(`${folder}/vendors.ts`, 'stream-json/parser.js', true);
}

/** Built-ins that reach outside the process, and rooms with and without leave to use them. */
for (const room of ranks) {
  for (const name of ['node:fs', 'node:fs/promises', 'node:child_process', 'node:net', 'node:http', 'node:os', 'fs'])
    expectImport(fileIn(room), name, wiring.includes(room) && name !== 'fs');
  for (const name of ['node:crypto', 'node:path', 'node:path/posix', 'node:util'])
    expectImport(fileIn(room), name, true);
}
for (const neighbour of neighbours) {
  expectImport(`${neighbour}/here.ts`, 'node:fs/promises', true);
  expectImport(`${neighbour}/here.ts`, 'node:child_process', neighbour === 'infra');
}

const report = lintTree(
  Object.fromEntries(
    Object.entries(imports).map(([file, lines]) => [file, lines.map(({ specifier }) => `import '${specifier}';`)]),
  ),
);

describe('import ranks', () => {
  it('are written in .oxlintrc.json as infra/lint/house.ts has them (npm run lint:write)', () => {
    expect(readFileSync(path.join(projectRoot, '.oxlintrc.json'), 'utf8')).toBe(renderOxlintConfig());
  });

  it.each(Object.keys(imports))('%s: every import of a later room, a foreign vendor or the outside is red', (file) => {
    const refused = imports[file]?.filter((_, index) => report.rulesAt(file, index + 1).includes(restricts)) ?? [];
    const expected = imports[file]?.filter(({ allowed }) => !allowed) ?? [];
    expect(refused.map(({ specifier }) => specifier)).toEqual(expected.map(({ specifier }) => specifier));
  });
});

describe.each([
  ['a type import', "export type { Thing } from '#agents/there.ts';"],
  ['a re-export', "export { thing } from '#agents/there.ts';"],
  ['a dynamic import', "export const load = () => import('#agents/there.ts');"],
])('an import rank', (spelling, line) => {
  it(`holds for ${spelling}`, () => {
    expect(lintTree({ 'src/qa/here.ts': [line] }).rulesAt('src/qa/here.ts')).toContain(restricts);
  });
});
