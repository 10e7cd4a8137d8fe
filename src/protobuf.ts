// Protobuf messages written by hand: the field types that ONNX models and TensorBoard events are made of.

export type Bytes = readonly number[] | Uint8Array;
const utf8 = new TextEncoder();

/** A whole number, seven bits at a time; negative ones as 64-bit two's complement. */
export function varint(value: number | bigint): number[] {
  let rest = BigInt.asUintN(64, BigInt(value));
  const out: number[] = [];
  for (; rest > 127n; rest >>= 7n) out.push(Number(rest & 127n) | 128);
  return [...out, Number(rest)];
}

export function join(parts: readonly Bytes[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A field of type varint. */
export const int = (field: number, value: number): Uint8Array => join([varint(field << 3), varint(value)]);

/** A field of bytes: a string or a message in parts. */
export function message(field: number, content: string | readonly Bytes[]): Uint8Array {
  const body = typeof content === 'string' ? utf8.encode(content) : join(content);
  return join([varint((field << 3) | 2), varint(body.length), body]);
}

/** A field of type float (32 bits, little endian). */
export function float(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return join([varint((field << 3) | 5), bytes]);
}

/** A field of type double (64 bits, little endian). */
export function double(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return join([varint((field << 3) | 1), bytes]);
}
