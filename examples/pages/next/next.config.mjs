import { fileURLToPath } from 'node:url';

export default {
  output: 'export',
  turbopack: {
    root: fileURLToPath(new URL('..', import.meta.url)), // the page is shared with the examples beside this folder
    resolveAlias: { module: { browser: './nothing.js' } }, // MuJoCo asks for it in Node only
  },
};
