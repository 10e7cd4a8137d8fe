// Draws batches of transitions and relabels a share of them with goals that were achieved (hindsight experience replay).
import { actionSize, type EnvSpec, type GoalRules } from '../envs/env.js';
import { UsageError } from '../errors.js';
import type { Random } from '../random.js';
import { copyNumbers } from './layout.js';
import type { RelabelStrategy } from './relabel.js';
import type { Replay } from './replay.js';

/** Numbers in a cache line of 64 bytes, as nearly all processors have. */
const FLOATS_PER_LINE = 16;

/** Transitions as learners take them: row-major [size, ...], written in place. */
export interface Batch {
  readonly size: number;
  readonly observation: Float32Array;
  readonly achieved: Float32Array;
  /** The desired goal, original or relabelled. */
  readonly goal: Float32Array;
  readonly action: Float32Array;
  readonly info: Float32Array;
  readonly nextObservation: Float32Array;
  readonly nextAchieved: Float32Array;
  /** Under `goal`, as `terminated` and `success` are. */
  readonly reward: Float32Array;
  /** 1 where bootstrapping stops: failed, or success where success ends episodes. A time limit never does. */
  readonly terminated: Float32Array;
  readonly success: Uint8Array;
  /** 1 where `goal` comes from hindsight. */
  readonly relabelled: Uint8Array;
}

export function createBatch(spec: EnvSpec, size: number): Batch {
  const floats = (width: number) => new Float32Array(size * width);
  return {
    size,
    observation: floats(spec.observation.size),
    achieved: floats(spec.achieved.size),
    goal: floats(spec.goal.size),
    action: floats(actionSize(spec.action)),
    info: floats(spec.info.length),
    nextObservation: floats(spec.observation.size),
    nextAchieved: floats(spec.achieved.size),
    reward: floats(1),
    terminated: floats(1),
    success: new Uint8Array(size),
    relabelled: new Uint8Array(size),
  };
}

export interface SamplerOptions extends RelabelStrategy {
  /** Return n of n-step returns; only 1. */
  readonly nStep?: number;
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
  /** Fills the batch, uniformly over all stored transitions. The cost does not depend on how many there are. */
  sample(random: Random, batch: Batch): void;
}

/**
 * Each transition is relabelled with probability k / (1 + k). Reward and success are computed anew for the whole batch
 * by the environment's rules: under the original goal they give exactly what was seen live.
 */
export function createSampler(replay: Replay, rules: GoalRules, options: SamplerOptions): Sampler {
  const { strategy, k, allowGoal, nStep = 1, unmetGoals = 0 } = options;
  const { spec, ring } = replay;
  const { layout, rows, capacity } = ring;
  const { width, sizes } = layout;
  if (nStep !== 1) {
    throw new UsageError(
      `nStep is ${nStep}; only 1 is supported: a return over several steps would have to be recomputed under the new goal and cut where it is reached.`,
    );
  }
  if (strategy !== 'none' && !rules.goalFrom) {
    throw new UsageError(
      `relabel ${strategy} needs goals made of achievements, but ${spec.name} has no goalFrom(achieved, out); add it to the environment or use relabel none.`,
    );
  }
  const share = strategy === 'none' ? 0 : k / (1 + k);
  let at = new Int32Array(0);
  /** Row whose achieved goal becomes the goal; the transition's own where it keeps its goal. */
  let goalAt = new Int32Array(0);
  let pool = new Float32Array(0);
  let poolGoals = new Float32Array(0);
  const candidate = new Float32Array(sizes.goal);
  /** One row: what a transition begins with, and what another achieved. */
  const before = new Float32Array(sizes.achieved);
  const later = new Float32Array(sizes.achieved);
  const info = new Float32Array(sizes.info);
  const met = new Uint8Array(1);
  /** Keeps the sum of what was only read to have it near, so that the reads are not optimised away. */
  const touched = new Float64Array(1);

  function resize(size: number): void {
    at = new Int32Array(size);
    goalAt = new Int32Array(size);
    pool = new Float32Array(size * sizes.achieved);
    poolGoals = new Float32Array(size * sizes.goal);
  }

  /** A stored row, uniformly among those whose `column` is not 0: `remaining` leaves out last rows, `elapsed` first ones. */
  function drawRow(random: Random, first: number, used: number, column: number): number {
    for (;;) {
      let row = first + random.below(used);
      if (row >= capacity) row -= capacity;
      if (rows[row * width + column] !== 0) return row;
    }
  }

  function drawGoalRow(random: Random, row: number, first: number, used: number): number {
    const remaining = rows[row * width + layout.remaining];
    let ahead = remaining;
    if (strategy === 'future') ahead = 1 + random.below(remaining);
    else if (strategy === 'episode') {
      const elapsed = rows[row * width + layout.elapsed];
      ahead = 1 + random.below(elapsed + remaining) - elapsed;
    } else if (strategy === 'random') return drawRow(random, first, used, layout.elapsed);
    const goalRow = row + ahead;
    return goalRow >= capacity ? goalRow - capacity : goalRow < 0 ? goalRow + capacity : goalRow;
  }

  /** Whether the goal made of `goalRow`'s achievement is met at `row`, before its action. */
  function isMet(row: number, goalRow: number): boolean {
    copyNumbers(before, 0, rows, row * width + layout.achieved, sizes.achieved);
    copyNumbers(later, 0, rows, goalRow * width + layout.achieved, sizes.achieved);
    copyNumbers(info, 0, rows, row * width + layout.info, sizes.info);
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

  function draw(random: Random, { size, relabelled }: Batch): void {
    const { first, used } = ring;
    for (let i = 0; i < size; i++) {
      const row = first + random.below(used);
      at[i] = row >= capacity ? row - capacity : row;
    }
    touched[0] = touch(at, size, width + layout.goal); // this row, and the next one up to its achieved goal
    for (let i = 0; i < size; i++) {
      if (rows[at[i] * width + layout.remaining] === 0) at[i] = drawRow(random, first, used, layout.remaining);
      const hindsight = share > 0 && random.uniform() < share;
      relabelled[i] = hindsight ? 1 : 0;
      goalAt[i] = hindsight ? drawGoalRow(random, at[i], first, used) : at[i];
      if (!hindsight || unmetGoals === 0 || random.uniform() >= unmetGoals) continue;
      for (let n = 0; n < MAX_REDRAWS && isMet(at[i], goalAt[i]); n++) {
        at[i] = drawRow(random, first, used, layout.remaining);
        goalAt[i] = drawGoalRow(random, at[i], first, used);
      }
    }
    if (share > 0) touched[0] += touch(goalAt, size, layout.goal);
  }

  function gather(batch: Batch): void {
    const { observation, achieved, goal, action, info, nextObservation, nextAchieved } = batch;
    for (let i = 0; i < batch.size; i++) {
      const row = at[i] * width;
      const next = at[i] + 1 === capacity ? 0 : row + width;
      copyNumbers(observation, i * sizes.observation, rows, row + layout.observation, sizes.observation);
      copyNumbers(achieved, i * sizes.achieved, rows, row + layout.achieved, sizes.achieved);
      copyNumbers(goal, i * sizes.goal, rows, row + layout.goal, sizes.goal);
      copyNumbers(action, i * sizes.action, rows, row + layout.action, sizes.action);
      copyNumbers(info, i * sizes.info, rows, row + layout.info, sizes.info);
      copyNumbers(nextObservation, i * sizes.observation, rows, next + layout.observation, sizes.observation);
      copyNumbers(nextAchieved, i * sizes.achieved, rows, next + layout.achieved, sizes.achieved);
      batch.terminated[i] = rows[row + layout.failed];
    }
  }

  function relabel(batch: Batch): void {
    const { goal, relabelled } = batch;
    for (let i = 0; i < batch.size; i++) {
      // Where nothing is relabelled, some achievement fills the place, so that one batched call makes all the goals.
      copyNumbers(pool, i * sizes.achieved, rows, goalAt[i] * width + layout.achieved, sizes.achieved);
    }
    rules.goalFrom?.(pool, poolGoals);
    for (let i = 0; i < batch.size; i++) {
      if (relabelled[i] === 0) continue;
      if (allowGoal) {
        copyNumbers(candidate, 0, poolGoals, i * sizes.goal, sizes.goal);
        relabelled[i] = allowGoal(candidate) ? 1 : 0;
      }
      if (relabelled[i] !== 0) copyNumbers(goal, i * sizes.goal, poolGoals, i * sizes.goal, sizes.goal);
    }
  }

  return {
    sample(random, batch) {
      if (ring.transitions === 0) {
        throw new UsageError('the replay holds no whole episode yet; sample after the first endEpisode or addEpisode.');
      }
      if (at.length !== batch.size) resize(batch.size);
      draw(random, batch);
      gather(batch);
      if (share > 0) relabel(batch);
      rules.computeReward(batch.nextAchieved, batch.goal, batch.info, batch.reward);
      rules.computeSuccess(batch.nextAchieved, batch.goal, batch.info, batch.success);
      if (!spec.successEndsEpisode) return;
      for (let i = 0; i < batch.size; i++) if (batch.success[i] !== 0) batch.terminated[i] = 1;
    },
  };
}
