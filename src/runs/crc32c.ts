// CRC-32C (Castagnoli), the checksum of TensorFlow records, of our replay segments and checkpoints, and of data sets.

/** Table k: what a byte does to the sum k bytes later. */
const tables = Array.from({ length: 4 }, () => new Uint32Array(256));
for (let i = 0; i < 256; i++) {
  let value = i;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1;
  tables[0][i] = value;
}
for (let k = 1; k < 4; k++) {
  for (let i = 0; i < 256; i++) {
    const before = tables[k - 1][i];
    tables[k][i] = tables[0][before & 0xff] ^ (before >>> 8);
  }
}

/**
 * CRC-32C of `bytes`, as an unsigned 32-bit integer; `crc32c("123456789")` is 0xe3069283 (RFC 3720, B.4). `before`: that of
 * the bytes before them, to go on from.
 */
export function crc32c(bytes: Uint8Array, before = 0): number {
  const [t0, t1, t2, t3] = tables;
  let crc = before ^ 0xffffffff;
  let i = 0;
  // Four bytes at a time: as many times faster as one waits less often for the sum before.
  for (; i + 4 <= bytes.length; i += 4) {
    crc ^= bytes[i] | (bytes[i + 1] << 8) | (bytes[i + 2] << 16) | (bytes[i + 3] << 24);
    crc = t3[crc & 0xff] ^ t2[(crc >>> 8) & 0xff] ^ t1[(crc >>> 16) & 0xff] ^ t0[crc >>> 24];
  }
  for (; i < bytes.length; i++) crc = t0[(crc ^ bytes[i]) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}
