// What acts in pages: small policies in plain code, at once; large ones in WebAssembly, which is then loaded.
import type { Program } from '../tensor/index.js';
import { multiplyAdds } from './plain/cost.js';
import { plainRuntime } from './plain/index.js';
import type { Runtime } from './runtime.js';

/**
 * Up to here nothing is gained by loading 14 MB: products take as long as a call of ONNX Runtime's WebAssembly does even in
 * loops (two layers of 1024). Convolutions, which are loops only, take more than ten times as long.
 */
const MOST = { products: 1_200_000, convolutions: 20_000 };

const isSmall = (program: Program): boolean => {
  const { products, convolutions } = multiplyAdds(program);
  return products <= MOST.products && convolutions <= MOST.convolutions;
};

export const actingRuntime: Runtime = {
  name: 'plain, or onnxruntime-web for large programs',
  version: plainRuntime.version,
  async compile(program, options) {
    if (!(program instanceof Uint8Array) && isSmall(program)) return plainRuntime.compile(program, options);
    const { webRuntime } = await import('./web.js');
    return webRuntime.compile(program, options);
  },
};
