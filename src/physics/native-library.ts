// The MuJoCo library of the user's own Python package: found, loaded through koffi, and only of the version that is here.
import { UsageError } from '../errors.js';
import { askPython, type Node, nodeModules } from '../local-python.js';
import type { Mujoco } from './bindings.js';
import { createNativeSteps, type NativeLibrary } from './native-steps.js';

/** The environment variable that may name the library, or the folder that it is in. */
const VARIABLE = 'ANYGOAL_MUJOCO_LIBRARY';
/** As it is called on Linux, macOS and Windows. */
const FILE = /^(lib)?mujoco(\.\d+)*\.(so|dylib|dll)(\.\d+)*$/;

/** What is called, as C declares it. */
const prototypes = [
  'void *mj_loadModelBuffer(const void *bytes, int size)',
  'void *mj_makeData(void *model)',
  'void mj_deleteModel(void *model)',
  'void mj_deleteData(void *data)',
  'void mj_step(void *model, void *data)',
  'void mj_getState(void *model, void *data, double *state, int signature)',
  'void mj_setState(void *model, void *data, const double *state, int signature)',
];

/** What is used of koffi. */
interface Koffi {
  load(path: string): { func(prototype: string): unknown; symbol(name: string): unknown };
  encode(address: unknown, type: string, value: unknown): void;
}

/** Opened last, for which module of MuJoCo. */
let latest: { readonly path: string; readonly of: Mujoco; readonly mujoco: Promise<Mujoco> } | undefined;

/** `mujoco`, whose simulations are stepped by the library. @throws UsageError where that cannot be, with what to do */
export async function withNativeSteps(mujoco: Mujoco): Promise<Mujoco> {
  const here = nodeModules();
  if (!here) refuse('a page loads no libraries; leave it at "wasm"');
  const version = mujoco.mj_versionString();
  const path = await findLibrary(here, version);
  if (latest?.path !== path || latest.of !== mujoco) {
    const opened = openLibrary(path, version).then((library) =>
      Object.create(mujoco, { native: { value: createNativeSteps.bind(undefined, mujoco, library) } }),
    );
    latest = { path, of: mujoco, mujoco: opened };
    opened.catch(() => {
      latest = undefined;
    });
  }
  return latest.mujoco;
}

/**
 * Takes a library, or the one in a folder, for all environments of this process and of threads that it starts later. It is
 * a fact of the machine, so runs do not record it.
 * @throws UsageError where it is not there
 */
export function useMujocoLibrary(path: string): void {
  const here = nodeModules();
  if (!here) throw new UsageError('useMujocoLibrary: a page loads no libraries.');
  here.process.env[VARIABLE] = named(here, path, 'useMujocoLibrary');
}

function refuse(problem: string, options?: ErrorOptions): never {
  throw new UsageError(`env.physics is "native", but ${problem}.`, options);
}

async function findLibrary(here: Node, version: string): Promise<string> {
  const given = here.process.env[VARIABLE];
  if (given) return named(here, given, VARIABLE);
  const { found, tried } = await askPython(here, 'mujoco', (folder) => libraryIn(here, folder));
  if (found) return found;
  refuse(
    `the library of MuJoCo is not here, and does not come with anygoal. Get it with \`pip install mujoco==${version}\`; the ` +
      `local Python then finds it by itself. Or say where it is: ${VARIABLE}=PATH. Looked for: ${VARIABLE} is not set; ` +
      tried.join('; '),
  );
}

const libraryIn = ({ fs, path }: Node, folder: string): string | undefined => {
  const file = fs.readdirSync(folder).find((name) => FILE.test(name));
  return file && path.join(folder, file);
};

/** The library that a path names: the file, or the one in the package's folder or in the folder around that. */
function named(here: Node, given: string, by: string): string {
  const { fs, path } = here;
  const full = path.resolve(given);
  if (fs.statSync(full, { throwIfNoEntry: false })?.isFile()) return full;
  for (const folder of [full, path.join(full, 'mujoco')]) {
    const found = fs.existsSync(folder) && libraryIn(here, folder);
    if (found) return found;
  }
  const what = fs.existsSync(full) ? `${full} has no library of MuJoCo in it` : `${full} does not exist`;
  throw new UsageError(`${by}: ${what}. Name the library, such as libmujoco.so, or the Python package mujoco.`);
}

async function openLibrary(path: string, version: string): Promise<NativeLibrary> {
  const koffi = await loadKoffi();
  try {
    const library = koffi.load(path);
    const found = (library.func('str mj_versionString()') as () => string)();
    if (found !== version) {
      refuse(
        `${path} is MuJoCo ${found}, while the WebAssembly build here is ${version}, and numbers of different versions differ: ` +
          `\`pip install mujoco==${version}\`, or name a library of that version with ${VARIABLE}=PATH`,
      );
    }
    // Its warnings would be printed and written to a file. They also arrive as diverging numbers, which `Physics.step`
    // reports, so they go to a function that does nothing with what it is given.
    koffi.encode(library.symbol('mju_user_warning'), 'void *', library.symbol('mj_version'));
    const calls = prototypes.map((prototype) => [/(\w+)\(/.exec(prototype)?.[1], library.func(prototype)]);
    return Object.fromEntries(calls);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    refuse(`${path} does not load as the library of MuJoCo: ${(error as Error).message}`, { cause: error });
  }
}

async function loadKoffi(name = 'koffi'): Promise<Koffi> {
  try {
    // Not by a literal name: bundlers must not look for what need not be there.
    return (await import(/* @vite-ignore */ /* webpackIgnore: true */ name)).default;
  } catch (error) {
    refuse('the package koffi, which calls the library, is not installed or does not load here: npm install koffi', {
      cause: error,
    });
  }
}
