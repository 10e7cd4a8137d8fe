// Data recorded with `navigate` and `stitch` are like those of OGBench's own script: where they are, how they move and end.
import { describe, expect, test } from 'vitest';
import { openDataSet } from '../../src/datasets/index.js';
import { cellAt, mazeOf, middleOf, type OgbenchMaze } from '../../src/envs/ogbench/mazes.js';
import { recordData } from '../../src/training/index.js';
import { readRecording } from '../recordings.js';

/** As statistics.py prints them. */
interface Statistics {
  readonly maze: OgbenchMaze;
  readonly kind: 'navigate' | 'stitch';
  readonly episodes: number;
  readonly rows: readonly number[];
  readonly cells: readonly number[];
  readonly off: readonly number[];
  readonly moves: readonly number[];
  readonly visited: readonly number[];
  readonly distance: readonly number[];
  readonly actions: readonly number[];
}
const { versions, traces } = readRecording<Statistics>(new URL('statistics.ndjson', import.meta.url));

/** Of one episode, in float32 places [T + 1, 2]: the same quantities, whose means over episodes are compared. */
function ofEpisode(maze: OgbenchMaze, places: Float32Array): number[] {
  const layout = mazeOf(maze);
  const rows = places.length / 2;
  const cells = new Float64Array(layout.walls.length);
  const off = new Float64Array(10);
  let moved = 0;
  for (let t = 0; t < rows; t++) {
    const [x, y] = [places[2 * t], places[2 * t + 1]];
    const cell = cellAt(layout, x, y);
    const from = Math.max(
      Math.abs(x - middleOf(cell % layout.width)),
      Math.abs(y - middleOf(Math.floor(cell / layout.width))),
    );
    cells[cell] = 1;
    off[Math.min(Math.floor(5 * from), 9)] += 1 / rows;
    if (t > 0) moved += Math.hypot(x - places[2 * t - 2], y - places[2 * t - 1]) / (rows - 1);
  }
  const last = 2 * (rows - 1);
  const distance = Math.hypot(places[last] - places[0], places[last + 1] - places[1]);
  return [...cells, ...off, moved, cells.filter((come) => come > 0).length, distance];
}

describe.each(traces.map((theirs) => ({ title: `${theirs.maze}, ${theirs.kind}`, theirs })))('$title', ({ theirs }) => {
  test('which cells they come to, distances from walls, lengths of steps and ways are within their spread', async () => {
    const { maze, kind, episodes } = theirs;
    const recorded = await recordData({ env: `ogbench/pointmaze-${maze}`, policy: kind, episodes, seed: 1 });
    const data = await openDataSet('recorded', recorded.bytes);
    expect([...new Set(data.steps)].map((steps) => steps + 1)).toEqual(theirs.rows);
    const { columns } = await data.read(0, episodes);
    const [places, actions, goals] = [columns.observation, columns.action, columns.goal] as Float32Array[];
    const rows = data.steps[0] + 1;
    const all = Array.from({ length: episodes }, (_, i) => {
      const own = places.subarray(2 * rows * i, 2 * rows * (i + 1));
      expect([...goals.subarray(2 * i, 2 * i + 2)]).toEqual([...own.subarray(-2)]);
      return ofEpisode(maze, own);
    });
    const mean = all[0].map((_, j) => all.reduce((sum, one) => sum + one[j], 0) / episodes);
    const spread = mean.map((m, j) => Math.sqrt(all.reduce((sum, one) => sum + (one[j] - m) ** 2, 0) / (episodes - 1)));
    const cells = new Array<number>(mazeOf(maze).walls.length).fill(0);
    for (const [i, count] of theirs.cells.entries()) cells[i] = count / episodes;
    const off = theirs.off.map((count) => count / (episodes * rows));
    const expected = [...cells, ...off, theirs.moves[0], theirs.visited[0], theirs.distance[0]];
    // Both are means over as many episodes: their difference has twice the variance of one.
    const deviations = mean.flatMap((m, j) =>
      spread[j] > 0 ? [(m - expected[j]) / (spread[j] * Math.sqrt(2 / episodes))] : [],
    );
    expect(deviations.length).toBeGreaterThan(30);
    for (const d of deviations) expect(Math.abs(d)).toBeLessThan(4.5);
    expect(deviations.reduce((sum, d) => sum + d * d, 0) / deviations.length).toBeLessThan(1.8);
    // Actions: 0 in the mean, and cut at their bounds as often.
    const values = [...actions];
    const deviation = Math.sqrt(values.reduce((sum, a) => sum + a * a, 0) / values.length);
    const cut = values.filter((a) => Math.abs(a) === 1).length / values.length;
    expect(Math.abs(deviation - theirs.actions[1])).toBeLessThan(0.01);
    expect(Math.abs(cut - theirs.actions[2])).toBeLessThan(0.01);
  }, 60_000);
});

test('the statistics are of the right versions', () => {
  expect(versions).toMatchObject({ ogbench: '1.2.2', mujoco: '3.14.0' });
  expect(traces.map(({ kind }) => kind)).toContain('stitch');
});
