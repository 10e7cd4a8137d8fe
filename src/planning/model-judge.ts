// Judges plans in a learned model, step by step, with the environment's own rules for what its goals are worth.
import type { EnvRules } from '../envs/env.js';
import type { Box, Discrete } from '../envs/space.js';
import { hasGoals } from '../envs/spec.js';
import type { DynamicsModel } from '../models/dynamics-model.js';
import { createBatchStep } from '../models/model-step.js';
import { predictedRewards } from '../models/predicted-rewards.js';
import type { Runtime } from '../runtime/runtime.js';
import { type PlanSize, WORST } from './problem.js';
import type { Judge } from './round-planner.js';

export interface ModelJudgeOptions {
  readonly model: Pick<DynamicsModel, 'spec' | 'ensemble' | 'elites' | 'eliteCount' | 'scales'>;
  readonly rules: Omit<EnvRules, 'dispose'>;
  readonly runtime: Runtime;
  readonly size: PlanSize;
  /** Most plans for a state. */
  readonly most: number;
  readonly discount: number;
  /** Reward of every step after a failure; after a success that ends the episode, its own goes on. */
  readonly afterEnd: number;
}

export interface ModelJudge {
  readonly judge: Judge;
  /** What is planned from: states [R, s], goals [R, g] and tasks [R, 1], read until the next call. */
  begin(state: Float32Array, goal?: ArrayLike<number>, task?: ArrayLike<number>): void;
  dispose(): Promise<void>;
}

const GOING = 0;
const FAILED = 1;
const REACHED = 2;

/** A plan's return is the mean over the elites of that along their own means, as in programs (problem.ts). */
export async function createModelJudge(options: ModelJudgeOptions): Promise<ModelJudge> {
  const { model, rules, runtime, size, most, discount, afterEnd } = options;
  const { spec, eliteCount: elites } = model;
  const { rows, horizon, actions } = size;
  const { state: s, action: a } = spec.sizes;
  const each = rows * most;
  const step = await createBatchStep(model, runtime, each * elites);
  // Before a failure was seen, no elite's logit is above 0.
  const rewards = predictedRewards({ spec, failures: true }, rules, step);
  const goals = hasGoals(spec.env);
  const status = new Uint8Array(step.rows);
  const held = new Float32Array(step.rows);
  const totals = new Float64Array(each);
  const write = actionWriter(spec.action);
  let from: { state: Float32Array; goal?: ArrayLike<number>; task?: ArrayLike<number> } | undefined;

  /** Where every row begins: row (e R + r) K + k is elite e with plan k of state r. */
  function start(count: number): void {
    if (!from) throw new Error('begin comes first');
    const { state, goal, task } = from;
    const g = spec.layout.column('goal').size;
    for (let row = 0; row < step.rows; row++) {
      const r = Math.floor((row % each) / count) % rows;
      for (let j = 0; j < s; j++) step.state[row * s + j] = state[r * s + j];
      if (goals && goal) rewards.setGoal(row, goal, r * g);
      if (task) step.task[row] = task[r];
    }
    status.fill(GOING);
    totals.fill(0);
  }

  /** Rules are not asked about what is no number, and neither is the model again: such plans are worth nothing. */
  function setAsideBroken(): void {
    const r = spec.sizes.result;
    for (let row = 0; row < step.rows; row++) {
      let sum = 0;
      for (let j = 0; j < s; j++) sum += step.next[row * s + j];
      for (let j = 0; j < r; j++) sum += step.results[row * r + j];
      if (Number.isFinite(sum)) continue;
      step.next.fill(0, row * s, (row + 1) * s);
      step.results.fill(0, row * r, (row + 1) * r);
      totals[row % each] = Number.NaN;
    }
  }

  function add(t: number): void {
    const weight = discount ** t / elites;
    for (let row = 0; row < step.rows; row++) {
      if (status[row] === GOING) held[row] = rewards.reward[row];
      totals[row % each] += weight * (status[row] === FAILED ? afterEnd : held[row]);
      if (status[row] === GOING && rewards.over[row] !== 0) status[row] = rewards.reached[row] !== 0 ? REACHED : FAILED;
    }
  }

  return {
    begin(state, goal, task) {
      from = { state, goal, task };
    },
    async judge(plans, count, returns) {
      start(count);
      step.noise.fill(0);
      for (let t = 0; t < horizon; t++) {
        for (let row = 0; row < step.rows; row++) {
          // Rows beyond the plans repeat the last one, and are not read.
          const plan = Math.min(row % each, rows * count - 1);
          write(plans, (plan * horizon + t) * actions, step.action, row * a);
        }
        await step.run();
        setAsideBroken();
        rewards.run();
        add(t);
        step.state.set(step.next);
      }
      for (let i = 0; i < rows * count; i++) returns[i] = Number.isFinite(totals[i]) ? totals[i] : WORST;
    },
    dispose: () => step.dispose(),
  };
}

/** Writes an action of the environment from numbers in [-1, 1], or from a one-hot choice. */
export function actionWriter(space: Box | Discrete) {
  return (plan: ArrayLike<number>, from: number, out: Float32Array, at: number): void => {
    if (space.kind === 'discrete') {
      out[at] = 0;
      for (let j = 0; j < space.n; j++) if (plan[from + j] > plan[from + out[at]]) out[at] = j;
      return;
    }
    const { low, high, size } = space;
    for (let j = 0; j < size; j++) {
      const [middle, half] = [(low[j] + high[j]) / 2, (high[j] - low[j]) / 2];
      out[at + j] = middle + half * plan[from + j];
    }
  };
}
