// point/maze-*: a point in a walled maze moves to a goal; the straight line to it usually ends at a wall.

import * as z from 'zod';
import type { Random } from '../../random.js';
import type { SceneShape } from '../../scene.js';
import { createFlatCamera } from '../../vision/index.js';
import { cameraSetting, type Filmed, specWithCamera, withCamera } from '../camera.js';
import { moveAlong } from '../controls.js';
import type { EnvDefinition, EnvSpec, GoalRules, Simulation, TimeStep } from '../env.js';
import { usualFromData } from '../from-data.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { goalRules, rewardSetting, successEndsSetting, targetState } from '../goals/index.js';
import { fewestSteps } from '../grid/dynamic-programming.js';
import { type GridMap, parseMap } from '../grid/map.js';
import { gridModel } from '../grid/tables.js';
import { box } from '../space.js';

/** Half width of the point's square body, in cells. */
export const mazeBody = 0.1;
/** Largest displacement per step along each axis, in cells: less than a cell without its margins, so no wall is jumped. */
const stepSize = 0.2;
/** Seconds per step; a cell is a metre wide. */
const period = 0.1;
/** Share of the difference to the commanded velocity that is made up in a step. */
const response = 0.25;
/** Two bodies' sides this near count as touching, not overlapping: rounding shall not catch the point at a smooth wall. */
const contact = 1e-9;

interface Layout {
  readonly map: string;
  readonly maxEpisodeSteps: number;
}

/** Walls `#` and free cells `.`, each a square of side 1. */
export const mazes = {
  umaze: {
    map: `
      #####
      #...#
      ###.#
      #...#
      #####`,
    maxEpisodeSteps: 100,
  },
  medium: {
    map: `
      ########
      #...#..#
      #.#...##
      #.###..#
      #...##.#
      ##.#...#
      #..#.#.#
      ########`,
    maxEpisodeSteps: 200,
  },
  large: {
    map: `
      ############
      #....#.....#
      #.##.#.###.#
      #.#....#...#
      #.#.####.#.#
      #...#....#.#
      ###.#.####.#
      #.....#....#
      ############`,
    maxEpisodeSteps: 300,
  },
} as const satisfies Record<string, Layout>;
export type MazeName = keyof typeof mazes;

export const mazeOptions = z.strictObject({
  reward: rewardSetting,
  distanceThreshold: z
    .number()
    .positive()
    .max(1)
    .default(0.45)
    .describe('distance at which the goal counts as reached, in cells')
    .meta(usualFromData),
  action: z
    .enum(['displacement', 'velocity'])
    .default('displacement')
    .describe('displacement: the point moves at once; velocity: it has inertia, and its velocity is observed'),
  placement: z
    .enum(['anywhere', 'corners'])
    .default('anywhere')
    .describe(
      'anywhere: start and goal uniform over the free space; corners: from the first cell to the one farthest off',
    )
    .meta(usualFromData),
  successEndsEpisode: successEndsSetting.default(false),
  camera: cameraSetting(['above']),
});
export type MazeOptions = z.infer<typeof mazeOptions>;

/** Spaces and goal rules. Positions are in cells from the middle of the maze, x to the right, y up; distances Euclidean. */
export function mazeRules(maze: MazeName, options: MazeOptions): GoalRules & { readonly spec: EnvSpec } {
  const { width, height } = parseMap(mazes[maze].map);
  const inertia = options.action === 'velocity';
  const [x, y, speed] = [width / 2, height / 2, stepSize / period];
  const bounds = inertia ? [x, y, speed, speed] : [x, y];
  const names = ['x', 'y', 'velocity-x', 'velocity-y'];
  const within = (size: number) => ({
    kind: 'box' as const,
    size,
    low: bounds.slice(0, size).map((bound) => -bound),
    high: bounds.slice(0, size),
    names: names.slice(0, size),
  });
  const form = targetState(within(2), options.distanceThreshold);
  const { rewardRange, ...rules } = goalRules(form, options.reward);
  const spec: EnvSpec = {
    name: `point/maze-${maze}`,
    observation: within(bounds.length),
    achieved: within(2),
    goal: form.goal,
    goalKind: form.kind,
    action: box(2, -1, 1, inertia ? ['velocity-x', 'velocity-y'] : ['move-x', 'move-y']),
    maxEpisodeSteps: mazes[maze].maxEpisodeSteps,
    rewardRange,
    successEndsEpisode: options.successEndsEpisode,
    info: [],
  };
  return { ...rules, spec: specWithCamera(spec, options.camera) };
}

/** Where the walls are, with y up: cell (column, row from below) is at [row * width + column]. */
function wallsOf({ width, height, cellAt }: GridMap): Uint8Array {
  return Uint8Array.from(cellAt, (_, i) =>
    cellAt[(height - 1 - Math.floor(i / width)) * width + (i % width)] < 0 ? 1 : 0,
  );
}

function createMaze(maze: MazeName, options: MazeOptions): Simulation & Filmed {
  const map = parseMap(mazes[maze].map);
  const { width, height } = map;
  const walls = wallsOf(map);
  const inertia = options.action === 'velocity';
  /** Position from the lower left corner in cells, velocity in cells per second. */
  const state = new Float64Array(4);
  const place = new Float64Array(2);
  const ends = options.placement === 'corners' ? farthestCells(map) : undefined;

  /** Whether a body whose centre is at (along, across) of an axis and the other would touch a wall in this line of cells. */
  function blocked(axis: number, line: number, across: number): boolean {
    const first = Math.floor(across - mazeBody + contact);
    const last = Math.floor(across + mazeBody - contact);
    return axis === 0
      ? walls[first * width + line] + walls[last * width + line] > 0
      : walls[line * width + first] + walls[line * width + last] > 0;
  }

  /** Moves along one axis up to the first wall; the movement along the other one goes on, so the point slides. */
  function move(axis: 0 | 1, distance: number): void {
    const from = state[axis];
    const cell = Math.floor(from);
    const to = from + distance;
    const limit = distance > 0 ? cell + 1 - mazeBody : cell + mazeBody;
    const crosses = distance > 0 ? to > limit : to < limit;
    if (crosses && blocked(axis, distance > 0 ? cell + 1 : cell - 1, state[1 - axis])) {
      state[axis] = limit;
      state[axis + 2] = 0;
    } else state[axis] = to;
  }

  function advance(axis: 0 | 1, command: number): void {
    const velocity = (stepSize / period) * command;
    state[axis + 2] += (inertia ? response : 1) * (velocity - state[axis + 2]);
    move(axis, state[axis + 2] * period);
  }

  /** A place for the body's centre, uniform over the free space. */
  function draw(random: Random): void {
    do {
      place[0] = 1 + (width - 2) * random.uniform(); // the outermost cells are walls
      place[1] = 1 + (height - 2) * random.uniform();
    } while (
      blocked(0, Math.floor(place[0] - mazeBody), place[1]) ||
      blocked(0, Math.floor(place[0] + mazeBody), place[1])
    );
  }

  function observe({ observation, achieved }: TimeStep): void {
    observation[0] = achieved[0] = state[0] - width / 2;
    observation[1] = achieved[1] = state[1] - height / 2;
    if (!inertia) return;
    observation[2] = state[2];
    observation[3] = state[3];
  }

  return {
    ...mazeRules(maze, options),
    ...arrayState(state),
    reset(random, now) {
      state.fill(0);
      if (ends) state.set(ends.start);
      else {
        draw(random);
        state.set(place);
      }
      do {
        if (ends) place.set(ends.goal);
        else draw(random);
      } while (Math.hypot(place[0] - state[0], place[1] - state[1]) <= options.distanceThreshold);
      now.goal[0] = place[0] - width / 2;
      now.goal[1] = place[1] - height / 2;
      observe(now);
    },
    step(action, now) {
      advance(0, action[0]);
      advance(1, action[1]);
      observe(now);
    },
    goalAt([x, y], goal) {
      const [column, row] = [Math.floor(x + width / 2), Math.floor(y + height / 2)];
      if (column < 0 || row < 0 || column >= width || row >= height || walls[row * width + column]) return false;
      goal[0] = x;
      goal[1] = y;
      return true;
    },
    controls: () => ({
      period,
      // With inertia it brakes from as far away as it takes.
      move: moveAlong(2, inertia ? stepSize / response : stepSize),
      place: [state[0] - width / 2, state[1] - height / 2, 0],
    }),
    // The point is drawn larger than its body, which would be less than a pixel.
    camera: (_view, size) =>
      createFlatCamera(
        {
          half: Math.max(width, height) / 2,
          ground(x, y) {
            const [column, row] = [Math.floor(x + width / 2), Math.floor(y + height / 2)];
            const isInside = column >= 0 && row >= 0 && column < width && row < height;
            return isInside && walls[row * width + column] === 0 ? [238, 240, 245] : [90, 97, 110];
          },
          disc: { radius: 0.35 / Math.max(width, height), colour: [26, 89, 204] },
          place: (axis) => state[axis] - (axis === 0 ? width : height) / 2,
        },
        size,
      ),
    atGoal(goal, look) {
      const [x, y] = state;
      state[0] = goal[0] + width / 2;
      state[1] = goal[1] + height / 2;
      look();
      state[0] = x;
      state[1] = y;
    },
    scene: ({ goal }) => ({
      dimensions: 2,
      shapes: [
        ...drawWalls(map, walls),
        {
          kind: 'sphere',
          size: [options.distanceThreshold],
          position: [goal[0], goal[1], 0],
          color: [0.93, 0.2, 0.2, 0.55],
          name: 'goal',
        },
        {
          kind: 'box',
          size: [mazeBody, mazeBody, 0],
          position: [state[0] - width / 2, state[1] - height / 2, 0],
          color: [0.1, 0.35, 0.8, 1],
          name: 'point',
        },
      ],
    }),
  };
}

/** Middles of the first cell and of the one with the longest way from there. */
function farthestCells(map: GridMap): { start: number[]; goal: number[] } {
  const first = new Uint8Array(map.cells);
  first[0] = 1;
  const steps = fewestSteps(gridModel(map, { slip: 0, stay: false }), first);
  const middle = (cell: number) => [map.x[cell] + 0.5, map.height - map.y[cell] - 0.5];
  return { start: middle(0), goal: middle(steps.indexOf(Math.max(...steps))) };
}

function drawWalls({ width, height }: GridMap, walls: Uint8Array): SceneShape[] {
  const floor = [0.93, 0.94, 0.96, 1] as const;
  const shapes: SceneShape[] = [
    { kind: 'plane', size: [width / 2, height / 2, 0], position: [0, 0, 0], color: floor, name: 'floor' },
  ];
  for (const [i, wall] of walls.entries()) {
    if (!wall) continue;
    const position = [(i % width) + 0.5 - width / 2, Math.floor(i / width) + 0.5 - height / 2, 0];
    shapes.push({ kind: 'box', size: [0.5, 0.5, 0], position, color: [0.35, 0.38, 0.43, 1], name: 'wall' });
  }
  return shapes;
}

const define = (maze: MazeName, description: string): EnvDefinition<MazeOptions> => ({
  name: `point/maze-${maze}`,
  description,
  options: mazeOptions,
  rules: (options) => mazeRules(maze, options),
  create: (options) => createGoalEnv(withCamera(createMaze(maze, options), options.camera)),
});

export const pointMazeUmaze = define('umaze', 'move a point around one wall to a goal');
export const pointMazeMedium = define('medium', 'move a point through a maze of 6 x 6 cells to a goal');
export const pointMazeLarge = define('large', 'move a point through a maze of 10 x 7 cells to a goal');
