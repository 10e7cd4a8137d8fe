// How errors compound: every elite follows the actions of real episodes by itself, its states and returns against the real ones.
import type { EnvRules } from '../../envs/env.js';
import { hasGoals } from '../../envs/spec.js';
import { nextTurn } from '../../platform/yield.js';
import type { Random } from '../../random.js';
import type { DynamicsModel } from '../dynamics-model.js';
import { readAction, readState } from '../model-spec.js';
import type { BatchStep } from '../model-step.js';
import { predictedRewards } from '../predicted-rewards.js';
import type { Transitions } from '../transitions.js';
import { type Band, rankCorrelation, rootMeanBand } from './figures.js';

export interface HorizonError {
  readonly steps: number;
  /** Root mean square error, over starts, elites and the numbers of the state, in deviations of each number. */
  readonly error: Band;
  /** The same of saying that the state stays as it was. */
  readonly noChange: number;
  readonly starts: number;
}

export interface ReturnError {
  readonly steps: number;
  readonly starts: number;
  /** Means over the starts of discounted returns of so many steps under the same actions. */
  readonly real: number;
  readonly predicted: number;
  /** predicted - real, and root mean square of the differences, in deviations of the real returns; null where those are all equal. */
  readonly bias: number | null;
  readonly error: number | null;
  /** Spearman's; null where either are all equal. */
  readonly rankCorrelation: number | null;
}

export interface Trajectories {
  readonly errors: readonly HorizonError[];
  readonly returns: readonly ReturnError[];
  /** The real transitions that were begun from. */
  readonly starts: readonly number[];
  /** By number of steps: the elites' states then [elites, starts, s]. */
  readonly states: ReadonlyMap<number, Float32Array>;
}

export interface OpenLoopOptions {
  readonly model: Pick<DynamicsModel, 'spec' | 'scales' | 'failures' | 'eliteCount'>;
  readonly rules: Omit<EnvRules, 'dispose'>;
  /** Elite e predicts the e-th block of its rows. */
  readonly step: BatchStep;
  readonly data: Transitions;
  readonly most: number;
  readonly discount: number;
  readonly random: Random;
}

/** Transitions of a block, whose values are drawn together for bands. */
const BLOCK = 50;

/** Horizons that are reported: 1, 2, 5, 10, 20, 50, ... up to `most`. */
export function horizonsTo(most: number): number[] {
  const found: number[] = [];
  for (let power = 1; power <= most; power *= 10)
    for (const factor of [1, 2, 5]) if (factor * power <= most) found.push(factor * power);
  return found.at(-1) === most ? found : [...found, most];
}

/** From as many starts as `step` has rows for each elite. Means are followed, without the noise that members predict. */
export async function openLoop(options: OpenLoopOptions): Promise<Trajectories> {
  const { model, rules, step, data, discount, random } = options;
  const { spec, eliteCount: elites } = model;
  const { layout, sizes } = spec;
  const { state: s, action: a } = sizes;
  const count = step.rows / elites;
  const isOver = endsOf(rules, data, spec);
  const { starts, most } = drawStarts(data, count, options.most, isOver, random);
  const horizons = horizonsTo(most);
  const [task, goal] = [layout.column('task'), layout.column('goal')];
  const rewards = predictedRewards(model, rules, step);
  const real = new Float64Array(count);
  const predicted = new Float64Array(count);
  const alive = new Uint8Array(step.rows).fill(1);
  const states = new Map<number, Float32Array>();
  const errors: HorizonError[] = [];
  const returns: ReturnError[] = [];
  const rewardColumn = layout.column('reward');
  const goals = hasGoals(spec.env);

  for (let row = 0; row < step.rows; row++) {
    const i = starts[row % count];
    readState(spec, data.memory(i), data.row(i), step.state, row * s);
    if (spec.tasks > 1) step.task[row] = data.memory(i)[data.row(i) + task.offset];
    if (goals) rewards.setGoal(row, data.memory(i), data.row(i) + goal.offset);
  }
  step.noise.fill(0);
  for (let k = 1; k <= most; k++) {
    /** Starts whose episode goes on for this step. */
    const going = (n: number) => data.left(starts[n]) >= k;
    for (let row = 0; row < step.rows; row++) {
      const i = starts[row % count];
      // After the end of an episode nothing is known: those rows are computed and not read.
      const from = data.next(i, Math.min(k - 1, data.left(i) - 1));
      readAction(spec, data.memory(i), from, step.action, row * a);
    }
    await step.run();
    rewards.run();
    for (let row = 0; row < step.rows; row++) {
      if (!going(row % count) || alive[row] === 0) continue;
      predicted[row % count] += (discount ** (k - 1) * rewards.reward[row]) / elites;
      if (rewards.over[row] !== 0) alive[row] = 0;
    }
    for (let n = 0; n < count; n++) {
      if (going(n))
        real[n] += discount ** (k - 1) * data.memory(starts[n])[data.next(starts[n], k - 1) + rewardColumn.offset];
    }
    if (horizons.includes(k) && starts.some((_, n) => going(n))) {
      errors.push(horizonError(k, starts, options, step.next));
      const whole = starts.flatMap((i, n) => (data.left(i) >= k || isOver(i) ? [n] : []));
      returns.push(
        returnError(
          k,
          whole.map((n) => real[n]),
          whole.map((n) => predicted[n]),
        ),
      );
      states.set(k, step.next.slice());
    }
    step.state.set(step.next);
    await nextTurn();
  }
  return { errors, returns, starts, states };
}

/** Of states [elites, starts, s] after `steps` steps, for the starts whose episodes go on so long. */
function horizonError(
  steps: number,
  starts: readonly number[],
  { model: { spec, scales, eliteCount: elites }, data, random }: OpenLoopOptions,
  states: Float32Array,
): HorizonError {
  const { state: s } = spec.sizes;
  const scale = scales.subarray(spec.inputs, spec.inputs + s);
  const [before, after] = [new Float32Array(s), new Float32Array(s)];
  const squares: number[] = [];
  const blocks: number[] = [];
  let still = 0;
  for (const [n, i] of starts.entries()) {
    if (data.left(i) < steps) continue;
    readState(spec, data.memory(i), data.row(i), before, 0);
    readState(spec, data.memory(i), data.next(i, steps), after, 0);
    let error = 0;
    for (let j = 0; j < s; j++) {
      still += ((before[j] - after[j]) * scale[j]) ** 2 / s;
      for (let e = 0; e < elites; e++) {
        error += ((states[(e * starts.length + n) * s + j] - after[j]) * scale[j]) ** 2;
      }
    }
    squares.push(error / (elites * s));
    blocks.push(Math.floor(i / BLOCK));
  }
  return {
    steps,
    error: rootMeanBand(squares, blocks, random),
    noChange: Math.sqrt(still / squares.length),
    starts: squares.length,
  };
}

function returnError(steps: number, real: readonly number[], predicted: readonly number[]): ReturnError {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [m, p] = [mean(real), mean(predicted)];
  const deviation = Math.sqrt(mean(real.map((value) => (value - m) ** 2)));
  const rank = rankCorrelation(real, predicted);
  // Sums of equal rewards differ by their rounding.
  const alike = deviation <= 1e-6 * Math.abs(m);
  const inDeviations = (value: number) => (alike ? null : value / deviation);
  return {
    steps,
    starts: real.length,
    real: m,
    predicted: p,
    bias: inDeviations(p - m),
    error: inDeviations(Math.sqrt(mean(real.map((value, n) => (predicted[n] - value) ** 2)))),
    rankCorrelation: alike || !Number.isFinite(rank) ? null : rank,
  };
}

/** Whether the episode of a transition ended for good, not by a time limit and not because it is still under way. */
function endsOf(rules: Omit<EnvRules, 'dispose'>, data: Transitions, { layout, env }: DynamicsModel['spec']) {
  const columns = ['achieved', 'goal', 'info'].map(layout.column);
  const success = new Uint8Array(1);
  return (i: number): boolean => {
    const memory = data.memory(i);
    const last = data.next(i, data.left(i) - 1);
    if (memory[last + layout.failed] !== 0) return true;
    if (!env.successEndsEpisode) return false;
    const after = data.next(i, data.left(i));
    const [achieved, goal, info] = columns.map(({ name, offset, size }) => {
      const row = name === 'achieved' ? after : last;
      return memory.slice(row + offset, row + offset + size);
    });
    rules.computeSuccess(achieved, goal, info, success);
    return success[0] !== 0;
  };
}

/** Transitions whose next `most` steps are known: so many follow in the episode, or it ended for good. Fewer steps where there are none. */
function drawStarts(
  data: Transitions,
  count: number,
  most: number,
  isOver: (i: number) => boolean,
  random: Random,
): { readonly starts: number[]; readonly most: number } {
  let longest = 1;
  const known: number[] = [];
  for (let i = 0; i < data.count; i++) {
    longest = Math.max(longest, data.left(i));
    if (data.left(i) >= most || isOver(i)) known.push(i);
  }
  if (longest < most) return drawStarts(data, count, longest, isOver, random);
  return { starts: Array.from({ length: count }, () => known[random.below(known.length)]), most };
}
