// TensorBoard event files: scalars as TFRecord-framed protobuf, written and read without a protobuf library.
// Formats: tensorflow/core/util/event.proto, framework/summary.proto, lib/io/record_writer.h
import { RunError } from '../errors.js';
import { double, float, int, join, message } from '../protobuf.js';
import { crc32c } from './crc32c.js';

export interface ScalarEvent {
  /** Unix time in seconds. */
  readonly wallTime: number;
  readonly step: number;
  /** Tag to value; TensorBoard keeps float32. */
  readonly values: Readonly<Record<string, number>>;
}

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;

/** The record that every event file begins with. */
export const encodeFileVersion = (wallTime: number): Uint8Array =>
  record(join([double(1, wallTime), message(3, 'brain.Event:2')]));

/** One record that holds all values of a step. */
export function encodeScalars({ wallTime, step, values }: ScalarEvent): Uint8Array {
  const summary = Object.entries(values).map(([tag, value]) => message(1, [message(1, tag), float(2, value)]));
  return record(join([double(1, wallTime), int(2, step), message(5, summary)]));
}

/** All scalar records of an event file, in order. Throws where a record is damaged or cut short. */
export function decodeEvents(file: Uint8Array): ScalarEvent[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const events: ScalarEvent[] = [];
  for (let at = 0; at < file.length; ) {
    if (at + 12 > file.length) throw new RunError(`event file is cut short at byte ${at}`);
    const length = Number(view.getBigUint64(at, true));
    if (view.getUint32(at + 8, true) !== maskedCrc(file.subarray(at, at + 8)) || at + 16 + length > file.length) {
      throw new RunError(`event file is damaged or cut short at byte ${at}`);
    }
    const data = file.subarray(at + 12, at + 12 + length);
    if (view.getUint32(at + 12 + length, true) !== maskedCrc(data)) {
      throw new RunError(`event file is damaged: the checksum of the record at byte ${at} differs`);
    }
    const event = decodeEvent(data);
    if (event !== undefined) events.push(event);
    at += 16 + length;
  }
  return events;
}

/** The format rotates and shifts its checksums, since records may hold checksums themselves. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function record(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(16 + data.length);
  const view = new DataView(out.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(out.subarray(0, 8)), true);
  out.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return out;
}

/** Fields of a protobuf message: number, and its bytes or whole number. */
function* fields(message: Uint8Array): Generator<{ field: number; bytes: Uint8Array; value: number }> {
  let at = 0;
  const readVarint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = readVarint();
    const wireType = tag & 7;
    const first = wireType === VARINT || wireType === BYTES ? readVarint() : 0;
    const length = wireType === BYTES ? first : wireType === FIXED64 ? 8 : wireType === FIXED32 ? 4 : 0;
    yield { field: tag >>> 3, bytes: message.subarray(at, at + length), value: first };
    at += length;
  }
}

function decodeEvent(message: Uint8Array): ScalarEvent | undefined {
  const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);
  let wallTime = 0;
  let step = 0;
  let values: Record<string, number> | undefined;
  for (const { field, bytes, value } of fields(message)) {
    if (field === 1) wallTime = viewOf(bytes).getFloat64(0, true);
    if (field === 2) step = value;
    if (field !== 5) continue;
    values = {};
    for (const summary of fields(bytes)) {
      let tag = '';
      for (const part of fields(summary.bytes)) {
        if (part.field === 1) tag = new TextDecoder().decode(part.bytes);
        if (part.field === 2) values[tag] = viewOf(part.bytes).getFloat32(0, true);
      }
    }
  }
  return values && { wallTime, step, values };
}
