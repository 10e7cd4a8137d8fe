import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { createRowIndex } from './row-index.js';

const empty = (capacity: number, width: number) => new Float32Array(capacity * width).fill(Infinity);

test('numbers rows in the order of first sight, as a map by their text would', () => {
  const random = createRandom(1);
  const width = 3;
  const index = createRowIndex(empty(64, width), width, 'full');
  const map = new Map<string, number>();
  for (let i = 0; i < 2000; i++) {
    const row = Float32Array.from({ length: width }, () => (random.below(4) - 2) / 3); // 64 different rows
    const key = row.map((x) => x + 0).join();
    if (!map.has(key)) map.set(key, map.size);
    expect(index.find(Float32Array.of(9, ...row), 1)).toBe(map.get(key));
  }
  expect(index.count).toBe(64);
});

test('rebuilt from its rows it knows them, and goes on counting', () => {
  const rows = empty(3, 2);
  const first = createRowIndex(rows, 2, 'full');
  expect([first.find(Float32Array.of(1, 2), 0), first.find(Float32Array.of(2, 1), 0)]).toEqual([0, 1]);
  const second = createRowIndex(rows.slice(), 2, 'full');
  expect([second.count, second.find(Float32Array.of(2, 1), 0), second.find(Float32Array.of(0, 0), 0)]).toEqual([
    2, 1, 2,
  ]);
});

test('takes 0 and -0 for the same, and refuses what does not fit, not what is there', () => {
  const index = createRowIndex(empty(1, 1), 1, 'raise agent.states');
  expect(index.find(Float32Array.of(-0), 0)).toBe(0);
  expect(index.find(Float32Array.of(0), 0)).toBe(0);
  expect(() => index.find(Float32Array.of(1e-45), 0)).toThrow('raise agent.states');
  expect(index.find(Float32Array.of(0), 0)).toBe(0);
});
