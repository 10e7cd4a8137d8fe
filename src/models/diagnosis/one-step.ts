// How well a model predicts single transitions that it was not fitted to: by number, against "no change", and calibrated or not.
import type { EnvRules } from '../../envs/env.js';
import { nextTurn } from '../../platform/yield.js';
import type { DynamicsModel } from '../dynamics-model.js';
import { type ModelSpec, placeOf, readAction, readState, readTargets } from '../model-spec.js';
import type { Transitions } from '../transitions.js';
import type { ElitePredictions } from './elite-predictions.js';
import { normalCdf } from './figures.js';

/** Shares of outcomes that central intervals of the prediction should hold. */
export const LEVELS = [0.1, 0.3, 0.5, 0.7, 0.9] as const;

/** A change below this share of its own deviation is none. */
const RESTING = 0.01;

export interface Dimension {
  /** Such as `observation[2]`, `achieved x`, `reward`. */
  readonly name: string;
  /** Root mean square error of the elites' mean, and of saying that nothing changes (of rewards: their mean), in its own unit. */
  readonly error: number;
  readonly noChange: number;
  /** error / noChange; null where nothing changed. */
  readonly ratio: number | null;
  /** Share of the transitions in which it stayed as it was, as of an object that is seldom touched; 0 for results. */
  readonly resting: number;
  /** The ratio over the others. */
  readonly movingRatio: number | null;
  /** Deviations that the elites predict (noise of the world), and between their means (what data have not told); root mean squares. */
  readonly aleatoric: number | null;
  readonly epistemic: number;
  /** Share of outcomes within the central interval of 90%; null without variances, and for whole numbers. */
  readonly coverage90: number | null;
}

export interface OneStep {
  readonly transitions: number;
  readonly dimensions: readonly Dimension[];
  /** Root mean square over the numbers that change of error / noChange. */
  readonly ratio: number;
  /** The same of the predicted noise alone: what no model of this kind can remove. */
  readonly noiseRatio: number | null;
  /** By level: mean over the numbers of the share of outcomes that lie within; null without variances. */
  readonly coverage: readonly { readonly level: number; readonly share: number }[] | null;
  /** Ends: happened, predicted, and both. */
  readonly ends: { readonly real: number; readonly predicted: number; readonly hits: number };
}

/** What the members predict, in the order of the outputs: `{ column, names of its numbers }`. */
export function outputNames({ env, states, results }: ModelSpec): string[] {
  const boxes: Readonly<Record<string, { readonly names?: readonly string[] } | undefined>> = {
    ...env.parts,
    observation: env.observation,
    achieved: env.achieved,
    info: { names: env.info },
  };
  return [...states, ...results].flatMap(({ name, size }) => {
    const names = boxes[name]?.names;
    if (size === 1 && !names) return [name];
    return Array.from({ length: size }, (_, j) => (names?.[j] ? `${name} ${names[j]}` : `${name}[${j}]`));
  });
}

/** Over the transitions with these numbers. Ends are predicted by the rules where they declare them, else by the members' majority. */
export async function oneStep(
  { spec, scales }: Pick<DynamicsModel, 'spec' | 'scales'>,
  predictions: ElitePredictions,
  data: Transitions,
  numbers: ArrayLike<number>,
  computeFailed?: EnvRules['computeFailed'],
): Promise<OneStep> {
  const { inputs, outputs, sizes, layout, low, high } = spec;
  const { state: s, action: a } = sizes;
  const { rows, elites, means, deviations, failure } = predictions;
  const mean = scales.subarray(2 * inputs, 2 * inputs + outputs);
  const deviation = scales.subarray(2 * inputs + outputs, 2 * inputs + 2 * outputs);
  const whole = scales.subarray(2 * inputs + 2 * outputs);
  const task = layout.column('task');
  const sums = Array.from({ length: outputs }, () => ({
    error: 0,
    none: 0,
    moving: 0,
    movingError: 0,
    movingNone: 0,
    aleatoric: 0,
    epistemic: 0,
    within: new Float64Array(LEVELS.length),
  }));
  const ends = { real: 0, predicted: 0, hits: 0 };
  const seen = placeOf(spec, 'observation');
  const predictedState = new Float32Array(s);
  const failed = new Uint8Array(1);
  const truth = new Float32Array(outputs);

  /** Adds what is said in row `n` to the sums. */
  function judge(i: number, n: number): void {
    readTargets(spec, data.memory(i), data.row(i), data.next(i), truth, 0);
    for (let j = 0; j < outputs; j++) {
      const sum = sums[j];
      const state = j < s;
      let middle = 0;
      let spread = 0;
      let noise = 0;
      let below = 0;
      for (let e = 0; e < elites; e++) {
        const at = (e * rows + n) * outputs + j;
        const m = means[at] * deviation[j] + mean[j];
        middle += m / elites;
        spread += m ** 2 / elites;
        if (!deviations) continue;
        const sigma = deviations[at] * deviation[j];
        noise += sigma ** 2 / elites;
        below += normalCdf((truth[j] - m) / sigma) / elites;
      }
      let said = middle;
      if (state) {
        const from = predictions.state[n * s + j];
        if (whole[j] !== 0) said = Math.floor(from + said + 0.5) - from;
        predictedState[j] = Math.min(Math.max(from + said, low[j]), high[j]);
        said = predictedState[j] - from;
      }
      const error = (truth[j] - said) ** 2;
      const none = (state ? truth[j] : truth[j] - mean[j]) ** 2;
      sum.error += error;
      sum.none += none;
      if (!state || Math.abs(truth[j]) > RESTING * deviation[j]) {
        sum.moving++;
        sum.movingError += error;
        sum.movingNone += none;
      }
      sum.aleatoric += noise;
      sum.epistemic += Math.max(0, spread - middle ** 2);
      for (const [l, level] of LEVELS.entries()) if (Math.abs(below - 0.5) <= level / 2) sum.within[l]++;
    }
    const real = data.memory(i)[data.row(i) + layout.failed] !== 0;
    let votes = 0;
    for (let e = 0; e < elites; e++) if (failure[e * rows + n] > 0) votes++;
    computeFailed?.(predictedState.subarray(seen, seen + layout.column('observation').size), failed);
    const predicted = computeFailed ? failed[0] !== 0 : votes > elites / 2;
    if (real) ends.real++;
    if (predicted) ends.predicted++;
    if (real && predicted) ends.hits++;
  }

  for (let first = 0; first < numbers.length; first += rows) {
    const some = Math.min(rows, numbers.length - first);
    for (let n = 0; n < some; n++) {
      const i = numbers[first + n];
      const [memory, row] = [data.memory(i), data.row(i)];
      readState(spec, memory, row, predictions.state, n * s);
      readAction(spec, memory, row, predictions.action, n * a);
      if (spec.tasks > 1) predictions.task[n] = memory[row + task.offset];
    }
    await predictions.run();
    for (let n = 0; n < some; n++) judge(numbers[first + n], n);
    await nextTurn();
  }

  const count = numbers.length;
  const names = outputNames(spec);
  const root = (sum: number, of = count) => Math.sqrt(sum / of);
  const dimensions = sums.map((sum, j): Dimension => {
    const calibrated = deviations && deviation[j] > 0 && !(j < s && whole[j] !== 0);
    return {
      name: names[j],
      error: root(sum.error),
      noChange: root(sum.none),
      ratio: sum.none > 0 ? Math.sqrt(sum.error / sum.none) : null,
      resting: 1 - sum.moving / count,
      movingRatio: sum.movingNone > 0 ? Math.sqrt(sum.movingError / sum.movingNone) : null,
      aleatoric: deviations ? root(sum.aleatoric) : null,
      epistemic: root(sum.epistemic),
      coverage90: calibrated ? sum.within[LEVELS.indexOf(0.9)] / count : null,
    };
  });
  const changing = dimensions.filter(({ ratio }) => ratio !== null);
  const over = (of: (dimension: Dimension) => number) =>
    Math.sqrt(changing.reduce((sum, dimension) => sum + of(dimension) ** 2, 0) / changing.length);
  const known = sums.filter((_, j) => dimensions[j].coverage90 !== null);
  return {
    transitions: count,
    dimensions,
    ratio: over(({ ratio }) => ratio ?? 0),
    noiseRatio: deviations ? over(({ aleatoric, noChange }) => (aleatoric ?? 0) / noChange) : null,
    coverage:
      known.length > 0
        ? LEVELS.map((level, l) => ({
            level,
            share: known.reduce((sum, { within }) => sum + within[l] / count, 0) / known.length,
          }))
        : null,
    ends,
  };
}
