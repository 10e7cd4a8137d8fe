// Where episodes begin and end: the middles of cells, up to a metre off along each axis.
import type { Random } from '../../random.js';
import { type Maze, middleOf } from './mazes.js';

const noise = 1;

/** Writes a place in the cell. */
export function noisyPlace({ width }: Maze, cell: number, random: Random, out: Float64Array | Float32Array): void {
  out[0] = middleOf(cell % width) + noise * (2 * random.uniform() - 1);
  out[1] = middleOf(Math.floor(cell / width)) + noise * (2 * random.uniform() - 1);
}
