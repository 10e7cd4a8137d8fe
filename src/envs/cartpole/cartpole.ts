// cartpole/balance and cartpole/swing-up: the Control Suite's tasks as plain environments with rewards of their own.

import type { Random } from '../../random.js';
import type { AuthorSpec, EnvDefinition, PlainSimulation, SimulationStep } from '../env.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { box } from '../space.js';
import { resolveSpec, rulesWithoutGoals } from '../spec.js';
import { cartpole, cartpoleReward, cartpoleStep } from './dynamics.js';

/** Steps of integration for which an action holds, as published results on these tasks have it (action repeat). */
const REPEAT = 2;

const specOf = (name: string): AuthorSpec => ({
  name,
  observation: {
    kind: 'box',
    size: 5,
    low: [-cartpole.rail, -1, -1, -Infinity, -Infinity],
    high: [cartpole.rail, 1, 1, Infinity, Infinity],
    names: ['position', 'cos-angle', 'sin-angle', 'velocity', 'angular-velocity'],
  },
  action: box(1, -1, 1, ['push']),
  maxEpisodeSteps: 500,
  rewardRange: [0, REPEAT],
});

type Task = { readonly name: string; readonly description: string; begin(random: Random, state: Float64Array): void };

function createCartpole({ name, begin }: Task): PlainSimulation {
  const state = new Float64Array(4);
  const show = ({ observation }: SimulationStep) => {
    observation[0] = state[0];
    observation[1] = Math.cos(state[1]);
    observation[2] = Math.sin(state[1]);
    observation[3] = state[2];
    observation[4] = state[3];
  };
  return {
    spec: specOf(name),
    ...arrayState(state),
    reset(random, now) {
      begin(random, state);
      for (let i = 2; i < 4; i++) state[i] = 0.01 * random.normal();
      show(now);
    },
    step([push], now) {
      let reward = 0;
      for (let i = 0; i < REPEAT; i++) {
        cartpoleStep(state, push);
        reward += cartpoleReward(state, push);
      }
      now.reward[0] = reward;
      show(now);
    },
    controls: () => ({ period: 0.01 * REPEAT, move: [{ number: 0, reach: 1 }] }),
    scene() {
      const [sin, cos] = [Math.sin(state[1]), Math.cos(state[1])];
      const { length, radius, rail } = cartpole;
      return {
        dimensions: 2,
        shapes: [
          { kind: 'plane', size: [2.2, 1.3, 0], position: [0, 0, 0], color: [0.93, 0.94, 0.96, 1], name: 'wall' },
          { kind: 'box', size: [rail + 0.2, 0.02, 0], position: [0, 0, 0], color: [0.6, 0.62, 0.66, 1], name: 'rail' },
          { kind: 'box', size: [0.2, 0.1, 0], position: [state[0], 0, 0], color: [0.1, 0.35, 0.8, 1], name: 'cart' },
          {
            kind: 'box',
            size: [radius, length / 2, 0],
            position: [state[0] + (sin * length) / 2, (cos * length) / 2, 0],
            rotation: [cos, sin, 0, -sin, cos, 0, 0, 0, 1],
            color: [0.8, 0.3, 0.3, 1],
            name: 'pole',
          },
        ],
      };
    },
  };
}

function define(task: Task): EnvDefinition<Record<string, never>> {
  const { name, description } = task;
  return {
    name,
    description,
    rules: () => ({
      ...rulesWithoutGoals(resolveSpec(specOf(name))),
      computeFailed: (_observation, out) => out.fill(0), // only the time limit ends episodes
    }),
    create: () => createGoalEnv(createCartpole(task)),
  };
}

export const cartpoleBalance = define({
  name: 'cartpole/balance',
  description: "the Control Suite's cart-pole: keep a pole on a cart upright",
  begin(random, state) {
    state[0] = 0.2 * random.uniform() - 0.1;
    state[1] = 0.034 * (2 * random.uniform() - 1);
  },
});

export const cartpoleSwingUp = define({
  name: 'cartpole/swing-up',
  description: "the Control Suite's cart-pole: swing a hanging pole up and keep it there",
  begin(random, state) {
    state[0] = 0.01 * random.normal();
    state[1] = Math.PI + 0.01 * random.normal();
  },
});
