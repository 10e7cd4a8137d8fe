// What travels between actors and learner as bytes: a checksum, a header in JSON, and numbers behind it.
import { RunError } from '../errors.js';
import { crc32c } from '../runs/crc32c.js';

/** `AGA1`, little endian: what it is, and the version of this layout. */
const MAGIC = 0x31414741;
const PREFIX = 12;
const SPACE = 0x20;

/**
 * Four bytes each, little endian: `AGA1`, CRC-32C of all behind it, bytes of the header. Then the header, JSON padded with
 * spaces to a multiple of four, and the body.
 */
export function encodeFrame(header: Readonly<Record<string, unknown>>, body: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = (text.length + 3) & ~3;
  const bytes = new Uint8Array(PREFIX + headerBytes + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(8, headerBytes, true);
  bytes.fill(SPACE, PREFIX + text.length, PREFIX + headerBytes);
  bytes.set(text, PREFIX);
  bytes.set(body, PREFIX + headerBytes);
  view.setUint32(4, crc32c(bytes.subarray(8)), true);
  return bytes;
}

/** The body is a view of `bytes`. @throws RunError for bytes that are something else, cut off or changed */
export function decodeFrame(bytes: Uint8Array): { header: Readonly<Record<string, unknown>>; body: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const fail = (problem: string): never => {
    throw new RunError(`a message of ${bytes.length} bytes ${problem}.`);
  };
  if (bytes.length < PREFIX || view.getUint32(0, true) !== MAGIC) fail('is none of this version of anygoal');
  if (view.getUint32(4, true) !== crc32c(bytes.subarray(8))) fail('is damaged: its checksum differs');
  const bodyAt = PREFIX + view.getUint32(8, true);
  if (bodyAt > bytes.length) fail('is damaged: its header is longer than it');
  const header = readJson(bytes.subarray(PREFIX, bodyAt));
  if (typeof header !== 'object' || header === null) fail('has no header');
  return { header: header as Readonly<Record<string, unknown>>, body: bytes.subarray(bodyAt) };
}

/** Undefined for what is no JSON. */
function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
