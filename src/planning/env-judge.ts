// Judges plans on the true dynamics: a second environment takes them from the present state, saved and restored.
import type { GoalEnv } from '../envs/env.js';
import { actionSize } from '../envs/space.js';
import { UsageError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import { actionWriter } from './model-judge.js';
import type { PlanSize } from './problem.js';
import type { Judge } from './round-planner.js';

export interface EnvJudge {
  readonly judge: Judge;
  /** Bytes of the present environment's `saveState`. */
  begin(state: Uint8Array): void;
}

/** Longest stretch without a turn for the event loop, in milliseconds. */
const TURN = 8;

/**
 * `env` is of the kind that is planned for, and changes with every plan. The state holds the environment's generator, so
 * that plans know the noise that is to come. An end stops the plan: after a failure every step is worth `afterEnd`, after a
 * success as much as the success; a time limit is the end of all plans alike.
 */
export function createEnvJudge(
  env: GoalEnv,
  { horizon, actions }: PlanSize,
  { discount, afterEnd }: { readonly discount: number; readonly afterEnd: number },
): EnvJudge {
  const action = new Float32Array(actionSize(env.spec.action));
  const write = actionWriter(env.spec.action);
  let from: Uint8Array = new Uint8Array(0);

  function returnOf(plans: Float32Array, plan: number): number {
    env.restoreState(from);
    let total = 0;
    for (let t = 0; t < horizon; t++) {
      write(plans, (plan * horizon + t) * actions, action, 0);
      const { reward, failed, terminated, truncated, cut } = env.step(action);
      if (cut) {
        throw new UsageError(
          `${env.spec.name} cannot be put back to where it was, which planning on the true dynamics needs; plan in a model of it (--agent planner).`,
        );
      }
      total += discount ** t * reward;
      if (terminated) {
        const after = failed ? afterEnd : reward;
        for (let later = t + 1; later < horizon; later++) total += discount ** later * after;
      }
      if (terminated || truncated) break;
    }
    return total;
  }

  return {
    begin(state) {
      from = state;
    },
    async judge(plans, count, returns) {
      let turn = performance.now();
      for (let plan = 0; plan < count; plan++) {
        returns[plan] = returnOf(plans, plan);
        if (performance.now() - turn <= TURN) continue;
        await nextTurn();
        turn = performance.now();
      }
    },
  };
}
