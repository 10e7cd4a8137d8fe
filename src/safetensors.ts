// Reads and writes safetensors files (float32; other floating-point types can be read): a JSON header with names, shapes and offsets, then the raw numbers.
// Format: https://github.com/huggingface/safetensors#format
import { RunError } from './errors.js';
import { decodeHeader, elements, encodeHeader, type TensorPlace } from './safetensors-header.js';
import { toFloat32 } from './tensor-types.js';

/** A float32 tensor, row-major; `data.length` is the product of `shape`. */
export interface NamedTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A tensor to write: float32, bytes or whole numbers. */
export interface WritableTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint8Array | Int32Array;
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

const dtypeOf = (data: WritableTensor['data']) =>
  data instanceof Float32Array ? 'F32' : data instanceof Int32Array ? 'I32' : 'U8';

/** Encodes tensors in the order given, with optional strings under `__metadata__`. The data begins 8-byte aligned. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, WritableTensor>>,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const places: Record<string, TensorPlace> = {};
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (data.length !== elements(shape)) {
      throw new RunError(`tensor "${name}": shape [${shape}] needs ${elements(shape)} numbers, not ${data.length}`);
    }
    places[name] = { dtype: dtypeOf(data), shape, start: end, end: end + data.byteLength };
    end += data.byteLength;
  }
  const header = encodeHeader(places, metadata);
  const bytes = new Uint8Array(header.length + end);
  bytes.set(header);
  let at = header.length;
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
  const { metadata, tensors: places, dataAt } = decodeHeader(bytes, bytes.length, file);
  const tensors: Record<string, NamedTensor> = {};
  const skipped: Record<string, string> = {};
  for (const [name, { dtype, shape, start, end }] of Object.entries(places)) {
    if (dtype !== 'F32' && !convert) {
      throw new RunError(
        `${file}: tensor "${name}" has type ${dtype}; only F32 is read here. In code decodeSafetensors(bytes, file, ` +
          '{ convert: true }) reads F16, BF16 and F64 too and skips other types.',
      );
    }
    // A copy, which slice() of a Node Buffer is not: the file's bytes need not be 4-byte aligned in memory.
    const part = new Uint8Array(bytes.subarray(dataAt + start, dataAt + end));
    const numbers = dtype === 'F32' ? new Float32Array(part.buffer) : toFloat32(dtype, part);
    if (numbers === undefined) skipped[name] = dtype;
    else tensors[name] = { shape, data: numbers };
  }
  return { tensors, metadata: { ...metadata }, ...(convert && { skipped }) };
}
