// Test settings: sources beside their tests, plus whole-program tests in test/.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '#platform': new URL('./src/platform/node.ts', import.meta.url).pathname } },
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'studio/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 30_000,
    // Conditions in browsers, on machines that do other things too.
    expect: { poll: { timeout: 90_000 } },
    pool: 'forks',
    reporters: ['default'],
  },
});
