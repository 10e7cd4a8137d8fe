// What is equal stays what Vitest calls equal, and large arrays take no time.
import { expect, test } from 'vitest';
import { areEqualArrays } from './equal-arrays.js';

test('typed arrays are equal as toEqual has it: kind, length and numbers, NaN among them, zeros with their signs', () => {
  expect(areEqualArrays(Float32Array.of(1, Number.NaN), Float32Array.of(1, Number.NaN))).toBe(true);
  expect(areEqualArrays(BigInt64Array.of(1n), BigInt64Array.of(1n))).toBe(true);
  const different: [unknown, unknown][] = [
    [Float32Array.of(0), Float32Array.of(-0)],
    [Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
    [Uint8Array.of(1), Uint8Array.of(1, 1)],
    [Uint8Array.of(1), Int8Array.of(1)],
    [Uint8Array.of(1), [1]],
    [BigInt64Array.of(1n), BigUint64Array.of(1n)],
  ];
  for (const [a, b] of different) {
    expect(areEqualArrays(a, b)).toBeUndefined();
    expect({ a }).not.toEqual({ a: b });
  }
});

test('a million equal numbers deep in an object take well below the seconds that they took', () => {
  const numbers = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
  const { user } = process.cpuUsage();
  expect({ state: { numbers } }).toEqual({ state: { numbers: numbers.slice() } });
  expect((process.cpuUsage().user - user) / 1e6).toBeLessThan(1);
});
