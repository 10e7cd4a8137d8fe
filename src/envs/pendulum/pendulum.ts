// pendulum: Gymnasium's Pendulum-v1 in TypeScript, a plain Markov decision process: swing up and hold with little torque.
import * as z from 'zod';
import type { AuthorSpec, EnvDefinition, PlainSimulation, SimulationStep } from '../env.js';
import { usualFromData } from '../from-data.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { box } from '../space.js';
import { resolveSpec, rulesWithoutGoals } from '../spec.js';

const gravity = 10; // m/s^2
const mass = 1; // kg
const length = 1; // m
export const pendulumPeriod = 0.05; // s
export const pendulumSpeed = 8; // rad/s
export const pendulumTorque = 2; // N m

export const pendulumOptions = z.strictObject({
  noise: z
    .number()
    .min(0)
    .max(10)
    .default(0)
    .describe('standard deviation of a random push in each step, in rad/s: what a model cannot foresee; 0: none')
    .meta(usualFromData),
});
export type PendulumOptions = z.infer<typeof pendulumOptions>;

export const pendulumSpec: AuthorSpec = {
  name: 'pendulum',
  observation: {
    kind: 'box',
    size: 3,
    low: [-1, -1, -pendulumSpeed],
    high: [1, 1, pendulumSpeed],
    names: ['cos-angle', 'sin-angle', 'angular-velocity'],
  },
  action: box(1, -pendulumTorque, pendulumTorque, ['torque']),
  maxEpisodeSteps: 200,
  rewardRange: [-(Math.PI ** 2 + 0.1 * pendulumSpeed ** 2 + 0.001 * pendulumTorque ** 2), 0],
};

const clip = (value: number, bound: number): number => Math.min(Math.max(value, -bound), bound);

/** An angle in [-pi, pi). */
function normalized(angle: number): number {
  const turn = 2 * Math.PI;
  const rest = (angle + Math.PI) % turn;
  return (rest < 0 ? rest + turn : rest) - Math.PI;
}

/**
 * Moves [angle from upright (rad), angular velocity (rad/s)] one step on in place, by semi-implicit Euler, and gives the
 * reward: minus the squares of angle and velocity before the step and of the torque (N m), weighted.
 */
export function pendulumStep(state: Float64Array, torque: number): number {
  const [angle, velocity] = state;
  const u = clip(torque, pendulumTorque);
  const cost = normalized(angle) ** 2 + 0.1 * velocity ** 2 + 0.001 * u ** 2;
  const acceleration = ((3 * gravity) / (2 * length)) * Math.sin(angle) + (3 / (mass * length ** 2)) * u;
  state[1] = clip(velocity + acceleration * pendulumPeriod, pendulumSpeed);
  state[0] = angle + state[1] * pendulumPeriod;
  return -cost;
}

/** The simulation, and its state [angle from upright (rad), angular velocity (rad/s)]. */
export function createPendulum({ noise }: PendulumOptions): PlainSimulation & { readonly state: Float64Array } {
  const state = new Float64Array(2);
  const show = ({ observation }: SimulationStep) => {
    observation[0] = Math.cos(state[0]);
    observation[1] = Math.sin(state[0]);
    observation[2] = state[1];
  };
  return {
    state,
    spec: pendulumSpec,
    ...arrayState(state),
    reset(random, now) {
      state[0] = Math.PI * (2 * random.uniform() - 1);
      state[1] = 2 * random.uniform() - 1;
      show(now);
    },
    step(action, now, random) {
      now.reward[0] = pendulumStep(state, action[0]);
      if (noise > 0) state[1] = clip(state[1] + noise * random.normal(), pendulumSpeed);
      show(now);
    },
    controls: () => ({ period: pendulumPeriod, move: [{ number: 0, reach: -1 }] }), // a positive torque turns to the left
    scene() {
      const [x, y] = [-Math.sin(state[0]), Math.cos(state[0])]; // a positive angle is to the left, as in Gymnasium
      const rotation = [y, x, 0, -x, y, 0, 0, 0, 1];
      return {
        dimensions: 2,
        shapes: [
          { kind: 'plane', size: [1.3, 1.3, 0], position: [0, 0, 0], color: [0.93, 0.94, 0.96, 1], name: 'wall' },
          {
            kind: 'box',
            size: [0.06, length / 2, 0],
            position: [(x * length) / 2, (y * length) / 2, 0],
            rotation,
            color: [0.8, 0.3, 0.3, 1],
            name: 'rod',
          },
          {
            kind: 'sphere',
            size: [0.1],
            position: [x * length, y * length, 0],
            color: [0.1, 0.35, 0.8, 1],
            name: 'bob',
          },
        ],
      };
    },
  };
}

export const pendulum: EnvDefinition<PendulumOptions> = {
  name: 'pendulum',
  description: 'Pendulum-v1: swing a pendulum up and hold it there; rewards without a goal',
  options: pendulumOptions,
  rules: () => ({
    ...rulesWithoutGoals(resolveSpec(pendulumSpec)),
    computeFailed: (_observation, out) => out.fill(0), // only the time limit ends episodes
  }),
  create: (options) => createGoalEnv(createPendulum(options)),
};
