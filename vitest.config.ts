// Test settings: sources beside their tests, plus whole-program tests in test/.
import { defineConfig } from 'vitest/config';

const file = (path: string) => new URL(path, import.meta.url).pathname;

export default defineConfig({
  plugins: [
    {
      name: 'platform',
      enforce: 'pre',
      // What a test imports from the build starts the build's threads, for which Node needs compiled files.
      resolveId: (id, importer) =>
        id === '#platform'
          ? file(importer?.startsWith(file('./dist/')) ? './dist/platform/node.js' : './src/platform/node.ts')
          : undefined,
    },
  ],
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'studio/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 30_000,
    // Conditions in browsers, on machines that do other things too.
    expect: { poll: { timeout: 90_000 } },
    pool: 'forks',
    reporters: ['default'],
  },
});
