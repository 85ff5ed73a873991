/**
 * Who may import whom, and what. The one place where it is written down: `.oxlintrc.json` is made from this file
 * (`npm run lint:write`), and `test/lint` fails when the two differ.
 */

/** Rooms of `src/` in rank order: each may import those before it and none after it. A name with a dot is a file. */
export const srcRanks = [
  'errors.ts',
  'settings.ts',
  'setting-kinds.ts',
  'model-settings.ts',
  'slack-settings.ts',
  'github-settings.ts',
  'signal-settings.ts',
  'wall-clock.ts',
  'working-hours.ts',
  'retro-schedule.ts',
  'config.ts',
  'host-environment.ts',
  'safety',
  'packets',
  'ledger',
  'ports',
  'model-calls',
  'intake',
  'inception',
  'writers-room',
  'backlog',
  'code-factory',
  'qa',
  'context-pack',
  'review',
  'reflection',
  'desk',
  'compose',
  'compose.ts',
  'commands',
  'main.ts',
] as const;

/** They implement the ports and never see each other. In rank they stand between `desk` and `compose.ts`. */
export const neighbours = ['bots', 'agents', 'persistence', 'infra'] as const;

/**
 * The rooms of `src/` that know the neighbours and do input and output of their own. The neighbours may not import
 * them; every other room of `src/` reaches the world through a port.
 */
export const wiring = ['compose', 'compose.ts', 'commands', 'main.ts'] as const;

/** Packages that only compute. Any room may use them. */
export const purePackages = [
  'zod',
  '@cucumber/gherkin',
  '@cucumber/messages',
  'compromise',
  'stream-json',
  'fflate',
  'yaml',
  'smol-toml',
  'cron-parser',
] as const;

/** Built-ins of Node that only compute. `node:` is always spelled out. */
export const pureBuiltins = [
  'node:buffer',
  'node:crypto',
  'node:events',
  'node:path',
  'node:stream',
  'node:string_decoder',
  'node:url',
  'node:util',
  'node:zlib',
] as const;

/**
 * Where each vendor package lives. A folder that is not listed, and is in no listed folder, has none.
 * A package that is missing here is refused everywhere outside `test/`.
 */
export const vendorHomes: Readonly<Record<string, readonly string[]>> = {
  'bots/slack': ['@slack/bolt', '@slack/types', '@slack/web-api'],
  'bots/discord': ['discord.js'],
  'bots/room': ['hono', 'htmx.org'],
  persistence: ['@mikro-orm/core', '@mikro-orm/migrations', '@mikro-orm/postgresql', 'pg'],
  'infra/postgres': ['pg'],
  'infra/queue': ['bullmq', 'ioredis', 'pg'],
  'infra/git': ['simple-git'],
  'infra/forge/github': ['@octokit/rest'],
  'infra/model': ['openai'],
  'infra/log': ['pino'],
  'infra/http': ['hono', '@hono/node-server'],
};

/** Programs that people and scripts run: they may print. */
export const programs = [
  'src/main.ts',
  'src/commands/**',
  'test/persistence/check-migrations.ts',
  'infra/check/**',
  'infra/lint/**',
  'infra/sandbox/egress-bridge.ts',
  'test/bench/**',
] as const;
