// grid: a walker on a map with walls, deterministic or slippery, small enough for exact values.
import type { Random } from '../../random.js';
import type { SceneShape } from '../../scene.js';
import type { EnvDefinition, Simulation, TimeStep } from '../env.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { type GridMap, moves, neighbour } from './map.js';
import { type GridOptions, type GridRules, gridOptions, gridRules } from './rules.js';

/** Cells of a set that is drawn as a goal, at most. */
const largestSet = 4;

/**
 * Episodes start at a cell marked S, or anywhere. The goal is drawn among the cells marked G; without any, among the
 * cells (or regions) that can be reached, other than where the episode starts if possible.
 */
function createGrid(options: GridOptions): Simulation {
  const { map, coding, ...rules } = gridRules(options);
  const walker = new Float64Array(1);
  const draw = drawGoal({ map, coding, ...rules }, options.goal);
  const pointed = new Float32Array(coding.space.size);
  const choices = Object.fromEntries(moves.slice(0, options.stay ? 5 : 4).map((way, choice) => [way, choice]));
  const observe = (now: TimeStep) => {
    coding.write(walker[0], now.observation);
    coding.write(walker[0], now.achieved);
  };
  return {
    ...rules,
    ...arrayState(walker),
    reset(random, now) {
      const { starts, cells } = map;
      walker[0] = starts.length > 0 ? starts[random.below(starts.length)] : random.below(cells);
      draw(random, walker[0], now.goal);
      observe(now);
    },
    step(action, now, random) {
      const slips = options.slip > 0 && random.uniform() < options.slip;
      walker[0] = neighbour(map, walker[0], slips ? random.below(4) : action[0]);
      observe(now);
    },
    goalAt([x, y], goal) {
      const [column, row] = [Math.round(x + (map.width - 1) / 2), Math.round((map.height - 1) / 2 - y)];
      const inside = column >= 0 && row >= 0 && column < map.width && row < map.height;
      const cell = inside ? map.cellAt[row * map.width + column] : -1;
      if (cell < 0) return false;
      coding.write(cell, pointed);
      rules.goalFrom?.(pointed, goal);
      return true;
    },
    controls: () => ({ choices }),
    scene: ({ goal }) => ({ dimensions: 2, shapes: draws(map, walker[0], reachedCells(rules, map, coding, goal)) }),
  };
}

/** Returns a function that writes a random goal for an episode that starts at a cell. */
function drawGoal({ map, coding, ...rules }: GridRules, kind: GridOptions['goal']) {
  const part = (cell: number) => Array.from(map.part.keys()).filter((other) => map.part[other] === map.part[cell]);
  const parts = Array.from({ length: Math.max(...map.part) + 1 }, (_, p) => part(map.part.indexOf(p)));
  const cellFor = (random: Random, start: number) => {
    const { goals } = map;
    if (goals.length > 0) return goals[random.below(goals.length)];
    const cells = parts[map.part[start]];
    let cell = start;
    while (cell === start && cells.length > 1) cell = cells[random.below(cells.length)];
    return cell;
  };
  if (kind === 'cell') {
    return (random: Random, start: number, goal: Float32Array) => coding.write(cellFor(random, start), goal);
  }
  if (kind === 'set') {
    return (random: Random, start: number, goal: Float32Array) => {
      goal.fill(0);
      for (let left = 1 + random.below(largestSet); left > 0; left--) goal[cellFor(random, start)] = 1;
    };
  }
  const goalOf = new Float32Array(rules.spec.goal.size);
  const achieved = new Float32Array(coding.space.size);
  return (random: Random, start: number, goal: Float32Array) => {
    // The region of a random cell, so that large regions come more often; another one than the start's if there is one.
    const home = map.region[start];
    const elsewhere = parts[map.part[start]].some((cell) => map.region[cell] !== home);
    let cell = start;
    do cell = cellFor(random, start);
    while (elsewhere && map.goals.length === 0 && map.region[cell] === home);
    coding.write(cell, achieved);
    rules.goalFrom?.(achieved, goalOf);
    goal.set(goalOf);
  };
}

/** 1 for each cell that fulfils a goal. */
export function reachedCells(
  rules: Pick<GridRules, 'computeSuccess'>,
  map: GridMap,
  coding: GridRules['coding'],
  goal: Float32Array,
): Uint8Array {
  const { size } = coding.space;
  const achieved = new Float32Array(map.cells * size);
  const goals = new Float32Array(map.cells * goal.length);
  for (let cell = 0; cell < map.cells; cell++) {
    coding.write(cell, achieved, cell * size);
    goals.set(goal, cell * goal.length);
  }
  const reached = new Uint8Array(map.cells);
  rules.computeSuccess(achieved, goals, new Float32Array(0), reached);
  return reached;
}

/** Cells are unit squares, the first row on top, the map around the origin. */
function draws(map: GridMap, walker: number, reached: Uint8Array): SceneShape[] {
  const { width, height, cellAt } = map;
  const place = (x: number, y: number) => [x - (width - 1) / 2, (height - 1) / 2 - y, 0];
  const shapes: SceneShape[] = [];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = cellAt[y * width + x];
      const name = cell < 0 ? 'wall' : reached[cell] ? 'goal' : 'floor';
      const color = { wall: [0.35, 0.38, 0.43, 1], goal: [0.95, 0.6, 0.6, 1], floor: [0.93, 0.94, 0.96, 1] } as const;
      shapes.push({ kind: 'box', size: [0.5, 0.5, 0], position: place(x, y), color: color[name], name });
    }
  }
  const position = place(map.x[walker], map.y[walker]);
  shapes.push({ kind: 'sphere', size: [0.3], position, color: [0.1, 0.35, 0.8, 1], name: 'walker' });
  return shapes;
}

export const grid: EnvDefinition<GridOptions> = {
  name: 'grid',
  description: 'walk on a map with walls to a cell, a set of cells or a region; exact values by dynamic programming',
  options: gridOptions,
  rules: gridRules,
  create: (options) => createGoalEnv(createGrid(options)),
};
