// Ways through a maze: how many cells lie between any cell and a goal's, and which cell comes next.
import { type Maze, neighbours } from './mazes.js';

export interface Ways {
  /** [cells]: steps from each cell to this one, from neighbour to neighbour; -1 for walls. */
  to(goal: number): Int16Array;
  /** The neighbour that is nearest to the goal, the first of several; where none is nearer, the cell itself. */
  next(cell: number, goal: number): number;
}

/** Breadth-first search, once for each goal that is asked for. */
export function waysOf(maze: Maze): Ways {
  const known = new Map<number, Int16Array>();
  function to(goal: number): Int16Array {
    const before = known.get(goal);
    if (before) return before;
    const steps = new Int16Array(maze.walls.length).fill(-1);
    steps[goal] = 0;
    const queue = [goal];
    for (const cell of queue) {
      for (const one of neighbours(maze, cell)) {
        if (maze.walls[one] || steps[one] >= 0) continue;
        steps[one] = steps[cell] + 1;
        queue.push(one);
      }
    }
    known.set(goal, steps);
    return steps;
  }
  /** [cells] by goal: a step of a controller looks the answer up. */
  const nexts = new Map<number, Int16Array>();
  function nextOf(cell: number, steps: Int16Array): number {
    let best = cell;
    for (const one of neighbours(maze, cell)) {
      if (maze.walls[one] === 0 && steps[one] >= 0 && steps[one] < steps[best]) best = one;
    }
    return best;
  }
  return {
    to,
    next(cell, goal) {
      let table = nexts.get(goal);
      if (!table) {
        const steps = to(goal);
        table = Int16Array.from(maze.walls, (wall, one) => (wall ? one : nextOf(one, steps)));
        nexts.set(goal, table);
      }
      return table[cell];
    },
  };
}
