// Bytes of a file, read in parts, so that large ones need not lie in memory whole.
import { crc32c } from './crc32c.js';

export interface ByteSource {
  /** For people: a path, or what the bytes are. */
  readonly name: string;
  readonly size: number;
  /** Where the file lies on this machine's disk, for libraries that open files themselves; absent: nowhere. */
  readonly path?: string;
  /** Bytes [from, to), in memory of their own. */
  read(from: number, to: number): Promise<Uint8Array<ArrayBuffer>>;
  close(): Promise<void>;
}

/** A new file, written in parts in any order: it is there whole after `finish`, else not at all. */
export interface ByteSink {
  write(bytes: Uint8Array, at: number): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind; nothing happens after `finish`. */
  abandon(): Promise<void>;
}

/** Bytes that are in memory already. */
export const memorySource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: async (from, to) => bytes.slice(from, to),
  close: async () => undefined,
});

/** A file that a person chose in a page. */
export const blobSource = (name: string, blob: Blob): ByteSource => ({
  name,
  size: blob.size,
  read: async (from, to) => new Uint8Array(await blob.slice(from, to).arrayBuffer()),
  close: async () => undefined,
});

/** Bytes read at a time where all are needed once. */
const PART = 1 << 22;

/** CRC-32C of all bytes, as eight hexadecimal digits; `before`: that of what lies before them. */
export async function checksumOf(source: ByteSource, before = 0): Promise<string> {
  let sum = before;
  for (let at = 0; at < source.size; at += PART) {
    sum = crc32c(await source.read(at, Math.min(at + PART, source.size)), sum);
  }
  return sum.toString(16).padStart(8, '0');
}
