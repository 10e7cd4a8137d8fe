// Running mean and standard deviation of what networks see, taken from what is stored.
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
  /** Takes in the stored episodes from number `from` on, of a replay that is not `absorb`'s. */
  absorbFrom(replay: Replay, rules: GoalRules, from: number): void;
  /** Takes in one state of a task that is not stored: every input at its place of an array, in the order of the inputs. */
  take(from: ArrayLike<number>, places: readonly number[], task?: number): void;
  /**
   * Writes of every input, in order, [mean, 1/std]; with several tasks [means of each task, 1/std of each task], where a task
   * of which nothing was taken in has the statistics of all the others together.
   */
  write(out: Float32Array): void;
  /** States taken in so far. */
  readonly count: number;
  save(): Uint8Array;
  /** `newReplay`: the statistics go on with another replay, whose episodes are all new to them. */
  restore(bytes: Uint8Array, options?: { readonly newReplay?: boolean }): void;
}

export interface NormalizerOptions {
  /** Smaller deviations count as this one, so that (nearly) constant numbers are not blown up. HER's own code has 0.01. */
  readonly minStd?: number;
  /** How many tasks have statistics of their own, by the column `task`; default 1: all rows count alike. */
  readonly tasks?: number;
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
function write(
  { count, mean, squares }: Statistic,
  out: Float32Array,
  at: number,
  scaleAt: number,
  minStd: number,
): void {
  const size = mean.length;
  for (let j = 0; j < size; j++) {
    out[at + j] = mean[j];
    out[scaleAt + j] = count === 0 ? 1 : 1 / Math.max(Math.sqrt(squares[j] / count), minStd);
  }
}

/**
 * `sizes`: numbers of each input that is normalised, by the name of its column; `goal` also counts achieved goals, columns
 * of transitions count where there is one.
 */
export function createNormalizer(sizes: Readonly<Record<string, number>>, options: NormalizerOptions = {}): Normalizer {
  const { minStd = 0.01, tasks = 1 } = options;
  const names = Object.keys(sizes);
  const create = () => names.map((name) => createStatistic(sizes[name]));
  /** Of everything, by input. */
  const statistics = create();
  /** By task and input; none where there is one task. */
  const byTask = Array.from({ length: tasks > 1 ? tasks : 0 }, create);
  const all = [...statistics, ...byTask.flat()];
  const goalIndex = names.indexOf('goal');
  const madeGoal = new Float32Array(sizes.goal ?? 0);
  let nextSerial = 0;

  function takeInput(i: number, from: ArrayLike<number>, at: number, task: number): void {
    take(statistics[i], from, at);
    if (byTask.length > 0) take(byTask[task][i], from, at);
  }

  function takeEpisodes({ ring }: Replay, rules: GoalRules, from: number): void {
    const { layout, rows, capacity } = ring;
    const columns = names.map((name) => layout.column(name));
    const task = layout.column('task');
    const achieved = rules.goalFrom && goalIndex >= 0 ? layout.column('achieved') : undefined;
    const made = new Float32Array(achieved?.size ?? 0);
    let row = ring.rowOf(from);
    for (let serial = from; serial < ring.nextSerial; ) {
      const at = row * layout.width;
      const own = task.size > 0 ? rows[at + task.offset] : 0;
      const isLast = rows[at + layout.remaining] === 0;
      for (let i = 0; i < columns.length; i++) {
        if (!isLast || columns[i].per !== 'transition') takeInput(i, rows, at + columns[i].offset, own);
      }
      if (achieved) {
        copyNumbers(made, 0, rows, at + achieved.offset, achieved.size);
        rules.goalFrom?.(made, madeGoal);
        takeInput(goalIndex, madeGoal, 0, own);
      }
      if (isLast) serial++;
      row = row + 1 === capacity ? 0 : row + 1;
    }
  }

  return {
    absorb(replay, rules) {
      const { ring } = replay;
      takeEpisodes(replay, rules, Math.max(nextSerial, ring.nextSerial - ring.episodes));
      nextSerial = ring.nextSerial;
    },
    absorbFrom: takeEpisodes,
    take(from, places, task = 0) {
      for (let i = 0; i < places.length; i++) takeInput(i, from, places[i], task);
    },
    write(out) {
      let at = 0;
      for (let i = 0; i < statistics.length; i++) {
        const size = statistics[i].mean.length;
        for (let task = 0; task < tasks; task++) {
          const own = byTask[task]?.[i];
          const known = own && own.count > 0 ? own : statistics[i];
          write(known, out, at + task * size, at + (tasks + task) * size, minStd);
        }
        at += 2 * tasks * size;
      }
    },
    get count() {
      return statistics[0]?.count ?? 0;
    },
    save() {
      const numbers = [...names.map((name) => sizes[name]), nextSerial];
      for (const { count, mean, squares } of all) numbers.push(count, ...mean, ...squares);
      return pack('normalizer', numbers, '', []);
    },
    restore(bytes, { newReplay = false } = {}) {
      const { numbers } = unpack('normalizer', bytes);
      if (names.some((name, i) => numbers[i] !== sizes[name])) {
        const theirs = names.map((name, i) => `${numbers[i]} ${name}`).join(' and ');
        throw new RunError(
          `saved normaliser: it is for ${theirs} numbers, needed are ${names.map((name) => sizes[name]).join(' and ')}.`,
        );
      }
      nextSerial = newReplay ? 0 : numbers[names.length];
      let at = names.length + 1;
      for (const statistic of all) {
        const size = statistic.mean.length;
        statistic.count = numbers[at];
        statistic.mean.set(numbers.subarray(at + 1, at + 1 + size));
        statistic.squares.set(numbers.subarray(at + 1 + size, at + 1 + 2 * size));
        at += 1 + 2 * size;
      }
    },
  };
}
