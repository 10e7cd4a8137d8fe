// Numbers as bytes and back, and bytes by whose they are, for checkpoints.

type Numbers = Float32Array | Float64Array | Uint32Array;

/** A copy of an array's bytes, in memory that is not shared. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, byteOffset, byteLength).slice() as Uint8Array<ArrayBuffer>;

/** The float32 numbers in some bytes, wherever those lie. */
export const float32Of = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);
export const float64Of = (bytes: Uint8Array): Float64Array => new Float64Array(bytes.slice().buffer);
/** A text and bytes as one: its length in four bytes, the text in UTF-8, the bytes. */
export function withText(text: string, rest: Uint8Array): Uint8Array {
  const told = new TextEncoder().encode(text);
  const bytes = new Uint8Array(4 + told.length + rest.length);
  new DataView(bytes.buffer).setUint32(0, told.length, true);
  bytes.set(told, 4);
  bytes.set(rest, 4 + told.length);
  return bytes;
}

/** What `withText` made, apart; the rest is a view. */
export function textAnd(bytes: Uint8Array): [text: string, rest: Uint8Array] {
  const end = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  return [new TextDecoder().decode(bytes.subarray(4, end)), bytes.subarray(end)];
}

export const uint32Of = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.slice().buffer);

type Parts = Readonly<Record<string, Uint8Array>>;

/** Parts whose names begin with a prefix and a dot. */
export const prefixed = (prefix: string, parts: Parts): Record<string, Uint8Array> =>
  Object.fromEntries(Object.entries(parts).map(([name, bytes]) => [`${prefix}.${name}`, bytes]));

/** The parts of one prefix, without it. */
export const withoutPrefix = (prefix: string, parts: Parts): Record<string, Uint8Array> =>
  Object.fromEntries(
    Object.entries(parts)
      .filter(([name]) => name.startsWith(`${prefix}.`))
      .map(([name, bytes]) => [name.slice(prefix.length + 1), bytes]),
  );
