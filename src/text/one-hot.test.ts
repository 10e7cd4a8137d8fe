// Sentences by number: each its own, others unknown, the same set the same checksum.
import { expect, it } from 'vitest';
import { oneHotEncoder } from './one-hot.js';

it('tells sentences apart and nothing else', async () => {
  const encoder = await oneHotEncoder(['pick up the cup', 'push the cup']);
  expect(await encoder.encode('push the cup')).toEqual(Float32Array.of(0, 1));
  expect(encoder.unknownWords('push the cup')).toEqual([]);
  expect(encoder.unknownWords('shove the cup')).toEqual(['shove', 'the', 'cup']);
  expect(encoder.checksum).not.toBe((await oneHotEncoder(['push the cup', 'pick up the cup'])).checksum);
});
