// The fingerprint by which the engine knows whether a file is one that it has parsed already.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { fingerprint } from './file-tree.js';

const random = createRandom(7);
const bytes = (length: number) => Uint8Array.from({ length }, () => random.below(256));

it('depends on every byte and on the length, wherever the bytes lie in their memory', () => {
  for (const length of [0, 1, 3, 4, 5, 8, 103]) {
    const file = bytes(length);
    const shifted = new Uint8Array(length + 1);
    shifted.set(file, 1);
    expect(fingerprint(shifted.subarray(1))).toBe(fingerprint(file));
    expect(fingerprint(Uint8Array.of(...file, 0))).not.toBe(fingerprint(file));
    for (let i = 0; i < length; i++) {
      const changed = file.slice();
      changed[i] ^= 1 << random.below(8);
      expect(fingerprint(changed)).not.toBe(fingerprint(file));
    }
  }
});

it('tells a mesh from its mirror image: signs that change in pairs do not cancel', () => {
  const points = Float32Array.from({ length: 300 }, () => random.normal());
  const print = (values: Float32Array) => fingerprint(new Uint8Array(values.buffer));
  const prints = new Set([print(points)]);
  for (let axis = 0; axis < 3; axis++) {
    prints.add(print(points.map((value, i) => (i % 3 === axis ? -value : value))));
    prints.add(print(points.map((value, i) => (i % 3 === axis ? value : -value))));
  }
  for (let i = 0; i + 1 < points.length; i++) {
    prints.add(print(points.map((value, j) => (j === i || j === i + 1 ? -value : value))));
  }
  expect(prints.size).toBe(7 + points.length - 1);
});

it('falls on different numbers for ten thousand files that differ little', () => {
  const file = bytes(64);
  const prints = new Set<number>();
  for (let i = 0; i < 10_000; i++) {
    const changed = file.slice();
    new DataView(changed.buffer).setUint32(4 * (i % 15), i * 2654435761);
    prints.add(fingerprint(changed));
  }
  // Of 10,000 random numbers of 32 bits, 0.012 pairs are equal on average.
  expect(prints.size).toBeGreaterThanOrEqual(9_999);
});
