// Chunks of actions as they are acted out, against plain loops.
import { expect, test } from 'vitest';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { type ChunkedActing, openLoop, temporalAverage } from './action-chunks.js';

const [H, A, ROWS, TIME] = [4, 2, 2, 11];

/** Chunks [H A] that row r suggests at each time. */
const chunks = Array.from({ length: TIME }, () => new Float32Array(ROWS * H * A));
const random = createRandom(1);
for (const chunk of chunks) random.fillNormal(chunk);
const suggested = (t: number, row: number, ahead: number, j: number) => chunks[t][(row * H + ahead) * A + j];

async function act({ memory, next }: ChunkedActing): Promise<number[][]> {
  const executable = await nodeRuntime.compile(program('act', (g) => next(g.input('given', [ROWS, H * A]))));
  let carried: Record<string, Float32Array> = Object.fromEntries(
    Object.entries(memory).map(([name, size]) => [name, new Float32Array(ROWS * size)]),
  );
  const actions: number[][] = [];
  for (const given of chunks) {
    const { action, ...after } = await executable.run({ given, ...carried });
    actions.push(Array.from(action as Float32Array));
    carried = after as Record<string, Float32Array>;
  }
  await executable.dispose();
  return actions;
}

const expected = (value: (t: number, row: number, j: number) => number) =>
  chunks.map((_, t) =>
    Array.from({ length: ROWS * A }, (_, i) => expect.closeTo(value(t, Math.floor(i / A), i % A), 4)),
  );

test('open loop acts out a whole chunk before it takes another', async () => {
  const actions = await act(openLoop(H, A));
  expect(actions).toEqual(expected((t, row, j) => suggested(t - (t % H), row, t % H, j)));
});

test('the mean weighs what foresaw a step, the oldest most', async () => {
  const decay = 0.3;
  const actions = await act(temporalAverage(H, A, decay));
  const mean = (t: number, row: number, j: number) => {
    const oldest = Math.max(0, t - H + 1);
    let [sum, total] = [0, 0];
    for (let from = oldest; from <= t; from++) {
      const weight = Math.exp(-decay * (from - oldest));
      sum += weight * suggested(from, row, t - from, j);
      total += weight;
    }
    return sum / total;
  };
  expect(actions).toEqual(expected(mean));
});
