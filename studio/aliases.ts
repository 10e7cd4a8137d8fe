// What names of the package's own modules stand for in pages: for Vite's builds.
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src/', import.meta.url));

export const aliases = [
  { find: '#platform', replacement: `${src}platform/web.ts` },
  { find: '#shares', replacement: `${src}updates/share-threads-web.ts` },
  { find: '#threads', replacement: `${src}threads/web.ts` },
  // The lab shows programs as users write them.
  { find: /^anygoal$/, replacement: `${src}index.ts` },
  { find: /^anygoal\/(.*)$/, replacement: `${src}$1/index.ts` },
];
