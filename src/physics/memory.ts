// Names the cause where the engine's memory does not suffice: it says so in ways that do not look like it.
import { RunError } from '../errors.js';

/** How a failed allocation shows: as C++ exceptions, as MuJoCo's own error, or as the whole module giving up. */
function isOutOfMemory(error: unknown): boolean {
  const { name = '', message = String(error) } = error as Partial<Error>;
  return /std::(bad_alloc|length_error)/.test(name) || /could not allocate|Aborted\(|out of memory/i.test(message);
}

/** Runs `use`. @throws RunError saying what of `what` did not fit, in place of an error that means it */
export function needingMemory<T>(what: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (!isOutOfMemory(error)) throw error;
    const over = /Aborted\(/.test(String(error)) ? ' MuJoCo has given up; start the program or page anew.' : '';
    throw new RunError(
      `${what} does not fit into memory: MuJoCo's WebAssembly build can have 2 GB, for all simulations of a process or page together. Free simulations that are done with \`dispose\`, or make meshes, height fields, textures or <size> (memory, njmax, nconmax) of the model smaller.${over}`,
      { cause: error },
    );
  }
}
