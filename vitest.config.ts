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

/** What measures time wants the processors to itself: one file after the other, at the end. */
const timed = [
  'studio/watch/watch-arm.browser.test.ts',
  'studio/lab/lab.browser.test.ts',
  'studio/runs/many-runs.browser.test.ts',
  'studio/train/train-page.browser.test.ts',
  'bench/update/quick.test.ts',
];
/** Browsers draw on several processors each: one for every four, after everything that only computes. */
const pages = ['studio/**/*.browser.test.ts'];

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
    // A test that fails shall have found something, on a busy machine too.
    testTimeout: 60_000,
    // Conditions in browsers, on machines that do other things too.
    expect: { poll: { timeout: 90_000 } },
    pool: 'forks',
    setupFiles: [file('./test/equal-arrays.ts')],
    reporters: ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'together',
          include: ['src/**/*.test.ts', 'test/**/*.test.ts', 'studio/**/*.test.ts', 'bench/**/*.test.ts'],
          exclude: [...timed, ...pages],
          // Of two processors one would stand idle.
          maxWorkers: Math.max(2, availableParallelism() - 1),
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'pages',
          include: pages,
          exclude: timed,
          maxWorkers: Math.max(1, Math.floor(availableParallelism() / 4)),
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: 'timed', include: timed, maxWorkers: 1, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
