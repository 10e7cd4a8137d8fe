// Everything that is measured of a fitted model: single steps, open loop, returns, values, older data, and what it costs.

import type { ModelConfig } from '../../config/model-config.js';
import type { EnvRules } from '../../envs/env.js';
import type { Random } from '../../random.js';
import type { Runtime } from '../../runtime/runtime.js';
import type { DynamicsModel } from '../dynamics-model.js';
import { scheduled } from '../horizon.js';
import { readState } from '../model-spec.js';
import { type BatchStep, createBatchStep } from '../model-step.js';
import { divide, type Transitions } from '../transitions.js';
import { createElitePredictions } from './elite-predictions.js';
import { type OneStep, oneStep } from './one-step.js';
import { type HorizonError, openLoop, type ReturnError, type Trajectories } from './open-loop.js';

export interface AgeError {
  /** Environment steps before the newest transition. */
  readonly from: number;
  readonly to: number;
  readonly transitions: number;
  /** As `OneStep.ratio`, on what was held out of the fit. */
  readonly ratio: number;
}

export interface ValueGap {
  readonly steps: number;
  /** Mean of the critics' values of the states that were reached, and of those imagined after the same actions. */
  readonly real: number;
  readonly synthetic: number;
}

/** Seconds for each real step, with the settings of the run, on one thread. */
export interface Cost {
  readonly realStep: number;
  readonly fit: number;
  /** Of imagined steps or, where the agent plans, of planning. */
  readonly imagination: number;
  /** Of one predicted step of a thousand states. */
  readonly thousandStates: number;
}

export interface Measurements {
  readonly oneStep: OneStep;
  readonly errors: readonly HorizonError[];
  readonly returns: readonly ReturnError[];
  /** Null where the agent estimates no values, or there is none. */
  readonly values: readonly ValueGap[] | null;
  /** Oldest first; null where data are of no age. */
  readonly ages: readonly AgeError[] | null;
}

export interface MeasureOptions {
  readonly model: DynamicsModel;
  readonly rules: Omit<EnvRules, 'dispose'>;
  readonly config: ModelConfig;
  readonly runtime: Runtime;
  readonly random: Random;
  /** Transitions that the model was not fitted to, of the policy that it is to serve. */
  readonly test: Transitions;
  /** What it was fitted to, in the order of time; absent: it is of no age. */
  readonly history?: Transitions;
  /** Most steps of open loops, and starts of them. */
  readonly most: number;
  readonly starts: number;
  readonly discount: number;
  /** V of states [rows, s], each with the rest of what the policy sees from the start of this number; absent: there is none. */
  readonly values?: (states: Float32Array, starts: readonly number[]) => Promise<Float32Array>;
}

/** Parts that the history is looked at in. */
const AGES = 5;
/** Held-out transitions of a part below which it is not told. */
const FEW = 10;
const AT_ONCE = 500;

export async function measure(options: MeasureOptions): Promise<Measurements> {
  const { model, rules, runtime, test } = options;
  const predictions = await createElitePredictions(model, runtime, AT_ONCE);
  const step = await createBatchStep(model, runtime, options.starts * model.eliteCount);
  try {
    const all = Uint32Array.from({ length: test.count }, (_, i) => i);
    const trajectories = await openLoop({ ...options, step, data: test });
    return {
      oneStep: await oneStep(model, predictions, test, all, rules.computeFailed),
      errors: trajectories.errors,
      returns: trajectories.returns,
      values: options.values ? await valueGaps(options, options.values, trajectories) : null,
      ages: options.history ? await ages(options, options.history) : null,
    };
  } finally {
    await step.dispose();
    await predictions.dispose();
  }

  async function ages({ config }: MeasureOptions, history: Transitions): Promise<AgeError[]> {
    const { heldOut } = await divide(model.spec, history, config.holdOut);
    const found: AgeError[] = [];
    for (let part = 0; part < AGES; part++) {
      const [begin, end] = [part, part + 1].map((p) => Math.round((p * history.count) / AGES));
      const own = heldOut.filter((i) => i >= begin && i < end);
      if (own.length < FEW) continue;
      const { ratio } = await oneStep(model, predictions, history, own);
      found.push({ from: history.count - begin, to: history.count - end, transitions: own.length, ratio });
    }
    return found;
  }
}

async function valueGaps(
  { model, test }: MeasureOptions,
  valuesOf: NonNullable<MeasureOptions['values']>,
  { starts, states }: Trajectories,
): Promise<ValueGap[]> {
  const { spec, eliteCount: elites } = model;
  const { state: s } = spec.sizes;
  const gaps: ValueGap[] = [];
  for (const [steps, imagined] of states) {
    const real = imagined.slice();
    for (const [n, i] of starts.entries()) {
      if (test.left(i) < steps) continue;
      for (let e = 0; e < elites; e++)
        readState(spec, test.memory(i), test.next(i, steps), real, (e * starts.length + n) * s);
    }
    const rows = Array.from({ length: elites * starts.length }, (_, row) => starts[row % starts.length]);
    const [there, thought] = [await valuesOf(real, rows), await valuesOf(imagined, rows)];
    let count = 0;
    let [sum, other] = [0, 0];
    for (const [row, i] of rows.entries()) {
      if (test.left(i) < steps) continue;
      count++;
      sum += there[row];
      other += thought[row];
    }
    gaps.push({ steps, real: sum / count, synthetic: other / count });
  }
  return gaps;
}

/** What the model costs with a run's settings, beside a real step; fits the model once more, as it would be next. */
export async function measureCost(
  { model, config, runtime }: Pick<MeasureOptions, 'model' | 'config' | 'runtime'>,
  history: Transitions,
  realStep: number,
  steps: number,
  planning?: number,
): Promise<Cost> {
  const step = await createBatchStep(model, runtime, 1000);
  const thousand = ((await quickest(step)) * 1000) / step.rows;
  await step.dispose();
  const horizon = config.horizon === 'auto' ? config.autoMost : scheduled(config.horizon, steps);
  const began = performance.now();
  await model.fit(history);
  const fit = (performance.now() - began) / 1000;
  return {
    realStep,
    fit: fit / config.every,
    imagination: planning ?? (((config.rollouts * horizon) / 1000) * thousand) / config.every,
    thousandStates: thousand,
  };
}

/** Seconds of one run, the least of some. */
async function quickest(step: BatchStep): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    await step.run();
    least = Math.min(least, performance.now() - began);
  }
  return least / 1000;
}
