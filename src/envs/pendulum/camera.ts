// pendulum/camera: the pendulum seen through a camera of 32 x 32 pixels that shows it now and at the two steps before.
import type { AuthorSpec, EnvDefinition, PlainSimulation, SimulationStep } from '../env.js';
import { createGoalEnv } from '../goal-env.js';
import { image } from '../space.js';
import { resolveSpec, rulesWithoutGoals } from '../spec.js';
import { createPendulum, type PendulumOptions, pendulumOptions, pendulumPeriod, pendulumSpec } from './pendulum.js';

/** Pixels along each side. */
const size = 32;
/** Half the width of what the camera sees, in lengths of the rod. */
const view = 1.2;
/** Half the rod's thickness, in pixels. */
const half = 1.5;
/** Angles in the picture, one for each of its channels: the velocity shows as the distance between them. */
const shown = 3;

const spec: AuthorSpec = {
  ...pendulumSpec,
  name: 'pendulum/camera',
  observation: { camera: image([size, size, shown]) },
};

/** Draws a rod from the middle at an angle (rad, from upright, to the left) into a channel, its edges smoothed over a pixel. */
function draw(angle: number, channel: number, out: Float32Array | Uint8Array): void {
  const pixels = size / 2 / view;
  const [dx, dy] = [-Math.sin(angle), -Math.cos(angle)]; // rows grow downwards
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const [x, y] = [column + 0.5 - size / 2, row + 0.5 - size / 2];
      const along = Math.min(Math.max(x * dx + y * dy, 0), pixels);
      const away = Math.hypot(x - along * dx, y - along * dy);
      const share = Math.min(Math.max(half + 0.5 - away, 0), 1);
      out[shown * (row * size + column) + channel] = Math.round(255 * share);
    }
  }
}

function createCamera(options: PendulumOptions): PlainSimulation {
  const pendulum = createPendulum(options);
  /** Angles of now and of the steps before. */
  const angles = new Float64Array(shown);
  // What the pendulum itself would show.
  const observation = new Float32Array(3);
  const show = ({ columns }: SimulationStep) => {
    for (let channel = 0; channel < shown; channel++) draw(angles[channel], channel, columns.camera);
  };
  return {
    ...pendulum,
    spec,
    reset(random, now) {
      pendulum.reset(random, { ...now, observation });
      // As if it had come here at its velocity.
      for (let i = 0; i < shown; i++) angles[i] = pendulum.state[0] - i * pendulumPeriod * pendulum.state[1];
      show(now);
    },
    step(action, now, random) {
      const ended = pendulum.step(action, { ...now, observation }, random);
      angles.copyWithin(1, 0);
      angles[0] = pendulum.state[0];
      show(now);
      return ended;
    },
    saveState() {
      const all = Float64Array.of(...pendulum.state, ...angles);
      return new Uint8Array(all.buffer);
    },
    restoreState(bytes) {
      const all = new Float64Array(bytes.slice().buffer);
      pendulum.state.set(all.subarray(0, 2));
      angles.set(all.subarray(2));
    },
  };
}

export const pendulumCamera: EnvDefinition<PendulumOptions> = {
  name: 'pendulum/camera',
  description: 'the pendulum seen through a camera of 32 x 32 pixels, now and two steps before',
  options: pendulumOptions,
  rules: () => rulesWithoutGoals(resolveSpec(spec)),
  create: (options) => createGoalEnv(createCamera(options)),
};
