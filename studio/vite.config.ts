// Builds the studio's pages into dist/studio-app, from where the server serves them.
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** While working on the pages: the address of a running studio, whose API the development server passes on. */
const studio = process.env.ANYGOAL_STUDIO ? new URL(process.env.ANYGOAL_STUDIO) : undefined;

export default defineConfig({
  root: here('.'),
  plugins: [react()],
  resolve: {
    alias: {
      '#platform': here('../src/platform/web.ts'),
      '#shares': here('../src/updates/share-threads-web.ts'),
      '#threads': here('../src/threads/web.ts'),
    },
  },
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
