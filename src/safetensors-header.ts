// The header of safetensors files: names, types, shapes and places of tensors, and strings about the file.
// Format: https://github.com/huggingface/safetensors#format
import { RunError } from './errors.js';
import { TYPE_BYTES } from './tensor-types.js';

/** Where a tensor's numbers lie. */
export interface TensorPlace {
  readonly dtype: string;
  readonly shape: readonly number[];
  /** Bytes [start, end) of the data, which follow the header. */
  readonly start: number;
  readonly end: number;
}

export interface SafetensorsHeader {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Readonly<Record<string, TensorPlace>>;
  /** Where the data begin in the file. */
  readonly dataAt: number;
}

/** Bytes that tell how long the header is. */
export const LENGTH_BYTES = 8;
/** The format's own bound on the header, in bytes. */
const MAX_HEADER = 100_000_000;

/** Length of the header and its text; data that follow begin 8-byte aligned. */
export function encodeHeader(
  tensors: Readonly<Record<string, TensorPlace>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  for (const [name, { dtype, shape, start, end }] of Object.entries(tensors)) {
    if (name === '__metadata__') throw new RunError('a tensor cannot be named "__metadata__"');
    header[name] = { dtype, shape, data_offsets: [start, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(LENGTH_BYTES + Math.ceil(json.length / 8) * 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(bytes.length - LENGTH_BYTES), true);
  bytes.fill(0x20, LENGTH_BYTES); // the format pads its header with spaces
  bytes.set(json, LENGTH_BYTES);
  return bytes;
}

/** A damaged file by its name. */
const damaged = (file: string, problem: string) =>
  new RunError(`${file} is damaged: ${problem}. Restore it from a copy.`);

/** How many bytes the header takes, itself told by the first eight. */
export function headerEnd(bytes: Uint8Array, size: number, file: string): number {
  if (bytes.length < LENGTH_BYTES) throw damaged(file, `${bytes.length} bytes are too few for a header`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER) throw damaged(file, `its header claims ${length} bytes, so it is no safetensors file`);
  if (LENGTH_BYTES + length > size) {
    throw damaged(file, `it is cut short (${size} bytes; the header alone needs ${LENGTH_BYTES + length})`);
  }
  return LENGTH_BYTES + length;
}

/**
 * What the first bytes of a file of `size` bytes say (`headerEnd` of them at least), after checking that sizes agree with
 * shapes and that the tensors cover the data exactly. `file` names it in errors.
 */
export function decodeHeader(bytes: Uint8Array, size: number, file: string): SafetensorsHeader {
  const fail = (problem: string) => damaged(file, problem);
  const dataAt = headerEnd(bytes, size, file);
  const { __metadata__: metadata = {}, ...entries } = parse(bytes.subarray(LENGTH_BYTES, dataAt), fail);
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw fail('its "__metadata__" must map names to strings');
  }
  const tensors: Record<string, TensorPlace> = {};
  for (const [name, entry] of Object.entries(entries)) {
    tensors[name] = checkEntry(name, entry, fail);
    const { end } = tensors[name];
    if (end > size - dataAt) {
      throw fail(`it is cut short (tensor "${name}" ends at ${end} of ${size - dataAt} data bytes)`);
    }
  }
  checkCover(Object.values(tensors), size - dataAt, fail);
  return { metadata: metadata as Record<string, string>, tensors, dataAt };
}

type Fail = (problem: string) => RunError;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parse(bytes: Uint8Array, fail: Fail): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw fail('its header is not JSON');
  }
  if (!isRecord(header)) throw fail('its header is not a JSON object');
  return header;
}

function checkEntry(name: string, entry: unknown, fail: Fail): TensorPlace {
  if (!isRecord(entry)) throw fail(`tensor "${name}" is not described by an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string' || !Object.hasOwn(TYPE_BYTES, dtype)) {
    throw fail(
      `tensor "${name}" has no known type (${String(dtype)}; known are ${Object.keys(TYPE_BYTES).join(', ')})`,
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw fail(`tensor "${name}" has no valid shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount) || offsets[0] > offsets[1]) {
    throw fail(`tensor "${name}" has no valid data_offsets`);
  }
  const [start, end] = offsets as [number, number];
  const size = TYPE_BYTES[dtype] * elements(shape);
  if (end - start !== size) {
    throw fail(`tensor "${name}" of shape [${shape}] has ${end - start} bytes instead of ${size}`);
  }
  return { dtype, shape, start, end };
}

function checkCover(places: readonly TensorPlace[], size: number, fail: Fail): void {
  let covered = 0;
  for (const { start, end } of [...places].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (start !== covered) throw fail(`its tensors overlap or leave a gap at data byte ${Math.min(start, covered)}`);
    covered = end;
  }
  if (covered !== size) throw fail(`${size - covered} data bytes belong to no tensor`);
}

/** Numbers in a tensor. */
export const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
