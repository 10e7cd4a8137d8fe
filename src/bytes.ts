// Numbers as bytes and back, for checkpoints.

type Numbers = Float32Array | Float64Array | Uint32Array;

/** A copy of an array's bytes, in memory that is not shared. */
export const bytesOf = ({ buffer, byteOffset, byteLength }: Numbers): Uint8Array<ArrayBuffer> =>
  new Uint8Array(buffer, byteOffset, byteLength).slice() as Uint8Array<ArrayBuffer>;

/** The float32 numbers in some bytes, wherever those lie. */
export const float32Of = (bytes: Uint8Array): Float32Array => new Float32Array(bytes.slice().buffer);
export const float64Of = (bytes: Uint8Array): Float64Array => new Float64Array(bytes.slice().buffer);
export const uint32Of = (bytes: Uint8Array): Uint32Array => new Uint32Array(bytes.slice().buffer);
