// The noise of an update's rows, drawn by whichever thread has them: the same numbers for any number of threads.
import { createRandom, type Random } from '../random.js';

const MOST_BLOCKS = 16;

/** Into how many equal blocks a batch is divided: as many as 2, 3 or 4 threads can share where they can share its rows. */
export function blocksOf(rows: number): number {
  const shared = [12, 6, 4, 3, 2].find((n) => rows % n === 0) ?? 1;
  let blocks = Math.min(rows, MOST_BLOCKS);
  while (blocks > 0 && (rows % blocks !== 0 || blocks % shared !== 0)) blocks--;
  return Math.max(1, blocks);
}

/** Numbers that say where a stream begins. */
export const WORDS = 4;

/** Draws where the streams of so many blocks begin. */
export function drawStreams(random: Random, streams: Uint32Array): void {
  for (let i = 0; i < streams.length; i++) streams[i] = random.uint32();
}

/** What fills rows of noise [rows, n], as many blocks as there are streams, with standard normals. */
export function noiseOf(streams: Uint32Array, noise: readonly Float32Array[]): () => void {
  const stream = createRandom(0);
  const blocks = Array.from({ length: streams.length / WORDS }, (_, block) => {
    const part = (of: Float32Array) => {
      const size = (of.length * WORDS) / streams.length;
      return of.subarray(block * size, (block + 1) * size);
    };
    return { start: streams.subarray(WORDS * block, WORDS * (block + 1)), parts: noise.map(part) };
  });
  return () => {
    for (const { start, parts } of blocks) {
      stream.restore(start);
      for (const part of parts) stream.fillNormal(part);
    }
  };
}
