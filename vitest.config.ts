import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/bench/**', '**/fixtures/**'],
    // Tests start databases, browsers and sandboxes. The limits only end a test that hangs.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    coverage: { include: ['src/**', 'bots/**', 'agents/**', 'persistence/**', 'infra/**'] },
  },
});
