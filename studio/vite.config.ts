// Builds the studio's pages into dist/studio-app, from where the server serves them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { DEPENDENCY_FILES, type DependencyFile } from '../src/studio/app-files.js';
import { aliases } from './aliases.js';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** While working on the pages: the address of a running studio, whose API the development server passes on. */
const studio = process.env.ANYGOAL_STUDIO ? new URL(process.env.ANYGOAL_STUDIO) : undefined;

const DEPENDENCIES = [
  '@mujoco/mujoco/mujoco.wasm',
  'onnxruntime-web/ort-wasm-simd-threaded.wasm',
  'anygoal/text/embedded.table', // our own package's, which would else be in it twice
];

/** WebAssembly of dependencies, 24 MB, is served from where they are installed: the package does not hold it again. */
function leaveOutDependencies(): Plugin {
  const hash = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest('hex');
  return {
    name: 'leave-out-dependencies',
    apply: 'build',
    enforce: 'post',
    generateBundle(_, bundle) {
      const { resolve } = createRequire(import.meta.url);
      const known = new Map(DEPENDENCIES.map((file) => [hash(readFileSync(resolve(file))), file]));
      const left: Record<string, DependencyFile> = {};
      for (const [path, made] of Object.entries(bundle)) {
        if (made.type !== 'asset' || !/\.(wasm|table)$/.test(path)) continue;
        const sha256 = hash(made.source);
        const file = known.get(sha256);
        if (file === undefined) throw new Error(`${path} is no dependency's; add it to DEPENDENCIES in this file`);
        left[`/${path}`] = { file, sha256 };
        delete bundle[path];
      }
      if (Object.keys(left).length < DEPENDENCIES.length)
        throw new Error(`of ${DEPENDENCIES}, a file is not asked for`);
      this.emitFile({ type: 'asset', fileName: DEPENDENCY_FILES, source: JSON.stringify(left, undefined, 2) });
    },
  };
}

export default defineConfig({
  root: here('.'),
  plugins: [react(), leaveOutDependencies()],
  resolve: { alias: aliases },
  // The server replaces this by a fresh nonce in every answer.
  html: { cspNonce: 'STUDIO-NONCE' },
  build: {
    outDir: here('../dist/studio-app'),
    emptyOutDir: true,
    target: 'es2023',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // the first with light-dark()
    assetsInlineLimit: 0, // a strict policy allows no scripts or fonts in data: addresses
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  // Scripts of workers lie in a folder of their own: only they may compile code from text (src/studio/security-headers.ts).
  worker: {
    format: 'es',
    rollupOptions: {
      output: { entryFileNames: 'workers/[name]-[hash].js', chunkFileNames: 'workers/[name]-[hash].js' },
    },
  },
  optimizeDeps: { exclude: ['@mujoco/mujoco', 'onnxruntime-web'] },
  server: {
    headers: { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' },
    proxy: studio && {
      // But for the sources in the folder api.
      '^/api/(?!.*\\.tsx?(\\?|$))': {
        target: studio.origin,
        changeOrigin: true,
        headers: { authorization: `Bearer ${studio.searchParams.get('token')}`, origin: studio.origin },
      },
    },
  },
});
