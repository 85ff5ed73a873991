import { defineConfig } from 'vitest/config';

/** They start whole workbenches, which take both cores and would starve the others of time. */
const WHOLE = ['test/e2e/**/*.test.ts', 'test/faults/**/*.test.ts'];
const NEVER = ['test/bench/**', '**/fixtures/**'];

export default defineConfig({
  test: {
    // Tests start databases, browsers and sandboxes. The limits only end a test that hangs.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Its own default of a second is shorter than a busy machine may need for anything.
    expect: { poll: { timeout: 60_000 } },
    coverage: { include: ['src/**', 'bots/**', 'agents/**', 'persistence/**', 'infra/**'] },
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: ['test/**/*.test.ts'],
          exclude: [...NEVER, ...WHOLE],
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'whole', include: WHOLE, exclude: NEVER, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});
