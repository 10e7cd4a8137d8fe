// Wrappers keep all that an environment has: of objects and of classes, what there is now and what will be added.
import { expect, test } from 'vitest';
import { onlyGoals } from '../acting/training-goals.js';
import { defineEnv } from './define-env.js';
import type { GoalEnv, Simulation, TimeStep } from './env.js';
import { createGoalEnv, isGoalEnv } from './goal-env.js';
import { walk } from './testing.js';
import { wrapEnv } from './wrap-env.js';

const pushable = (): GoalEnv =>
  createGoalEnv({
    ...walk(),
    goalAt: ([x], goal) => {
      goal[0] = x;
      return true;
    },
    pushable: ['cart'],
    push: (_thing, [x], now) => {
      now.observation[0] = x;
    },
    scene: () => ({ dimensions: 2, shapes: [] }),
  });

class Whole {
  #inner = createGoalEnv(walk());
  readonly spec = this.#inner.spec;
  blows = 0;
  reset = this.#inner.reset;
  step(action: ArrayLike<number>) {
    return this.#inner.step(action);
  }
  get pushable() {
    return [`cart ${this.blows}`];
  }
  push(): TimeStep {
    this.blows++;
    return this.#inner.reset();
  }
  computeReward = this.#inner.computeReward;
  computeSuccess = this.#inner.computeSuccess;
  goalFrom = this.#inner.goalFrom;
  saveState() {
    return this.#inner.saveState();
  }
  restoreState(bytes: Uint8Array) {
    this.#inner.restoreState(bytes);
  }
  /** Something that a later version might have. */
  later() {
    return this.blows;
  }
}

test('an environment whose goals are held out still is pushed and pointed at', () => {
  const held = { heldOut: { low: [0.9], high: [1] } };
  const fixed = { fixed: Float32Array.of(0.5) };
  for (const goals of [held, fixed]) {
    const env = onlyGoals(pushable(), goals, 'trained');
    env.reset({ seed: 1 });
    expect(env.pushable).toEqual(['cart']);
    expect(env.push?.('cart', [0.25, 0, 0]).observation[0]).toBe(0.25);
    const goal = new Float32Array(1);
    expect([env.goalAt?.([0.5], goal), goal[0]]).toEqual([true, 0.5]);
    expect(env.scene?.().dimensions).toBe(2);
  }
});

test('members of a class stay: methods, getters, private state, and those that we do not know yet', () => {
  const whole = new Whole();
  const wrapped = wrapEnv<Whole>(whole, { step: (action) => whole.step(action) });
  wrapped.reset({ seed: 1 });
  wrapped.push();
  expect([wrapped.pushable, wrapped.later(), wrapped.blows]).toEqual([['cart 1'], 1, 1]);
  wrapped.restoreState(wrapped.saveState());
  expect('dispose' in wrapped).toBe(false);
  const copy: Pick<Whole, 'blows'> & { later?: () => number } = { ...wrapEnv(wrapped, {}) };
  expect(copy.later?.()).toBe(1);
});

test('a changed member replaces the old one, and undefined takes it away', () => {
  const env = pushable();
  const { scene, reset } = wrapEnv(env, { scene: undefined, reset: () => env.reset({ seed: 4 }) });
  expect(scene).toBeUndefined();
  expect(reset().goal).toEqual(env.reset({ seed: 4 }).goal);
  expect([isGoalEnv(wrapEnv(env, {})), isGoalEnv({ ...env }), isGoalEnv(walk())]).toEqual([true, true, false]);
});

test('a simulation is one however its reset is written', async () => {
  const simulation = walk();
  const { reset } = simulation;
  const logged = (...args: Parameters<Simulation['reset']>) => reset(...args);
  for (const own of [logged, reset.bind(undefined)]) {
    const env = await defineEnv({ name: 'a', create: () => ({ ...simulation, reset: own }) }).create({});
    expect(env.reset({ seed: 3 }).goal).toHaveLength(1);
    expect(env.step([0]).reward).toBeLessThanOrEqual(0);
  }
});

test('a whole environment of ones own is given as createEnv; as create it is told so', async () => {
  const env = await defineEnv({ name: 'me/whole', createEnv: () => new Whole() }).create({});
  expect(env.reset({ seed: 1 }).goal).toHaveLength(1);
  const mistaken = await defineEnv({ name: 'me/whole', create: () => new Whole() as unknown as Simulation }).create({});
  expect(() => mistaken.reset({ seed: 1 })).toThrow(/this is a whole environment.*`createEnv`/);
});
