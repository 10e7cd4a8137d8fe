// Builds the lab as static files: npm run build:lab puts them into the folder lab-site, or into --outDir.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin, runnerImport } from 'vite';
import { aliases } from '../aliases.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The list of pages, loaded as the build itself loads it. */
async function readPages() {
  const { module } = await runnerImport<typeof import('../lab/lab-pages.js')>(here('../lab/lab-pages.ts'), {
    resolve: { alias: aliases },
    logLevel: 'error',
  });
  return module.labPages;
}

/** A file for every page, beside index.html: each has an address of its own on servers that know nothing of the lab. */
function pageFiles(): Plugin {
  return {
    name: 'page-files',
    apply: 'build',
    enforce: 'post',
    async generateBundle(_, bundle) {
      const index = bundle['index.html'];
      if (index?.type !== 'asset') throw new Error('the build has no index.html');
      for (const { slug, title, question } of await readPages()) {
        const source = String(index.source)
          .replace(/<title>.*<\/title>/, () => `<title>${title} · anygoal lab</title>`)
          .replace(/(<meta name="description" content=")[^"]*/, (_all, start: string) => start + question);
        this.emitFile({ type: 'asset', fileName: `${slug}.html`, source });
      }
    },
  };
}

/** WebAssembly that the library could load and no page does: 24 MB of files that nothing names. */
function leaveOutUnused(): Plugin {
  return {
    name: 'leave-out-unused',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const made = Object.values(bundle);
      for (const { type, fileName } of made) {
        if (type !== 'asset' || !fileName.endsWith('.wasm')) continue;
        const name = fileName.slice(fileName.lastIndexOf('/') + 1);
        // Workers are assets of the pages' bundle, with their code as text.
        const texts = made.map((other) => (other.type === 'chunk' ? other.code : other.source));
        if (!texts.some((text) => typeof text === 'string' && text.includes(name))) delete bundle[fileName];
      }
    },
  };
}

export default defineConfig({
  root: here('.'),
  base: './',
  publicDir: here('../public'),
  plugins: [react(), pageFiles(), leaveOutUnused()],
  resolve: { alias: aliases },
  worker: { format: 'es' },
  build: {
    outDir: here('../../lab-site'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark()
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
});
