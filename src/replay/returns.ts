// Returns over several steps: rewards under the goals of the batch, cut where a goal is reached or the episode ends.
import type { EnvSpec, GoalRules } from '../envs/env.js';
import type { BatchPlan } from './batch-plan.js';
import { copyNumbers } from './layout.js';
import type { Ring } from './ring.js';

export type Returns = (
  plan: BatchPlan,
  size: number,
  nStep: { readonly steps: number; readonly discount: number },
) => void;

/**
 * Sums up rewards over k steps, k the smallest of: `steps`; steps to the episode's end; steps until a goal of the batch is
 * reached. All goals of a row share k, for they share the state after it. Fills reward, success and terminated of the
 * goals (those of step k), the rows of the last actions, and discount^k. A cut by itself ends nothing: the world has ended
 * where step k failed, or reached the goal where success ends episodes; a time limit goes on counting its next state.
 */
export function createReturns(spec: EnvSpec, ring: Ring, rules: GoalRules): Returns {
  const { layout, rows, capacity } = ring;
  const { width } = layout;
  const achieved = layout.column('achieved');
  const info = layout.column('info');
  const stored = layout.column('reward');
  const hasGoals = spec.goal.size > 0;
  let counts = new Int32Array(0);
  let open = new Uint8Array(0);
  let reward = new Float32Array(0);
  let success = new Uint8Array(0);
  let sums = new Float64Array(0);

  return ({ goals, at, lastAt, nextAchieved, info: infos, discount: out }, size, { steps, discount }) => {
    if (counts.length !== size) {
      counts = new Int32Array(size);
      open = new Uint8Array(size);
      reward = new Float32Array(size);
      success = new Uint8Array(size);
    }
    if (sums.length !== size * goals.length) sums = new Float64Array(size * goals.length);
    counts.fill(0);
    open.fill(1);
    sums.fill(0);
    lastAt.set(at);
    let factor = 1;
    for (let step = 0; step < steps; step++) {
      for (let i = 0; i < size; i++) {
        if (open[i] === 0) continue; // what lies there stays, and is not used
        if (step > 0) lastAt[i] = lastAt[i] + 1 === capacity ? 0 : lastAt[i] + 1;
        counts[i] = step + 1;
        const row = lastAt[i] * width;
        const next = lastAt[i] + 1 === capacity ? 0 : row + width;
        copyNumbers(nextAchieved, i * achieved.size, rows, next + achieved.offset, achieved.size);
        copyNumbers(infos, i * info.size, rows, row + info.offset, info.size);
      }
      for (let g = 0; g < goals.length; g++) {
        const plan = goals[g];
        if (hasGoals) {
          rules.computeReward(nextAchieved, plan.goal, infos, reward);
          rules.computeSuccess(nextAchieved, plan.goal, infos, success);
        }
        for (let i = 0; i < size; i++) {
          if (open[i] === 0) continue;
          const row = lastAt[i] * width;
          sums[g * size + i] += factor * (hasGoals ? reward[i] : rows[row + stored.offset]);
          plan.success[i] = hasGoals ? success[i] : 0;
          const reached = spec.successEndsEpisode && plan.success[i] !== 0;
          plan.terminated[i] = rows[row + layout.failed] !== 0 || reached ? 1 : 0;
        }
      }
      let left = 0;
      for (let i = 0; i < size; i++) {
        if (open[i] === 0) continue;
        const row = lastAt[i] * width;
        // In the row of the episode's last action one transition remains.
        let cut = rows[row + layout.remaining] <= 1 || rows[row + layout.failed] !== 0;
        for (const plan of goals) if (plan.success[i] !== 0) cut = true;
        if (cut) open[i] = 0;
        else left++;
      }
      if (left === 0) break;
      factor *= discount;
    }
    for (let g = 0; g < goals.length; g++) {
      for (let i = 0; i < size; i++) goals[g].reward[i] = sums[g * size + i];
    }
    if (out) for (let i = 0; i < size; i++) out[i] = discount ** counts[i];
  };
}
