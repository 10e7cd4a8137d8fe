// Reads and writes safetensors files (float32; other floating-point types can be read): a JSON header with names, shapes and offsets, then the raw numbers.
// Format: https://github.com/huggingface/safetensors#format
import { RunError } from '../errors.js';
import { TYPE_BYTES, toFloat32 } from './tensor-types.js';

/** A float32 tensor, row-major; `data.length` is the product of `shape`. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export interface SafetensorsFile {
  readonly tensors: Record<string, NamedTensor>;
  readonly metadata: Record<string, string>;
  /** Tensors that are no floating-point numbers, by name, with their type; only where others' files are read. */
  readonly skipped?: Record<string, string>;
}

export interface DecodeOptions {
  /** For files of other programs: F16, BF16 and F64 become float32, and what is no floating-point number is skipped. */
  readonly convert?: boolean;
}

/** The format's own bound on the header, in bytes. */
const MAX_HEADER = 100_000_000;

const elements = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);

/** Encodes tensors in the order given, with optional strings under `__metadata__`. The data begins 8-byte aligned. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, NamedTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = {};
  if (Object.keys(metadata).length > 0) header.__metadata__ = metadata;
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (name === '__metadata__') throw new RunError('a tensor cannot be named "__metadata__"');
    if (data.length !== elements(shape)) {
      throw new RunError(`tensor "${name}": shape [${shape}] needs ${elements(shape)} numbers, not ${data.length}`);
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.fill(0x20, 8, 8 + headerLength); // the format pads its header with spaces
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Decodes a file, checking that every tensor is float32 (or with `convert` of a known type), that sizes agree with shapes
 * and that the tensors cover the data exactly. `file` names it in errors.
 */
export function decodeSafetensors(
  bytes: Uint8Array,
  file = 'safetensors file',
  { convert = false }: DecodeOptions = {},
): SafetensorsFile {
  const fail = (problem: string) => new RunError(`${file} is damaged: ${problem}. Restore it from a copy.`);
  if (bytes.length < 8) throw fail(`${bytes.length} bytes are too few for a header`);
  const headerLength = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (headerLength > MAX_HEADER) throw fail(`its header claims ${headerLength} bytes, so it is no safetensors file`);
  if (8 + headerLength > bytes.length) {
    throw fail(`it is cut short (${bytes.length} bytes; the header alone needs ${8 + headerLength})`);
  }
  const header = parseHeader(bytes.subarray(8, 8 + headerLength), fail);
  const data = bytes.subarray(8 + headerLength);

  const { __metadata__: metadata = {}, ...entries } = header;
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string')) {
    throw fail('its "__metadata__" must map names to strings');
  }
  const tensors: Record<string, NamedTensor> = {};
  const skipped: Record<string, string> = {};
  const spans: [number, number][] = [];
  for (const [name, entry] of Object.entries(entries)) {
    const { dtype, shape, start, end } = checkEntry(name, entry, fail);
    if (dtype !== 'F32' && !convert) {
      throw new RunError(
        `${file}: tensor "${name}" has type ${dtype}; only F32 is read here. In code decodeSafetensors(bytes, file, ` +
          '{ convert: true }) reads F16, BF16 and F64 too and skips other types.',
      );
    }
    if (end > data.length) throw fail(`it is cut short (tensor "${name}" ends at ${end} of ${data.length} data bytes)`);
    spans.push([start, end]);
    // A copy: the file's bytes need not be 4-byte aligned in memory.
    const part = data.slice(start, end);
    const numbers = dtype === 'F32' ? new Float32Array(part.buffer) : toFloat32(dtype, part);
    if (numbers === undefined) skipped[name] = dtype;
    else tensors[name] = { shape, data: numbers };
  }
  let covered = 0;
  for (const [start, end] of spans.sort((a, b) => a[0] - b[0] || a[1] - b[1])) {
    if (start !== covered) throw fail(`its tensors overlap or leave a gap at data byte ${Math.min(start, covered)}`);
    covered = end;
  }
  if (covered !== data.length) throw fail(`${data.length - covered} data bytes belong to no tensor`);
  return { tensors, metadata: metadata as Record<string, string>, ...(convert && { skipped }) };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function parseHeader(bytes: Uint8Array, fail: (problem: string) => RunError): Record<string, unknown> {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw fail('its header is not JSON');
  }
  if (!isRecord(header)) throw fail('its header is not a JSON object');
  return header;
}

function checkEntry(name: string, entry: unknown, fail: (problem: string) => RunError) {
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
  return { dtype, shape: shape as number[], start, end };
}
