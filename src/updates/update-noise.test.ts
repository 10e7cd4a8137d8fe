// Noise in blocks: the same for any number of threads, each block from a stream of its own.
import { expect, it } from 'vitest';
import { createRandom } from '../random.js';
import { blocksOf, drawStreams, noiseOf, WORDS } from './update-noise.js';

it('divides a batch into at most 16 equal blocks', () => {
  expect([0, 1, 7, 17, 24, 100, 256].map(blocksOf)).toEqual([1, 1, 7, 1, 12, 4, 16]);
});

it('lets two, three and four threads share what they can', () => {
  for (let rows = 1; rows <= 1024; rows++) {
    const blocks = blocksOf(rows);
    expect(rows % blocks).toBe(0);
    for (const threads of [2, 3, 4]) expect(blocks % threads === 0, `${rows} rows`).toBe(rows % threads === 0);
  }
});

/** Two inputs of 12 rows, drawn in so many shares, and the state of the generator afterwards. */
function drawn(shares: number) {
  const random = createRandom(3);
  const parts = Array.from({ length: shares }, () => {
    const streams = new Uint32Array((WORDS * blocksOf(12)) / shares);
    drawStreams(random, streams);
    const noise = [3, 1].map((width) => new Float32Array((12 * width) / shares));
    noiseOf(streams, noise)();
    return noise;
  });
  return { wide: parts.flatMap(([x]) => [...x]), narrow: parts.flatMap(([, y]) => [...y]), after: random.save() };
}

it('is the same in any number of shares', () => {
  const whole = drawn(1);
  for (const shares of [2, 3, 4]) expect(drawn(shares)).toEqual(whole);
  expect(new Set([...whole.wide, ...whole.narrow]).size).toBe(48);
});

it('is another with other streams, and the same with the same', () => {
  const [random, streams, x] = [createRandom(4), new Uint32Array(2 * WORDS), new Float32Array(8)];
  const fill = noiseOf(streams, [x]);
  const draws = [0, 1, 2].map((turn) => {
    if (turn < 2) drawStreams(random, streams);
    fill();
    return [...x];
  });
  expect(draws[1]).toEqual(draws[2]);
  expect(draws[0].some((value, i) => value === draws[1][i])).toBe(false);
});
