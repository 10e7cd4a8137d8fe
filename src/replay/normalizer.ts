// Running mean and standard deviation of observations and goals, taken from what is stored.
import type { GoalRules } from '../envs/env.js';
import { RunError } from '../errors.js';
import { pack, unpack } from './container.js';
import { copyNumbers } from './layout.js';
import type { Replay } from './replay.js';

/**
 * Statistics change only in `absorb` and `take`; between two calls, and in evaluation, they are frozen. Desired and
 * achieved goals share one statistic, for hindsight turns the one into the other.
 */
export interface Normalizer {
  /** Takes in the episodes stored since the last call (those still there). The cost depends on how many these are. */
  absorb(replay: Replay, rules: GoalRules): void;
  /** Takes in one moment that is not stored: the observation and the desired goal at these places of an array. */
  take(from: ArrayLike<number>, observationAt: number, goalAt: number): void;
  /** Writes [mean of observation, 1/std of observation, mean of goal, 1/std of goal]: 2 (o + g) numbers. */
  write(out: Float32Array): void;
  /** Rows of observations taken in so far. */
  readonly count: number;
  save(): Uint8Array;
  /** `newReplay`: the statistics go on with another replay, whose episodes are all new to them. */
  restore(bytes: Uint8Array, options?: { readonly newReplay?: boolean }): void;
}

export interface NormalizerOptions {
  /** Smaller deviations count as this one, so that (nearly) constant numbers are not blown up. HER's own code has 0.01. */
  readonly minStd?: number;
}

interface Statistic {
  count: number;
  readonly mean: Float64Array;
  /** Sums of squared deviations from the mean. */
  readonly squares: Float64Array;
}

const createStatistic = (size: number): Statistic => ({
  count: 0,
  mean: new Float64Array(size),
  squares: new Float64Array(size),
});

/** Welford (1962): exact where sums of squares would cancel. */
function take(statistic: Statistic, from: ArrayLike<number>, at: number): void {
  const { mean, squares } = statistic;
  const weight = 1 / ++statistic.count;
  for (let j = 0; j < mean.length; j++) {
    const deviation = from[at + j] - mean[j];
    mean[j] += deviation * weight;
    squares[j] += deviation * (from[at + j] - mean[j]);
  }
}

/** Before anything is taken in: mean 0, deviation 1. */
function write({ count, mean, squares }: Statistic, out: Float32Array, at: number, minStd: number): void {
  const size = mean.length;
  for (let j = 0; j < size; j++) {
    out[at + j] = mean[j];
    out[at + size + j] = count === 0 ? 1 : 1 / Math.max(Math.sqrt(squares[j] / count), minStd);
  }
}

export function createNormalizer(
  sizes: { readonly observation: number; readonly goal: number },
  options: NormalizerOptions = {},
): Normalizer {
  const { minStd = 0.01 } = options;
  const observation = createStatistic(sizes.observation);
  const goal = createStatistic(sizes.goal);
  const madeGoal = new Float32Array(sizes.goal);
  let nextSerial = 0;

  return {
    absorb({ ring }, rules) {
      const { layout, rows, capacity } = ring;
      const places = { observation: layout.column('observation').offset, goal: layout.column('goal').offset };
      const { offset: achievedAt, size } = layout.column('achieved');
      const achieved = new Float32Array(size);
      const from = Math.max(nextSerial, ring.nextSerial - ring.episodes);
      let row = ring.rowOf(from);
      for (let serial = from; serial < ring.nextSerial; ) {
        const at = row * layout.width;
        take(observation, rows, at + places.observation);
        take(goal, rows, at + places.goal);
        if (rules.goalFrom) {
          copyNumbers(achieved, 0, rows, at + achievedAt, size);
          rules.goalFrom(achieved, madeGoal);
          take(goal, madeGoal, 0);
        }
        if (rows[at + layout.remaining] === 0) serial++;
        row = row + 1 === capacity ? 0 : row + 1;
      }
      nextSerial = ring.nextSerial;
    },
    take(from, observationAt, goalAt) {
      take(observation, from, observationAt);
      take(goal, from, goalAt);
    },
    write(out) {
      write(observation, out, 0, minStd);
      write(goal, out, 2 * sizes.observation, minStd);
    },
    get count() {
      return observation.count;
    },
    save() {
      const numbers = [sizes.observation, sizes.goal, nextSerial];
      for (const { count, mean, squares } of [observation, goal]) numbers.push(count, ...mean, ...squares);
      return pack('normalizer', numbers, '', []);
    },
    restore(bytes, { newReplay = false } = {}) {
      const { numbers } = unpack('normalizer', bytes);
      if (numbers[0] !== sizes.observation || numbers[1] !== sizes.goal) {
        throw new RunError(
          `saved normaliser: it is for ${numbers[0]} observation and ${numbers[1]} goal numbers, needed are ${sizes.observation} and ${sizes.goal}.`,
        );
      }
      nextSerial = newReplay ? 0 : numbers[2];
      let at = 3;
      for (const statistic of [observation, goal]) {
        const size = statistic.mean.length;
        statistic.count = numbers[at];
        statistic.mean.set(numbers.subarray(at + 1, at + 1 + size));
        statistic.squares.set(numbers.subarray(at + 1 + size, at + 1 + 2 * size));
        at += 1 + 2 * size;
      }
    },
  };
}
