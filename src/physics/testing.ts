// For tests of native physics: MuJoCo with the user's library, where that is here.
import type { Mujoco } from './bindings.js';
import { loadEngine } from './engine.js';

/** Undefined, and told, where there is no library; with ANYGOAL_REQUIRE_NATIVE_PHYSICS=1, as in CI, that is an error. */
export async function nativeEngine(what: string): Promise<Mujoco | undefined> {
  try {
    return await loadEngine('native');
  } catch (error) {
    if (process.env.ANYGOAL_REQUIRE_NATIVE_PHYSICS === '1') throw error;
    console.log(`${what} not tried with native physics: ${(error as Error).message}`);
    return undefined;
  }
}
