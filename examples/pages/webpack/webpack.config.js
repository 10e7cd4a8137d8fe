import { fileURLToPath } from 'node:url';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  mode: 'production',
  context: here('.'),
  entry: './main.js',
  output: { path: here('out'), filename: 'main.js', publicPath: 'auto' }, // works under any path
  resolve: { fallback: { module: false } }, // MuJoCo asks for it in Node only
  performance: { hints: false }, // ONNX Runtime and MuJoCo are large, and loaded when they are needed
};
