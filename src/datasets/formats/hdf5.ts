// HDF5 files, read and written by h5wasm (the C library in WebAssembly), in Node in place on the disk.
import { RunError, UsageError } from '../../errors.js';
import type { ByteSource } from '../../runs/byte-source.js';
import { importNamed, optionalPackage } from '../optional-package.js';
import type { StoredArray, StoredValues } from '../stored.js';

/** What is used of h5wasm. */
interface H5Wasm {
  readonly ready: Promise<{
    activate_throwing_error_handler(): void;
    readonly FS?: { writeFile(path: string, bytes: Uint8Array): void; unlink(path: string): void };
  }>;
  readonly File: new (path: string, mode: 'r' | 'w', options?: { track_order?: boolean }) => H5File;
}

interface H5Entity {
  readonly attrs: Readonly<Record<string, { readonly value: unknown }>>;
  /** Of groups. */
  keys?(): string[];
  /** Of arrays; null where they are empty. */
  readonly shape?: readonly number[] | null;
  readonly metadata?: {
    readonly type: number;
    readonly size: number;
    readonly signed: boolean;
    readonly vlen: boolean;
  };
  slice?(ranges: readonly (readonly number[])[]): unknown;
}

export interface H5Group extends H5Entity {
  create_group(name: string, trackOrder?: boolean): H5Group;
  create_dataset(args: {
    name: string;
    data: StoredValues;
    shape: readonly number[];
    dtype?: string;
    maxshape?: readonly (number | null)[];
    chunks?: readonly number[];
  }): unknown;
  create_attribute(name: string, data: unknown, shape?: readonly number[] | null, dtype?: string): void;
}

interface H5File extends H5Group {
  get(path: string): H5Entity | null;
  flush(): void;
  close(): unknown;
}

const PACKAGE = 'h5wasm';
/** Classes of types (H5T_class_t): whole numbers, floats, and flags, which h5py stores as an enumeration. */
const NUMBERS = [0, 1, 8];

async function load(inPlace: boolean): Promise<H5Wasm> {
  const h5wasm = await optionalPackage<H5Wasm>(PACKAGE, 'HDF5', () =>
    importNamed(inPlace ? `${PACKAGE}/node` : PACKAGE),
  );
  (await h5wasm.ready).activate_throwing_error_handler();
  return h5wasm;
}

export interface Hdf5File {
  readonly name: string;
  /** What lies in a group, in its own order; empty for what is no group. */
  keys(path: string): string[];
  /** `other`: an array of what are no numbers, such as texts. */
  kind(path: string): 'group' | 'array' | 'other' | undefined;
  /** @throws UsageError where there is no array of numbers */
  array(path: string): StoredArray;
  attribute(path: string, name: string): unknown;
  close(): void;
}

let opened = 0;

/** Opens the file at its place on the disk, or a copy in memory where it has none. @throws RunError for a damaged file */
export async function openHdf5(source: ByteSource): Promise<Hdf5File> {
  const h5wasm = await load(source.path !== undefined);
  let path = source.path;
  let release = () => {};
  if (path === undefined) {
    const { FS } = await h5wasm.ready;
    const copy = `/anygoal-${opened++}.h5`;
    FS?.writeFile(copy, await source.read(0, source.size));
    release = () => FS?.unlink(copy);
    path = copy;
  }
  const { name } = source;
  const attempt = <T>(action: () => T): T => {
    try {
      return action();
    } catch (error) {
      throw error instanceof UsageError ? error : explain(name, error);
    }
  };
  const file = attempt(() => new h5wasm.File(path, 'r'));
  const get = (at: string): H5Entity | undefined => attempt(() => (at === '' ? file : file.get(at))) ?? undefined;
  return {
    name,
    keys: (at) => attempt(() => get(at)?.keys?.() ?? []),
    kind: (at) => attempt(() => kindOf(get(at))),
    array: (at) =>
      attempt(() => {
        const entity = get(at);
        if (kindOf(entity) !== 'array') throw new UsageError(`${name} has no array of numbers "${at}".`);
        return asArray(entity as Required<H5Entity>, attempt);
      }),
    attribute: (at, attribute) => attempt(() => get(at)?.attrs[attribute]?.value),
    close() {
      file.close();
      release();
    },
  };
}

function kindOf(entity: H5Entity | undefined): 'group' | 'array' | 'other' | undefined {
  if (!entity) return undefined;
  if (entity.keys) return 'group';
  const { metadata, shape } = entity;
  return metadata && shape && NUMBERS.includes(metadata.type) && !metadata.vlen ? 'array' : 'other';
}

function asArray(entity: Required<H5Entity>, attempt: <T>(action: () => T) => T): StoredArray {
  const { metadata } = entity;
  const shape = (entity.shape ?? []).map(Number);
  const rest = shape.slice(1).map(() => []);
  return {
    shape,
    bytes: metadata.type === 0 && metadata.size === 1 && !metadata.signed,
    read: async (from, to) =>
      attempt(() => (from === to ? new Float32Array(0) : (entity.slice([[from, to], ...rest]) as StoredValues))),
  };
}

/** The library's own words are twenty lines; its last cause says it. */
function explain(name: string, error: unknown): RunError {
  const text = error instanceof Error ? error.message : String(error);
  const causes = [...text.matchAll(/#\d+: .*?\(\): (.*)/g)];
  const cause = (causes.at(-1)?.[1] ?? text).replace(/\s+/g, ' ');
  return new RunError(`${name} is damaged or no whole HDF5 file: ${cause}. Restore it from a copy.`, { cause: error });
}

/** A new HDF5 file at a path of the disk; `write` fills it. Its groups keep their order. */
export async function writeHdf5(path: string, write: (root: H5Group) => Promise<void>): Promise<void> {
  const h5wasm = await load(true);
  const file = new h5wasm.File(path, 'w', { track_order: true });
  try {
    await write(file);
    file.flush();
  } finally {
    file.close();
  }
}
