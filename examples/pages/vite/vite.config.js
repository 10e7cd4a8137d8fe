import { defineConfig } from 'vite';

export default defineConfig({
  base: './', // works under any path
  worker: { format: 'es' }, // the worker loads environments when it needs them
  optimizeDeps: { exclude: ['anygoal', 'onnxruntime-web', '@mujoco/mujoco'] }, // they find their files by import.meta.url
  build: { target: 'es2022', rollupOptions: { input: ['index.html', 'act.html'] } },
});
