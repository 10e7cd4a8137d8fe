// A point maze as a simulation: starts, steps, teleports, what there is to draw.
import type { Mujoco } from '../../physics/bindings.js';
import type { Random } from '../../random.js';
import type { SceneShape } from '../../scene.js';
import { moveAlong } from '../controls.js';
import type { Simulation, TimeStep } from '../env.js';
import { arrayState } from '../goal-env.js';
import { ballRadius, createBody, displacement } from './body.js';
import { cellAt, cellSize, lineOf, type Maze, mazeOf, middleOf, type OgbenchMaze } from './mazes.js';
import { noisyPlace } from './places.js';
import { type PointmazeOptions, pointmazeRules } from './rules.js';

/** Metres from the middle of a teleport's entry within which it works; its disc is a metre wide. */
const reachOfEntry = 1.5;
const discRadius = 1;

export function createPointmaze(mujoco: Mujoco, name: OgbenchMaze, options: PointmazeOptions): Simulation {
  const maze = mazeOf(name);
  const { width, height, walls, free, tasks, entries, exits } = maze;
  const body = createBody(mujoco, maze, `ogbench/pointmaze-${name}`);
  const { state } = body;
  const place = new Float64Array(2);
  const [x, y] = [(cell: number) => middleOf(cell % width), (cell: number) => middleOf(Math.floor(cell / width))];

  function observe({ observation, achieved }: TimeStep): void {
    for (let i = 0; i < 2; i++) observation[i] = achieved[i] = state[i];
  }

  const anyCell = (random: Random) => free[random.below(free.length)];

  function teleport(random: Random): void {
    for (const entry of entries) {
      if (Math.hypot(state[0] - x(entry), state[1] - y(entry)) > reachOfEntry) continue;
      const exit = exits[random.below(exits.length)];
      body.place(x(exit), y(exit));
      return;
    }
  }

  return {
    ...pointmazeRules(name, options),
    ...arrayState(state),
    reset(random, now, evaluationTask) {
      const task = evaluationTask === undefined ? undefined : tasks[evaluationTask];
      noisyPlace(maze, task?.start ?? anyCell(random), random, place);
      body.place(place[0], place[1]);
      do {
        noisyPlace(maze, task?.goal ?? anyCell(random), random, now.goal);
      } while (Math.hypot(now.goal[0] - place[0], now.goal[1] - place[1]) <= options.distanceThreshold);
      observe(now);
    },
    step(action, now, random) {
      body.move(action);
      teleport(random);
      observe(now);
    },
    goalAt([toX, toY], goal) {
      const [column, row] = [lineOf(toX), lineOf(toY)];
      if (column < 0 || row < 0 || column >= width || row >= height || walls[cellAt(maze, toX, toY)]) return false;
      goal[0] = toX;
      goal[1] = toY;
      return true;
    },
    controls: () => ({ period: 0.1, move: moveAlong(2, displacement), place: [state[0], state[1], 0] }),
    scene: ({ goal }) => ({
      dimensions: 2,
      shapes: [
        ...drawMaze(maze),
        {
          kind: 'sphere',
          size: [options.distanceThreshold],
          position: [goal[0], goal[1], 0],
          color: [0.93, 0.2, 0.2, 0.55],
          name: 'goal',
        },
        {
          kind: 'sphere',
          size: [ballRadius],
          position: [state[0], state[1], 0],
          color: [0.1, 0.35, 0.8, 1],
          name: 'point',
        },
      ],
    }),
    dispose: body.dispose,
  };
}

function drawMaze({ width, height, walls, entries, exits }: Maze): SceneShape[] {
  const half = cellSize / 2;
  const position = (cell: number) => [middleOf(cell % width), middleOf(Math.floor(cell / width)), 0];
  const discs = (name: string, cells: readonly number[], color: SceneShape['color']) =>
    cells.map((cell): SceneShape => ({ kind: 'sphere', size: [discRadius], position: position(cell), color, name }));
  return [
    {
      kind: 'plane',
      size: [half * width, half * height, 0],
      position: [half * (width - 3), half * (height - 3), 0],
      color: [0.93, 0.94, 0.96, 1],
      name: 'floor',
    },
    ...Array.from(walls, (wall, cell): SceneShape[] =>
      wall
        ? [{ kind: 'box', size: [half, half, 0], position: position(cell), color: [0.35, 0.38, 0.43, 1], name: 'wall' }]
        : [],
    ).flat(),
    ...discs('entry', entries, [0.2, 0.2, 0.25, 0.6]),
    ...discs('exit', exits, [0.35, 0.55, 0.91, 0.6]),
  ];
}
