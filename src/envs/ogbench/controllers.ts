// Who acts in the point mazes: a controller that knows the way, and the two that OGBench made its data sets with.
import type { Random } from '../../random.js';
import type { DataPolicy, Demonstrator } from '../env.js';
import { cellAt, lineOf, type Maze, middleOf } from './mazes.js';
import { noisyPlace } from './places.js';
import type { PointmazeOptions } from './rules.js';
import { waysOf } from './ways.js';

/** Writes the unit vector from one place to another; OGBench's small number keeps it finite where they are the same. */
function direction(out: Float32Array, x: number, y: number, toX: number, toY: number): Float32Array {
  const [dx, dy] = [toX - x, toY - y];
  const length = Math.hypot(dx, dy) + 1e-6;
  out[0] = dx / length;
  out[1] = dy / length;
  return out;
}

/** Metres of a step along one axis at full speed, so that the last step does not go past the goal. */
const step = 0.2;

/** From the middle of one cell on the shortest way to the next, and in the goal's own cell straight to the goal. */
export function solver(maze: Maze): Demonstrator {
  const ways = waysOf(maze);
  const action = new Float32Array(2);
  return ({ 0: x, 1: y }, { 0: goalX, 1: goalY }) => {
    const cell = cellAt(maze, x, y);
    const goal = cellAt(maze, goalX, goalY);
    if (cell === goal) {
      action[0] = Math.min(Math.max((goalX - x) / step, -1), 1);
      action[1] = Math.min(Math.max((goalY - y) / step, -1), 1);
      return action;
    }
    const next = ways.next(cell, goal);
    return direction(action, x, y, middleOf(next % maze.width), middleOf(Math.floor(next / maze.width)));
  };
}

/** Deviation of the noise on every action in OGBench's data. */
const noise = 0.5;

/**
 * The controller of OGBench's `generate_locomaze.py`: towards the middle of the next cell on the shortest way to its goal or,
 * in the goal's cell, of that cell. `choose` gives the cell of an episode's goal for that of its start; with `again` a goal
 * that is reached is followed by another.
 */
function walker(
  maze: Maze,
  { distanceThreshold }: PointmazeOptions,
  random: Random,
  choose: (start: number) => number,
  again: boolean,
): ReturnType<DataPolicy['create']> {
  const ways = waysOf(maze);
  const action = new Float32Array(2);
  const goal = new Float64Array(2);
  let begun = false;
  const aim = (cell: number) => noisyPlace(maze, cell, random, goal);
  return {
    begin() {
      begun = false;
    },
    act({ 0: x, 1: y }: ArrayLike<number>) {
      const cell = cellAt(maze, x, y);
      if (!begun) {
        aim(choose(cell));
        begun = true;
      } else if (again && Math.hypot(goal[0] - x, goal[1] - y) <= distanceThreshold) aim(choose(cell));
      const next = ways.next(cell, lineOf(goal[1]) * maze.width + lineOf(goal[0]));
      return direction(action, x, y, middleOf(next % maze.width), middleOf(Math.floor(next / maze.width)));
    },
  };
}

const drawn = (random: Random, cells: readonly number[]): number => cells[random.below(cells.length)];

/** Cells between start and goal of the `stitch` data. */
const stitchCells = 4;
const stitchSteps = 200;

/** OGBench's data sets. `steps`: transitions of an episode of `navigate`. */
export function dataPolicies(maze: Maze, steps: number): Readonly<Record<string, DataPolicy<PointmazeOptions>>> {
  return {
    navigate: {
      description: 'through the maze from goal to goal, each a corner, junction or dead end',
      options: { episodeSteps: steps, successEndsEpisode: false },
      noise,
      goals: 'ends',
      create: (options, random) => walker(maze, options, random, () => drawn(random, maze.vertices), true),
    },
    stitch: {
      description: `to a goal exactly ${stitchCells} cells away, where it stays`,
      options: { episodeSteps: stitchSteps, successEndsEpisode: false },
      noise,
      goals: 'ends',
      create(options, random) {
        const ways = waysOf(maze);
        const choose = (start: number) => {
          const steps = ways.to(start);
          const goals = maze.free.filter((cell) => steps[cell] === stitchCells);
          return goals.length > 0 ? drawn(random, goals) : start;
        };
        return walker(maze, options, random, choose, false);
      },
    },
  };
}
