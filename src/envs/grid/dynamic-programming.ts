// Exact goal-conditioned values and reachable sets of a small world, for all goals at once, by dynamic programming.
import { UsageError } from '../../errors.js';

/** A finite world: each action in each state has the same number of possible outcomes. */
export interface TabularModel {
  readonly states: number;
  readonly actions: number;
  readonly outcomes: number;
  /** [states, actions, outcomes]: next state. */
  readonly next: Int32Array;
  /** [states, actions, outcomes]: its probability; equal next states may be listed more than once. */
  readonly probability: Float64Array;
}

export interface GoalValueOptions {
  /** Discount factor, in [0, 1). */
  readonly discount: number;
  /** `sparse`: 0 at the goal, else -1. `zero-one`: 1 at the goal, else 0. Or [goals, states]: for arriving in the state. */
  readonly reward: 'sparse' | 'zero-one' | Float64Array;
  /** Whether reaching the goal ends the episode. Otherwise staying at a 0/1 goal is worth 1 / (1 - discount). */
  readonly successEndsEpisode: boolean;
  /** [goals, states]: 1 where the state fulfils the goal. Default: goal g is state g. */
  readonly reached?: Uint8Array;
  /** [goals, states, actions]: probabilities of a policy's actions, for its values. Default: the best policy. */
  readonly policy?: Float64Array;
  /** Largest error of a value. */
  readonly tolerance?: number;
}

export interface GoalValues {
  readonly goals: number;
  /** V(s, g): [goals, states]. */
  readonly v: Float64Array;
  /** Q(s, a, g): [goals, states, actions]. */
  readonly q: Float64Array;
}

export interface GoalBackups extends GoalValues {
  /** Puts every Q(s, a, g) of a goal and then every V(s, g) anew. Returns the smallest and largest change of V. */
  sweep(goal: number): [low: number, high: number];
}

/**
 * Q(s,a,g) = E_s'[r(s',g) + discount (1 - terminated) V(s',g)] and V(s,g) = max_a Q, or its mean under a policy: one sweep
 * after the other from V = 0, each from the values of the one before.
 */
export function createGoalBackups(model: TabularModel, options: Omit<GoalValueOptions, 'tolerance'>): GoalBackups {
  const { states, actions } = model;
  const { discount, reward, successEndsEpisode, policy } = options;
  if (!(discount >= 0 && discount < 1)) {
    throw new UsageError(`discount is ${discount}; it must be at least 0 and below 1.`);
  }
  const reached = options.reached ?? identity(states);
  const goals = countGoals(model, reached);
  const q = new Float64Array(goals * states * actions);
  const v = new Float64Array(goals * states);
  const arrival = new Float64Array(states);
  const [missedReward, reachedReward] = reward === 'sparse' ? [-1, 0] : [0, 1];

  function sweep(g: number): [number, number] {
    for (let s = 0; s < states; s++) {
      const success = reached[g * states + s] !== 0;
      const rest = success && successEndsEpisode ? 0 : discount * v[g * states + s];
      const now = typeof reward === 'string' ? (success ? reachedReward : missedReward) : reward[g * states + s];
      arrival[s] = now + rest;
    }
    let low = Infinity;
    let high = -Infinity;
    for (let s = 0; s < states; s++) {
      const row = (g * states + s) * actions;
      let value = policy ? 0 : -Infinity;
      for (let a = 0; a < actions; a++) {
        q[row + a] = expectation(model, s, a, arrival);
        value = policy ? value + policy[row + a] * q[row + a] : Math.max(value, q[row + a]);
      }
      const change = value - v[g * states + s];
      low = Math.min(low, change);
      high = Math.max(high, change);
      v[g * states + s] = value;
    }
    return [low, high];
  }
  return { goals, v, q, sweep };
}

/**
 * The same to the end. Value iteration, stopped by a bound of its error; where nothing ends, MacQueen's bounds also correct
 * it (Puterman, 1994, section 6.6), which spares most sweeps.
 */
export function goalValues(model: TabularModel, options: GoalValueOptions): GoalValues {
  const { states } = model;
  const { discount, successEndsEpisode, tolerance = 1e-10 } = options;
  const { goals, v, q, sweep } = createGoalBackups(model, options);
  const horizon = discount / (1 - discount);
  for (let g = 0; g < goals; g++) {
    for (let error = Infinity; error > tolerance; ) {
      const [low, high] = sweep(g);
      if (successEndsEpisode) {
        error = horizon * Math.max(-low, high);
        continue;
      }
      // Without ends the true values lie between V + horizon low and V + horizon high: go to the middle.
      for (let s = 0; s < states; s++) v[g * states + s] += (horizon * (low + high)) / 2;
      error = (horizon * (high - low)) / 2;
    }
    sweep(g); // makes Q and V belong together
  }
  return { goals, v, q };
}

function expectation({ actions, outcomes, next, probability }: TabularModel, s: number, a: number, of: Float64Array) {
  const first = (s * actions + a) * outcomes;
  let sum = 0;
  for (let k = first; k < first + outcomes; k++) sum += probability[k] * of[next[k]];
  return sum;
}

/**
 * Fewest actions after which a goal can be reached, [goals, states]: at least 1, since reaching counts after an action;
 * -1 where it cannot be reached at all. In a stochastic world, with luck.
 */
export function fewestSteps(model: TabularModel, reached: Uint8Array = identity(model.states)): Int32Array {
  const { states, actions, outcomes, next, probability } = model;
  const goals = countGoals(model, reached);
  const steps = new Int32Array(goals * states).fill(-1);
  for (let g = 0; g < goals; g++) {
    let frontier = 0;
    for (let grew = true; grew; frontier++) {
      grew = false;
      for (let s = 0; s < states; s++) {
        if (steps[g * states + s] >= 0) continue;
        const first = s * actions * outcomes;
        for (let k = first; k < first + actions * outcomes; k++) {
          if (probability[k] === 0) continue;
          const arrived = g * states + next[k];
          if (frontier === 0 ? reached[arrived] === 0 : steps[arrived] !== frontier) continue;
          steps[g * states + s] = frontier + 1;
          grew = true;
          break;
        }
      }
    }
  }
  return steps;
}

/** [goals, states]: 1 where the goal can be reached from the state by at least one action. */
export const reachableSet = (model: TabularModel, reached?: Uint8Array): Uint8Array =>
  Uint8Array.from(fewestSteps(model, reached), (steps) => (steps > 0 ? 1 : 0));

function identity(states: number): Uint8Array {
  const reached = new Uint8Array(states * states);
  for (let s = 0; s < states; s++) reached[s * states + s] = 1;
  return reached;
}

function countGoals({ states }: TabularModel, reached: Uint8Array): number {
  const goals = reached.length / states;
  if (Number.isInteger(goals)) return goals;
  throw new UsageError(
    `reached has ${reached.length} numbers; it must have one for each goal and each of ${states} states.`,
  );
}
