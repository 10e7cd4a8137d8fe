// What acts in pages: small policies in plain code, at once; large ones in WebAssembly, which is then loaded.
import type { Program } from '../tensor/index.js';
import { multiplyAdds } from './plain/cost.js';
import { plainRuntime } from './plain/index.js';
import type { Runtime } from './runtime.js';

/** Up to here plain loops take about as long as a call of WebAssembly does: three layers of 256. */
const most = 200_000;

const isSmall = (program: Program): boolean => multiplyAdds(program) <= most;

export const actingRuntime: Runtime = {
  name: 'plain, or onnxruntime-web for large programs',
  version: plainRuntime.version,
  async compile(program, options) {
    if (!(program instanceof Uint8Array) && isSmall(program)) return plainRuntime.compile(program, options);
    const { webRuntime } = await import('./web.js');
    return webRuntime.compile(program, options);
  },
};
