// The number types of safetensors files, and how those of floating point become float32.

/** Bytes of an element by type. */
export const TYPE_BYTES: Readonly<Record<string, number>> = {
  BOOL: 1,
  U8: 1,
  I8: 1,
  F8_E4M3: 1,
  F8_E5M2: 1,
  I16: 2,
  U16: 2,
  F16: 2,
  BF16: 2,
  I32: 4,
  U32: 4,
  F32: 4,
  I64: 8,
  U64: 8,
  F64: 8,
};

/** Little-endian bytes as float32: exact for F16 and BF16, rounded for F64; undefined for other types. */
export function toFloat32(type: string, bytes: Uint8Array): Float32Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read: Record<string, (at: number) => number> = {
    F16: (at) => half(view.getUint16(at, true)),
    BF16: (at) => upperHalf(view.getUint16(at, true)),
    F32: (at) => view.getFloat32(at, true),
    F64: (at) => view.getFloat64(at, true),
  };
  if (!Object.hasOwn(read, type)) return undefined;
  const size = TYPE_BYTES[type];
  return Float32Array.from({ length: bytes.length / size }, (_, i) => read[type](i * size));
}

/** IEEE 754 binary16: a sign, 5 bits of exponent, 10 of fraction. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** bfloat16: the upper half of a float32. */
function upperHalf(bits: number): number {
  scratch.setUint32(0, bits << 16);
  return scratch.getFloat32(0);
}
