// The runtime that Node has: the native one, or WebAssembly where that is not installed or does not load.
import { isMainThread } from 'node:worker_threads';
import { RunError } from '../errors.js';
import type { Runtime } from '../runtime/runtime.js';

let told = false;

/** Says once, in the main thread, why it is not the native one. */
export async function nativeOrWeb(
  native: () => Promise<Runtime>,
  tell: (message: string) => void = console.warn,
): Promise<Runtime> {
  try {
    return await native();
  } catch (error) {
    if (!(error instanceof RunError)) throw error;
    if (isMainThread && !told) tell(`note: ${error.message}`);
    told = true;
    return (await import('../runtime/web.js')).webRuntime;
  }
}
