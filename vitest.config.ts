// Test settings: sources beside their tests, plus whole-program tests in test/.
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const file = (path: string) => new URL(path, import.meta.url).pathname;

/** What Node gets for the package's own imports (package.json). */
const platformFiles: Readonly<Record<string, string | undefined>> = {
  '#platform': 'platform/node',
  '#shares': 'updates/share-threads-node',
  '#threads': 'threads/node',
};

export default defineConfig({
  plugins: [
    {
      name: 'platform',
      enforce: 'pre',
      // What a test imports from the build starts the build's threads, for which Node needs compiled files.
      resolveId(id, importer) {
        const path = platformFiles[id];
        const built = importer?.startsWith(file('./dist/'));
        return path && file(built ? `./dist/${path}.js` : `./src/${path}.ts`);
      },
    },
  ],
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'studio/**/*.test.ts', 'bench/**/*.test.ts'],
    testTimeout: 30_000,
    // Conditions in browsers, on machines that do other things too.
    expect: { poll: { timeout: 90_000 } },
    pool: 'forks',
    // Of two processors one would stand idle: tests wait for browsers and threads of their own much of the time.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    reporters: ['default'],
  },
});
