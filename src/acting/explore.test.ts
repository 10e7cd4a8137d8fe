// Exploring: directions of full length that are kept, and how much farther that leads than independent actions.
import { describe, expect, test } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { box, discrete } from '../envs/space.js';
import { createRandom } from '../random.js';
import { recordData } from '../training/index.js';
import { explorer } from './explore.js';

const nothing = {};

test('directions are kept for so many steps, each episode begins with a new one, their length is half the range', async () => {
  const { begin, act } = explorer(box(3, [-1, -1, 0], [1, 1, 4]), 4, createRandom(1));
  const take = async (count: number) => {
    const taken: number[][] = [];
    for (let t = 0; t < count; t++) taken.push([...((await act(nothing)) as Float32Array)]);
    return taken;
  };
  begin();
  const first = await take(10);
  expect(new Set(first.map(String)).size).toBe(3);
  expect(first[0]).toEqual(first[3]);
  expect(first[4]).not.toEqual(first[3]);
  begin();
  expect((await take(1))[0]).not.toEqual(first[9]);
  for (const [a, b, c] of first) expect(Math.hypot(a, b, (c - 2) / 2)).toBeCloseTo(1, 6);
});

test('choices are kept too', () => {
  const { begin, act } = explorer(discrete(5), 3, createRandom(2));
  begin();
  const choices = Array.from({ length: 30 }, () => (act(nothing) as Float32Array)[0]);
  for (let t = 0; t < 30; t++) expect(choices[t]).toBe(choices[t - (t % 3)]);
  expect(new Set(choices).size).toBeGreaterThan(3);
});

describe('recordings', () => {
  /** Metres between the corners of the box around an episode in a maze, in the mean. */
  async function extent(policy: string): Promise<number> {
    const envOptions = { successEndsEpisode: false, episodeSteps: 300 };
    const options = { env: 'ogbench/pointmaze-medium', envOptions, policy, episodes: 40, seed: 2 };
    const data = await openDataSet('recorded', (await recordData(options)).bytes);
    const { columns } = await data.read(0, 40);
    const places = columns.observation as Float32Array;
    let sum = 0;
    for (let row = 0; row < places.length; row += 602) {
      const axes = [0, 1].map((axis) => places.subarray(row, row + 602).filter((_, i) => i % 2 === axis));
      sum += Math.hypot(...axes.map((values) => Math.max(...values) - Math.min(...values)));
    }
    return sum / 40;
  }

  test('in a maze they lead twice as far as independent random actions', async () => {
    expect(await extent('explore')).toBeGreaterThan(2 * (await extent('random')));
  });

  test('a number of steps to keep is refused where nothing is kept', async () => {
    await expect(recordData({ env: 'point/reach', policy: 'random', episodes: 1, keepSteps: 5 })).rejects.toThrow(
      /keepSteps is 5, but only policy explore/,
    );
  });
});
