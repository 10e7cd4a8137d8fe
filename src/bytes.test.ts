// Bytes of checkpoints are copies that can be written and handed over, wherever the numbers lie.
import { expect, it } from 'vitest';
import { bytesOf, float32Of, textAnd, withText } from './bytes.js';

it.each([ArrayBuffer, SharedArrayBuffer])('copies a part of a %o to memory of its own', (Memory) => {
  const numbers = new Float32Array(new Memory(32), 8, 3);
  numbers.set([1, 2, 3]);
  const bytes = bytesOf(numbers);
  expect(bytes.buffer).toBeInstanceOf(ArrayBuffer);
  numbers.fill(0);
  expect([...float32Of(bytes)]).toEqual([1, 2, 3]);
  expect(structuredClone(bytes, { transfer: [bytes.buffer] })).toHaveLength(12);
});

it('takes a text and bytes apart again, wherever they lie', () => {
  const all = withText('a ball, größer', Uint8Array.of(1, 2, 3));
  const elsewhere = new Uint8Array(all.length + 5);
  elsewhere.set(all, 5);
  expect(textAnd(elsewhere.subarray(5))).toEqual(['a ball, größer', Uint8Array.of(1, 2, 3)]);
  expect(textAnd(withText('', new Uint8Array(0)))).toEqual(['', new Uint8Array(0)]);
});
