// Loads onnxruntime-node, an optional dependency, and tells clearly where that cannot be.
import { RunError } from '../errors.js';
import { disableTelemetry } from './telemetry-node.js';

type Native = typeof import('onnxruntime-node');

/** `--ignore-scripts` spares libraries for graphics cards, hundreds of megabytes that nothing here uses. */
const INSTALL = 'npm install --ignore-scripts onnxruntime-node';

/** Bundlers leave it alone: where it is not installed, they would fail. */
const load = (): Promise<Native> => import(/* webpackIgnore: true */ /* turbopackIgnore: true */ 'onnxruntime-node');

/** @throws RunError where the package is not installed or has no library that this machine can load */
export async function loadNative(native = load): Promise<Native> {
  await disableTelemetry();
  try {
    return await native();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ERR_MODULE_NOT_FOUND') {
      throw new RunError(
        `the native runtime is not installed, so programs run as WebAssembly, which is slower; ${INSTALL} adds it.`,
        { cause: error },
      );
    }
    if (code !== 'MODULE_NOT_FOUND' && code !== 'ERR_DLOPEN_FAILED') throw error;
    const where = `${process.platform}/${process.arch}`;
    throw new RunError(
      `the native runtime does not load on this machine (${where}: ${message.split('\n')[0]}), so programs run as ` +
        'WebAssembly, which is slower.',
      { cause: error },
    );
  }
}
