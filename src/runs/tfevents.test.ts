// TensorBoard events: the bytes of TensorFlow's own files, round trips, damage.
import { expect, test } from 'vitest';
import { decodeEvents, encodeFileVersion, encodeScalars, type ScalarEvent } from './tfevents.js';

const hex = (bytes: Uint8Array) => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

test('the file version record has the bytes that TensorFlow writes', () => {
  // wall_time 0 is left in (TensorFlow always sets it): field 1 fixed64, field 3 "brain.Event:2".
  expect(hex(encodeFileVersion(0)).slice(24, -8)).toBe(
    `09${'00'.repeat(8)}1a0d${hex(new TextEncoder().encode('brain.Event:2'))}`,
  );
  // 24 bytes and the masked checksum of that length: how every event file that TensorFlow writes begins.
  expect(hex(encodeFileVersion(0)).slice(0, 24)).toBe('1800000000000000a37f4b22');
});

test('scalars are read back as written, in float32', () => {
  const events: ScalarEvent[] = [
    { wallTime: 1700000000.25, step: 0, values: { 'rollout/success_rate': 0.5 } },
    { wallTime: 1700000001.5, step: 300, values: { 'train/actor_loss': -1.25, 'time/fps': 1e6 } },
    { wallTime: 1700000002, step: 2 ** 40 + 7, values: { 'eval/mean_reward': Math.fround(0.1), nan: Number.NaN } },
  ];
  const bytes = [encodeFileVersion(1700000000), ...events.map(encodeScalars)].flatMap((part) => [...part]);
  expect(decodeEvents(Uint8Array.from(bytes))).toEqual(events);
});

test('a damaged or cut record is refused', () => {
  const bytes = encodeScalars({ wallTime: 1, step: 1, values: { a: 1 } });
  expect(() => decodeEvents(bytes.subarray(0, bytes.length - 1))).toThrow(/cut short/);
  expect(() => decodeEvents(bytes.subarray(0, 6))).toThrow(/cut short/);
  for (let i = 0; i < bytes.length; i++) {
    const damaged = bytes.slice();
    damaged[i] ^= 1;
    expect(() => decodeEvents(damaged), `byte ${i}`).toThrow(/damaged/);
  }
});
