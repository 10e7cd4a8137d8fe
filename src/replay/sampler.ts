// Draws batches of transitions and relabels a share of them with goals that were achieved (hindsight experience replay).
import type { GoalRules } from '../envs/env.js';
import { UsageError } from '../errors.js';
import type { Random } from '../random.js';
import type { Batch } from './batch.js';
import { type BatchPlan, type GoalPlan, planBatch } from './batch-plan.js';
import { drawOf } from './goal-draws.js';
import { copyNumbers, readColumn } from './layout.js';
import type { RelabelStrategy } from './relabel.js';
import type { Replay } from './replay.js';
import type { BatchRequest } from './request.js';
import { createReturns } from './returns.js';
import type { Ring } from './ring.js';
import { createRowDrawer, type Focus } from './row-draws.js';
import { meanWeights } from './weights.js';

/** Numbers in a cache line of 64 bytes, as nearly all processors have. */
const FLOATS_PER_LINE = 16;

/** How `goal` is drawn where a batch asks for no goals of its own. */
export interface SamplerOptions extends RelabelStrategy {
  /**
   * Goals that hindsight may use; a transition that would get another one keeps its original goal. Holds regions out of
   * training. The array passed is reused.
   */
  readonly allowGoal?: (goal: Float32Array) => boolean;
  /**
   * Share of relabelled transitions, 0 to 1, that are drawn again while their new goal is met before the action already,
   * up to 20 times; 0 is plain hindsight. Where an object seldom moves, nearly all of hindsight's goals are met from the
   * start and teach nothing but to keep still.
   */
  readonly unmetGoals?: number;
}

/** How often a transition whose goal is met already is drawn again: without a bound, objects that never moved would hang. */
const MAX_REDRAWS = 20;

export interface Sampler {
  /**
   * Fills the batch, uniformly over all stored transitions unless its request says otherwise. The cost does not depend on
   * how many there are.
   */
  sample(random: Random, batch: Batch): void;
  /** How many rows could be drawn for this batch: 0 while there is no (long enough) episode, with a focus none of its value. */
  starts(batch: Batch): number;
  /** Which value of `balance` batches are mostly made of from now on; undefined: all alike. Not saved. */
  focus(on: Focus | undefined): void;
  /** Which value balanced draws go on with, beside the generator all that the next batch depends on. */
  save(): Uint32Array;
  restore(state: ArrayLike<number>): void;
}

/**
 * Each transition is relabelled with probability k / (1 + k), or as its batch asks for. Reward and success are computed
 * anew for the whole batch by the environment's rules: under the original goal they give exactly what was seen live.
 * Without goals they are those stored.
 */
export function createSampler(replay: Replay, rules: GoalRules, options: SamplerOptions): Sampler {
  const { strategy, allowGoal, unmetGoals = 0 } = options;
  const { spec, ring } = replay;
  const { layout, rows, capacity } = ring;
  const { width } = layout;
  const memory = { floats: rows, bytes: ring.bytes };
  const sizes = { achieved: spec.achieved.size, goal: spec.goal.size, info: spec.info.length };
  const places = {
    achieved: layout.column('achieved').offset,
    goal: layout.column('goal').offset,
    info: layout.column('info').offset,
    task: layout.column('task').offset,
  };
  /** Where rules are asked about rows of several tasks, they find each row's own here (families). */
  const taskOfInfo = spec.tasks ? spec.info.indexOf('task') : -1;
  const hasGoals = sizes.goal > 0;
  if (strategy !== 'none' && !hasGoals) {
    throw new UsageError(`relabel ${strategy} needs goals, and ${spec.name} has none; use relabel none.`);
  }
  if (strategy !== 'none' && !rules.goalFrom) {
    throw new UsageError(
      `relabel ${strategy} needs goals made of achievements, but ${spec.name} has no goalFrom(achieved, out); add it to the environment or use relabel none.`,
    );
  }
  if ([spec.achieved, spec.goal].some(({ dtype = 'float32' }) => dtype !== 'float32')) {
    throw new UsageError(`${spec.name}: goals and achievements must be float32, as rules of goals get them.`);
  }
  const plans = new WeakMap<Batch, BatchPlan>();
  const returns = createReturns(spec, ring, rules);
  /** Goals made of what was achieved, for one goal of the batch after the other. */
  let pool = new Float32Array(0);
  let poolGoals = new Float32Array(0);
  const candidate = new Float32Array(sizes.goal);
  /** One row: what a transition begins with, and what another achieved. */
  const before = new Float32Array(sizes.achieved);
  const later = new Float32Array(sizes.achieved);
  const info = new Float32Array(sizes.info);
  const met = new Uint8Array(1);
  const rowDrawer = createRowDrawer(ring);
  /** Keeps the sum of what was only read to have it near, so that the reads are not optimised away. */
  const touched = new Float64Array(1);
  // This row, and the next one up to its achieved goal; pictures are read in long stretches anyway.
  const touchSpan = layout.floats === width ? width + places.goal : layout.floats;

  function planOf(batch: Batch): BatchPlan {
    let plan = plans.get(batch);
    if (!plan) {
      if (unmetGoals > 0 && batch.request.goals) {
        throw new UsageError(
          `replay.unmetGoals is ${unmetGoals}, but the agent draws goals of its own (${Object.keys(batch.request.goals).join(', ')}); set it to 0.`,
        );
      }
      plan = planBatch(spec, ring, rules, batch, drawOf(options));
      plans.set(batch, plan);
    }
    return plan;
  }

  /**
   * Whether the goal made of `goalRow`'s achievement is met at `row`, before its action. What is achieved there goes with
   * the info of the action that led there; at an episode's first row there is none, and its numbers count as 0, but for
   * the task.
   */
  function isMet(row: number, goalRow: number): boolean {
    copyNumbers(before, 0, rows, row * width + places.achieved, sizes.achieved);
    copyNumbers(later, 0, rows, goalRow * width + places.achieved, sizes.achieved);
    if (rows[row * width + layout.elapsed] === 0) {
      info.fill(0);
      if (taskOfInfo >= 0) info[taskOfInfo] = rows[row * width + places.task];
    } else copyNumbers(info, 0, rows, (row === 0 ? capacity - 1 : row - 1) * width + places.info, sizes.info);
    rules.goalFrom?.(later, candidate);
    rules.computeSuccess(before, candidate, info, met);
    return met[0] !== 0;
  }

  /**
   * Reads one number per cache line of what the batch needs. Reads that depend on nothing overlap, so far memory is
   * waited for once per dozen rows here rather than several times per row in the copying loops: twice as fast with a
   * million transitions.
   */
  function touch(rowsAt: Int32Array, size: number, span: number): number {
    let sum = 0;
    for (let i = 0; i < size; i++) {
      const start = rowsAt[i] * width;
      for (let j = 0; j < span; j += FLOATS_PER_LINE) sum += rows[start + j];
      sum += rows[start + span - 1];
    }
    return sum;
  }

  /** A last row has no transition. */
  function skipLast(plan: BatchPlan, random: Random, i: number): void {
    const { at } = plan;
    if (rows[at[i] * width + layout.remaining] === 0) at[i] = rowDrawer.draw(random, plan, i);
  }

  function drawGoals(random: Random, plan: BatchPlan, goal: GoalPlan, size: number, isFirst: boolean): void {
    const { at } = plan;
    const { drawer, towards, relabelled, offset, rows: goalRows } = goal;
    for (let i = 0; i < size; i++) {
      if (isFirst) skipLast(plan, random, i);
      let goalRow = drawer.draw(random, at[i], towards && towards.relabelled[i] !== 0 ? towards.rows[i] : -1);
      if (goalRow >= 0 && unmetGoals > 0 && random.uniform() < unmetGoals) {
        for (let n = 0; n < MAX_REDRAWS && isMet(at[i], goalRow); n++) {
          at[i] = rowDrawer.draw(random, plan, i);
          goalRow = drawer.redraw(random, at[i]);
        }
      }
      relabelled[i] = goalRow >= 0 ? 1 : 0;
      goalRows[i] = goalRow >= 0 ? goalRow : at[i];
      if (offset) offset[i] = drawer.offset(at[i], goalRow);
    }
  }

  function draw(random: Random, plan: BatchPlan, size: number): void {
    const { at, relabelling } = plan;
    const { first, used } = ring;
    rowDrawer.begin(plan, size);
    for (let i = 0; i < size; i++) {
      if (plan.index) at[i] = rowDrawer.draw(random, plan, i);
      else {
        const row = first + random.below(used);
        at[i] = row >= capacity ? row - capacity : row;
      }
    }
    touched[0] = touch(at, size, touchSpan);
    if (relabelling.length === 0) {
      for (let i = 0; i < size; i++) skipLast(plan, random, i);
    }
    for (let g = 0; g < relabelling.length; g++) drawGoals(random, plan, relabelling[g], size, g === 0);
    rowDrawer.end(plan, size);
  }

  function relabel({ goal, relabelled, offset, pictures, rows: goalRows }: GoalPlan, size: number): void {
    for (let i = 0; i < size; i++) {
      // Where nothing is relabelled, some achievement fills the place, so that one batched call makes all the goals.
      copyNumbers(pool, i * sizes.achieved, rows, goalRows[i] * width + places.achieved, sizes.achieved);
    }
    rules.goalFrom?.(pool, poolGoals);
    for (let i = 0; i < size; i++) {
      if (relabelled[i] === 0) continue;
      if (allowGoal) {
        copyNumbers(candidate, 0, poolGoals, i * sizes.goal, sizes.goal);
        relabelled[i] = allowGoal(candidate) ? 1 : 0;
      }
      if (relabelled[i] !== 0) copyNumbers(goal, i * sizes.goal, poolGoals, i * sizes.goal, sizes.goal);
      else if (offset) offset[i] = -1;
    }
    for (let p = 0; p < pictures.length; p++) {
      const { column, out } = pictures[p];
      for (let i = 0; i < size; i++) {
        if (relabelled[i] !== 0) readColumn(memory, goalRows[i] * width, column, out, i * column.size);
      }
    }
  }

  /** Reward and end of single steps. */
  function score({ nextAchieved, info: infos }: BatchPlan, goal: GoalPlan, size: number): void {
    if (!goal.scored || !hasGoals) return;
    rules.computeReward(nextAchieved, goal.goal, infos, goal.reward);
    rules.computeSuccess(nextAchieved, goal.goal, infos, goal.success);
    if (!spec.successEndsEpisode) return;
    for (let i = 0; i < size; i++) if (goal.success[i] !== 0) goal.terminated[i] = 1;
  }

  return {
    sample(random, batch) {
      const { size, request } = batch;
      const plan = planOf(batch);
      if (rowDrawer.starts(plan) === 0) throw nothingToDraw(ring, request);
      if (plan.relabelling.length > 0 && pool.length !== size * sizes.achieved) {
        pool = new Float32Array(size * sizes.achieved);
        poolGoals = new Float32Array(size * sizes.goal);
      }
      draw(random, plan, size);
      for (const { rows: goalRows } of plan.relabelling) touched[0] += touch(goalRows, size, places.goal);
      plan.gather(plan.at, size);
      for (const goal of plan.relabelling) {
        goal.gather(goal.rows, size);
        relabel(goal, size);
      }
      if (request.nStep) {
        returns(plan, size, request.nStep);
        plan.gatherLast?.(plan.lastAt, size);
      } else for (const goal of plan.goals) score(plan, goal, size);
      if (plan.weight) meanWeights(plan.weighed, plan.weight);
    },
    starts: (batch) => rowDrawer.starts(planOf(batch)),
    focus: rowDrawer.focus,
    save: rowDrawer.save,
    restore: rowDrawer.restore,
  };
}

function nothingToDraw({ transitions }: Ring, { window }: BatchRequest): UsageError {
  if (transitions === 0) {
    return new UsageError('the replay holds no whole episode yet; sample after the first endEpisode or addEpisode.');
  }
  if (window !== undefined) {
    return new UsageError(`the replay holds no episode of ${window} steps yet; lower the window.`);
  }
  return new UsageError('the replay holds no whole episode of the value in focus yet; sample after it has one.');
}
