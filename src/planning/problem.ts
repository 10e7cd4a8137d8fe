// A planning problem: what plans of actions are worth from where one is, by a world that steps many states at once.
import type { Graph, Tensor } from '../tensor/index.js';

/** One step of [N, s] states under [N, a] actions as the world takes them. */
export interface WorldStep {
  readonly next: Tensor;
  /** [N, 1]. */
  readonly reward: Tensor;
  /** [N, 1]: 1 where the world goes on, 0 where it ended; absent: it always goes on. */
  readonly alive?: Tensor;
}
export type World = (state: Tensor, action: Tensor) => WorldStep;

export interface PlanSize {
  /** States planned for side by side. */
  readonly rows: number;
  /** Steps of a plan, and numbers of an action in [-1, 1]; of choices one number for each. */
  readonly horizon: number;
  readonly actions: number;
}

export interface Problem extends PlanSize {
  /** Returns [R, K] of plans [R, K, H, a]. */
  score(plans: Tensor): Tensor;
}

/** Seed of the noise where nothing is explored: the same plans for the same state. */
export const FIXED_NOISE = 1;

/** Below any return, and still a number: plans that lead to no number are worth this. */
export const WORST = -3e38;

export interface ProblemOptions {
  readonly horizon: number;
  readonly actions: number;
  readonly discount: number;
  /** Reward of every step after an end: with 0, ending would look good wherever rewards are negative. */
  readonly afterEnd: number;
  /** Worlds that every plan is judged in; its return is the mean. The rows of world p come p-th. Default: 1. */
  readonly worlds?: number;
  /** From actions in [-1, 1] (or choices, one-hot) to those of the world. */
  readonly toWorld?: (action: Tensor) => Tensor;
}

/** `state` [R, s]. */
export function planningProblem(g: Graph, world: World, state: Tensor, options: ProblemOptions): Problem {
  const { horizon, actions, discount, afterEnd, worlds = 1, toWorld = (action: Tensor) => action } = options;
  const [rows, s] = state.shape;
  return {
    rows,
    horizon,
    actions,
    score(plans) {
      const count = plans.shape[1];
      const n = rows * count;
      let now = state
        .reshape([1, rows, 1, s])
        .expand([worlds, rows, count, s])
        .reshape([worlds * n, s]);
      const steps = plans.split(new Array(horizon).fill(1), 2);
      let alive: Tensor | undefined;
      let total: Tensor = g.zeros([worlds * n, 1]);
      for (let t = 0; t < horizon; t++) {
        const action = steps[t]
          .reshape([1, n, actions])
          .expand([worlds, n, actions])
          .reshape([worlds * n, actions]);
        const step = world(now, toWorld(action));
        const reward = alive ? step.reward.mul(alive).add(alive.neg().add(1).mul(afterEnd)) : step.reward;
        total = total.add(reward.mul(discount ** t));
        if (step.alive) alive = alive ? alive.mul(step.alive) : step.alive;
        now = step.next;
      }
      const mean = total.reshape([worlds, rows, count]).mean([0]);
      // Neither infinite nor not a number: both comparisons are false for what is none.
      return mean.less(-WORST).and(mean.greater(WORST)).where(mean, WORST);
    },
  };
}
