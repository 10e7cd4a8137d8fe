// The point's body: it is displaced, and where it then overlaps with walls MuJoCo pushes it out.
import type { Mujoco } from '../../physics/bindings.js';
import { createPhysics } from '../../physics/physics.js';
import { cellSize, lineOf, type Maze, middleOf } from './mazes.js';

/** Radius of the ball, in metres. */
export const ballRadius = 0.7;
/** Metres per step of an action of 1; a float32, as actions are where OGBench's agents act. */
export const displacement = Math.fround(0.2);
/** Of 0.02 s each, per step of the environment. */
const substeps = 5;
const wallHeight = 2;
/** Metres from a wall at which MuJoCo is asked already, though there is no contact yet. */
const margin = 1e-6;

/** The world: a ball that slides along x and y without friction or gravity, on a floor, between boxes. */
function model({ width, height, walls }: Maze): string {
  const boxes = Array.from(walls, (wall, cell) => {
    if (!wall) return '';
    const [x, y] = [middleOf(cell % width), middleOf(Math.floor(cell / width))];
    const half = cellSize / 2;
    return `<geom type="box" pos="${x} ${y} ${wallHeight / 2}" size="${half} ${half} ${wallHeight / 2}" conaffinity="1"/>`;
  });
  const middle = [width, height].map((lines) => (cellSize / 2) * (lines - 3)).join(' ');
  const size = [width, height].map((lines) => (cellSize / 2) * lines).join(' ');
  return `<mujoco model="point in a maze">
  <compiler inertiafromgeom="true"/>
  <option timestep="0.02" integrator="RK4"/>
  <default>
    <joint type="slide" limited="false" armature="0" damping="0"/>
    <geom condim="3" conaffinity="0" margin="0" friction="1 0.5 0.5" density="100"/>
  </default>
  <worldbody>
    <geom type="plane" pos="${middle} 0" size="${size} 0.2" conaffinity="1"/>
    <body>
      <geom type="sphere" size="${ballRadius}" pos="0 0 ${ballRadius}"/>
      <joint name="x" axis="1 0 0"/>
      <joint name="y" axis="0 1 0"/>
    </body>
    ${boxes.join('\n    ')}
  </worldbody>
</mujoco>`;
}

export interface Body {
  /** [4]: x and y in metres; the solver's warm start, which is all else that the next step depends on. */
  readonly state: Float64Array;
  /** Puts it at rest at a place that is no wall. */
  place(x: number, y: number): void;
  /** One step: an action of two numbers, -1 to 1. */
  move(action: ArrayLike<number>): void;
  dispose(): void;
}

/** Away from walls MuJoCo leaves the ball where it is, to the bit, so it is only asked where the ball may touch one. */
export function createBody(mujoco: Mujoco, maze: Maze, name: string): Body {
  const physics = createPhysics(mujoco, { xml: model(maze), name });
  const [qpos, qvel, warmStart] = (['qpos', 'qvel', 'qacc_warmstart'] as const).map(physics.array);
  const state = new Float64Array(4);
  const { width, walls } = maze;

  /** Whether the ball may touch a wall: its centre lies within its radius of one. */
  function nearWall(): boolean {
    const [column, row] = [lineOf(state[0]), lineOf(state[1])];
    if (walls[row * width + column]) return true;
    const [dx, dy] = [state[0] - middleOf(column), state[1] - middleOf(row)];
    const free = cellSize / 2 - ballRadius - margin;
    const [nearX, nearY] = [Math.abs(dx) > free, Math.abs(dy) > free];
    if (!nearX && !nearY) return false;
    const besides = row * width + column + Math.sign(dx);
    const over = Math.sign(dy) * width;
    if (nearX && walls[besides]) return true;
    if (nearY && walls[row * width + column + over]) return true;
    if (!nearX || !nearY || !walls[besides + over]) return false;
    return Math.hypot(cellSize / 2 - Math.abs(dx), cellSize / 2 - Math.abs(dy)) < ballRadius + margin;
  }

  return {
    state,
    place(x, y) {
      state[0] = x;
      state[1] = y;
      state[2] = state[3] = 0;
    },
    move(action) {
      for (let i = 0; i < 2; i++) state[i] += Math.fround(displacement * action[i]);
      if (!nearWall()) {
        state[2] = state[3] = 0;
        return;
      }
      const [q, v, w] = [qpos(), qvel(), warmStart()];
      for (let i = 0; i < 2; i++) {
        q[i] = state[i];
        v[i] = 0;
        w[i] = state[2 + i];
      }
      physics.advance(substeps);
      for (let i = 0; i < 2; i++) {
        state[i] = q[i];
        state[2 + i] = w[i];
      }
    },
    dispose: physics.dispose,
  };
}
