// CRC-32C against the published check values.
import { expect, test } from 'vitest';
import { crc32c } from './crc32c.js';

test('crc32c gives the check values of RFC 3720, B.4', () => {
  expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
  expect(crc32c(new Uint8Array(0))).toBe(0);
});

test('crc32c goes on from the bytes before, wherever they are cut', () => {
  const bytes = Uint8Array.from({ length: 23 }, (_, i) => 37 * i);
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes));
  }
});
