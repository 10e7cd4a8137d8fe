// Loads the official MuJoCo WebAssembly build, once per JavaScript context, when it is first needed.
import { RunError } from '../errors.js';
import type { Mujoco } from './bindings.js';

export interface MujocoOptions {
  /** Where `mujoco.wasm` lies, for bundlers that move it. Default: beside the package's `mujoco.js`. */
  readonly wasmUrl?: string | URL;
  /** The bytes of `mujoco.wasm`, where fetching is not possible. */
  readonly wasmBinary?: ArrayBuffer | Uint8Array;
}

/** What steps models. */
export type PhysicsBackend = 'wasm' | 'native';

let loading: Promise<Mujoco> | undefined;
let configured: MujocoOptions = {};

/** Where MuJoCo is loaded from, when something first needs it. */
export function configureMujoco(options: MujocoOptions): void {
  configured = options;
}

/**
 * Loads MuJoCo (about 0.3 s, 10 MB). Later calls return the same module, so the options of the first call count. All
 * simulations of a context share its memory, but nothing else.
 * @throws RunError when the WebAssembly file cannot be loaded; the next call tries again.
 */
export function loadMujoco(options: MujocoOptions = configured): Promise<Mujoco> {
  loading ??= load(options).catch((error: unknown) => {
    loading = undefined;
    const where = options.wasmUrl === undefined ? '' : ` from ${options.wasmUrl}`;
    const fix =
      error instanceof EvalError
        ? "Its build makes functions from text: give the worker's script a content security policy with 'unsafe-eval' (docs/pages.md)."
        : 'Pass wasmUrl or wasmBinary if mujoco.wasm was moved.';
    throw new RunError(`MuJoCo did not load${where}: ${error}. ${fix}`, { cause: error });
  });
  return loading;
}

/**
 * MuJoCo with what steps its models: this module itself, or else (`native`, in Node) the library of the user's Python
 * package `mujoco`, to which states go over and come back. Its results differ in the last digits.
 * @throws UsageError where there is no such library, or of another version
 */
export async function loadEngine(physics: PhysicsBackend = 'wasm'): Promise<Mujoco> {
  const mujoco = await loadMujoco();
  return physics === 'wasm' ? mujoco : (await import('./native-library.js')).withNativeSteps(mujoco);
}

async function load({ wasmUrl, wasmBinary }: MujocoOptions): Promise<Mujoco> {
  const { default: loadModule } = await import('@mujoco/mujoco');
  const module: unknown = await loadModule({
    ...(wasmUrl !== undefined && { locateFile: () => String(wasmUrl) }),
    ...(wasmBinary !== undefined && { wasmBinary }),
    // MuJoCo's warnings also arrive as errors or as diverging numbers, which `Physics.step` reports.
    print: () => {},
    printErr: () => {},
  });
  // The package's own types stay inside this function (see bindings.ts).
  return module as Mujoco;
}
