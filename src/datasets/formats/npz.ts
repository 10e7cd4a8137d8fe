// NumPy's archives (.npz): a zip of arrays, each with a short header. https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
import { RunError, UsageError } from '../../errors.js';
import type { ByteSource } from '../../runs/byte-source.js';
import type { StoredArray, StoredValues } from '../stored.js';
import { type ZipEntry, zipEntries } from './zip.js';

/** Typed arrays by NumPy's letters, little-endian or of one byte. */
const types: Readonly<Record<string, (bytes: ArrayBuffer) => StoredValues>> = {
  f4: (bytes) => new Float32Array(bytes),
  f8: (bytes) => new Float64Array(bytes),
  b1: (bytes) => new Uint8Array(bytes),
  u1: (bytes) => new Uint8Array(bytes),
  i1: (bytes) => new Int8Array(bytes),
  u2: (bytes) => new Uint16Array(bytes),
  i2: (bytes) => new Int16Array(bytes),
  u4: (bytes) => new Uint32Array(bytes),
  i4: (bytes) => new Int32Array(bytes),
  u8: (bytes) => new BigUint64Array(bytes),
  i8: (bytes) => new BigInt64Array(bytes),
};

/** The arrays by name; of each only the header is read. @throws RunError for what is damaged or of another kind */
export async function npzArrays(source: ByteSource): Promise<Record<string, StoredArray>> {
  const arrays: Record<string, StoredArray> = {};
  for (const entry of await zipEntries(source)) {
    if (!entry.name.endsWith('.npy')) continue;
    arrays[entry.name.slice(0, -'.npy'.length)] = await npyArray(entry, `${source.name} (${entry.name})`);
  }
  return arrays;
}

async function npyArray(entry: ZipEntry, file: string): Promise<StoredArray> {
  const fail = (problem: string) => new RunError(`${file} is damaged: ${problem}. Restore it from a copy.`);
  if (entry.size < 12) throw fail('it is too short for an array');
  const start = await entry.read(0, 12);
  if (String.fromCharCode(...start.subarray(0, 6)) !== '\x93NUMPY') throw fail('it is no array of NumPy');
  const view = new DataView(start.buffer);
  const long = start[6] > 1;
  const headerAt = long ? 12 : 10;
  const dataAt = headerAt + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (dataAt > entry.size) throw fail('its header is cut short');
  const header = new TextDecoder().decode(await entry.read(headerAt, dataAt));
  const type = /'descr':\s*'([<>|=]?)([a-zA-Z]\d*)'/.exec(header);
  const dims = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (!type || dims === undefined || !Object.hasOwn(types, type[2]) || type[1] === '>') {
    throw new UsageError(
      `${file} holds values of a type that is not read here (${/'descr':\s*([^,]+)/.exec(header)?.[1] ?? 'unknown'}); write floats, whole numbers or flags.`,
    );
  }
  const shape = dims.split(',').flatMap((text) => (text.trim() === '' ? [] : [Number(text)]));
  if (/'fortran_order':\s*True/.test(header) && shape.length > 1) {
    throw new UsageError(`${file} is stored column by column; write it with numpy.ascontiguousarray.`);
  }
  const row = Number(type[2].slice(1)) * shape.slice(1).reduce((product, n) => product * n, 1);
  if (dataAt + row * (shape[0] ?? 1) !== entry.size) {
    throw fail(`[${shape.join(', ')}] of ${type[2]} does not take ${entry.size - dataAt} bytes`);
  }
  return {
    shape,
    bytes: type[2] === 'u1',
    read: async (from, to) => types[type[2]]((await entry.read(dataAt + from * row, dataAt + to * row)).buffer),
  };
}
