// A probabilistic ensemble of dynamics models (Chua et al. 2018, arXiv 1805.12114; Janner et al. 2019, arXiv 1906.08253).
import type { Learnable } from '../agents/agent.js';
import { adamStep, gradients, moments, updateStep } from '../agents/update-step.js';
import type { ModelConfig } from '../config/model-config.js';
import { type Layout, layout, views } from '../nets/index.js';
import type { Random } from '../random.js';
import { concat, type Graph, type Program, program, type Tensor } from '../tensor/index.js';
import type { ModelSpec } from './model-spec.js';

/** Weight of the spread of the bounds of log variances in the loss: they are to lie close around them. */
const BOUNDS_WEIGHT = 0.01;
/** Where they begin, for targets of variance 1. */
const HIGHEST = 0.5;
const LOWEST = -10;

/** What never changes has deviation 0, and nothing is divided by less than this. */
const LEAST = 1e-6;

/** Of the logit of an end that is never predicted. */
const NEVER = -1e6;

/** What members say of [M, B] transitions: normalised outputs [M, B, o], and how likely the world ended, as a logit [M, B, 1]. */
export interface Predicted {
  readonly mean: Tensor;
  /** Absent in a deterministic ensemble. */
  readonly logVariance?: Tensor;
  readonly failure: Tensor;
}

export type EnsembleConfig = Pick<ModelConfig, 'members' | 'probabilistic' | 'hidden' | 'learningRate' | 'weightDecay'>;

/**
 * All members lie in one vector, each tensor of theirs beside those of the others, `0.weight` [M, in, out]: one product of
 * matrices does for all of them.
 */
export interface Ensemble extends Learnable {
  readonly spec: ModelSpec;
  /** Of the vector `members`; every entry is [M, ...]. */
  layoutOf(members: number): Layout;
  /** Numbers of the input `scales` (scales.ts). */
  readonly scaleCount: number;
  /** Writes into the parameters of so many members that the world never ends: what no data have shown is no one's guess. */
  neverEnd(members: number, parameters: Float32Array): void;
  /** What members say, from the input `name` of their parameters; `x` [1 or M, B, inputs] as it is. */
  predict(g: Graph, members: number, x: Tensor, name?: string): Predicted;
  /** Outputs as they are, of normalised ones [..., o]. */
  restore(g: Graph, normalized: Tensor): Tensor;
  /** Deviations as they are, of normalised ones [..., o]. */
  restoreDeviation(g: Graph, normalized: Tensor): Tensor;
  /** Numbers of states [..., s] rounded where they are whole ones. */
  round(g: Graph, states: Tensor): Tensor;
  /** States within the bounds that the environment declares. */
  bound(g: Graph, states: Tensor): Tensor;
  /**
   * Judges all members on the same B rows: `inputs` [B, i], `targets` [B, o], `present` [B, 1]; output `errors` [M, o], sums
   * over the rows present of the squared errors of normalised outputs.
   */
  judge(rows: number): Program;
}

export function createEnsemble(spec: ModelSpec, config: EnsembleConfig): Ensemble {
  const { members: count, probabilistic, weightDecay } = config;
  const { inputs, outputs } = spec;
  const widths = [inputs, ...config.hidden, outputs * (probabilistic ? 2 : 1) + 1];
  const layers = widths.length - 1;
  const layoutOf = (members: number) =>
    layout([
      ...widths.slice(1).flatMap((out, i) => [
        { name: `${i}.weight`, shape: [members, widths[i], out] },
        { name: `${i}.bias`, shape: [members, 1, out] },
      ]),
      ...(probabilistic
        ? [
            { name: 'highest', shape: [members, 1, outputs] },
            { name: 'lowest', shape: [members, 1, outputs] },
          ]
        : []),
    ]);
  const whole = layoutOf(count);

  function init(random: Random): Float32Array {
    const values = new Float32Array(whole.size);
    for (const { name, shape, offset } of whole.entries) {
      const part = values.subarray(offset, offset + shape.reduce((a, b) => a * b, 1));
      if (name.endsWith('.weight')) truncatedNormal(random, part, 1 / (2 * Math.sqrt(shape[1])));
      else if (name === 'highest') part.fill(HIGHEST);
      else if (name === 'lowest') part.fill(LOWEST);
    }
    return values;
  }

  const { state } = spec.sizes;
  const scaleCount = 2 * inputs + 2 * outputs + state;
  const scales = (g: Graph) => g.input('scales', [scaleCount]).split([inputs, inputs, outputs, outputs, state], 0);
  const normalize = (g: Graph, targets: Tensor) => {
    const [, , mean, deviation] = scales(g);
    return targets.sub(mean).div(deviation.max(LEAST));
  };
  const parameters = (g: Graph, members: number, name: string) => {
    const own = layoutOf(members);
    return views(g.input(name, [own.size]), own);
  };

  function predict(g: Graph, members: number, x: Tensor, name = 'members'): Predicted {
    const [mean, scale] = scales(g);
    const values = parameters(g, members, name);
    let y = x.sub(mean).mul(scale);
    for (let i = 0; i < layers; i++) {
      y = y.matmul(values[2 * i]).add(values[2 * i + 1]);
      if (i + 1 < layers) y = y.silu();
    }
    if (!probabilistic) {
      const [means, failure] = y.split([outputs, 1], 2);
      return { mean: means, failure };
    }
    const [means, free, failure] = y.split([outputs, outputs, 1], 2);
    const [highest, lowest] = values.slice(2 * layers);
    return { mean: means, logVariance: softBounds(free, lowest, highest), failure };
  }

  /** sum over members of mean [(mu - y)^2 / var + log var], what the bounds cost, decay of weights, and failures. */
  function loss(g: Graph, rows: number) {
    const x = g.input('inputs', [count, rows, inputs]);
    const y = normalize(g, g.input('targets', [count, rows, outputs]));
    const failed = g.input('failed', [count, rows, 1]);
    const said = predict(g, count, x);
    const values = parameters(g, count, 'members');
    const squares = said.mean.sub(y).square();
    const { logVariance } = said;
    const fit = logVariance ? squares.mul(logVariance.neg().exp()).add(logVariance) : squares;
    let total = fit.mean([1, 2]).sum();
    if (probabilistic) {
      const [highest, lowest] = values.slice(2 * layers);
      total = total.add(highest.sum().sub(lowest.sum()).mul(BOUNDS_WEIGHT));
    }
    for (let i = 0; i < layers; i++) {
      const weight = weightDecay[Math.min(i, weightDecay.length - 1)] ?? 0;
      if (weight > 0)
        total = total.add(
          values[2 * i]
            .square()
            .sum()
            .mul(weight / 2),
        );
    }
    // -log p(failed): softplus(z) - failed z.
    const ends = said.failure.softplus().sub(said.failure.mul(failed));
    return { loss: total.add(ends.mean([1, 2]).sum()), error: squares.mean() };
  }

  const step = { learningRate: config.learningRate, learningRateDecay: 0 };
  return {
    spec,
    layoutOf,
    scaleCount,
    neverEnd(members, values) {
      const bias = layoutOf(members).entries.find(({ name }) => name === `${layers - 1}.bias`);
      const width = widths[layers];
      for (let m = 1; bias && m <= members; m++) values[bias.offset + m * width - 1] = NEVER;
    },
    predict,
    restore(g, normalized) {
      const [, , mean, deviation] = scales(g);
      return normalized.mul(deviation).add(mean);
    },
    restoreDeviation(g, normalized) {
      const [, , , deviation] = scales(g);
      return normalized.mul(deviation);
    },
    bound(g, states) {
      if (![...spec.low, ...spec.high].some(Number.isFinite)) return states;
      const finite = (values: readonly number[]) => g.constant(values.map((v) => Math.max(-3e38, Math.min(3e38, v))));
      return states.max(finite(spec.low)).min(finite(spec.high));
    },
    round(g, states) {
      const [, , , , whole] = scales(g);
      return states.add(states.add(0.5).floor().sub(states).mul(whole));
    },
    state: {
      members: { size: whole.size, layout: whole.entries, init },
      ...moments('members', whole),
    },
    steps: (rows) => ({
      fit: updateStep(
        'model-fit',
        (g) => {
          const { loss: total, error } = loss(g, rows);
          const members = g.input('members', [whole.size]);
          return { gradients: gradients(total, { members }), metrics: { loss: total, error } };
        },
        // Rows of a member, not members, would be dealt out; in one thread any number of threads gives the same bytes.
        { divisible: false, optimizerSteps: [adamStep('members', step)] },
      ),
    }),
    updateNames: () => ['fit'],
    judge: (rows) =>
      program('model-judge', (g) => {
        const x = g.input('inputs', [rows, inputs]).reshape([1, rows, inputs]);
        const y = normalize(g, g.input('targets', [rows, outputs]));
        const squares = predict(g, count, x)
          .mean.sub(y.reshape([1, rows, outputs]))
          .square();
        const present = g.input('present', [rows, 1]).reshape([1, rows, 1]);
        return { errors: squares.mul(present).sum([1]) };
      }),
  };
}

/** Values kept between bounds, smoothly: exact far inside, at the bounds' side of them everywhere. */
export const softBounds = (x: Tensor, low: Tensor, high: Tensor): Tensor => {
  const below = high.sub(high.sub(x).softplus());
  return low.add(below.sub(low).softplus());
};

/** Normals of this deviation, drawn again where beyond two of them. */
function truncatedNormal(random: Random, out: Float32Array, deviation: number): void {
  for (let i = 0; i < out.length; i++) {
    let x = random.normal();
    while (Math.abs(x) > 2) x = random.normal();
    out[i] = deviation * x;
  }
}

/** What members see of `rows` states and actions as the replay stores them: inputs `state`, `action`, `task`. */
export function seenInputs(g: Graph, { sizes, action, tasks }: ModelSpec, state: Tensor, taken: Tensor): Tensor {
  const rows = state.shape[0];
  const parts = [state, action.kind === 'box' ? taken : taken.reshape([rows]).oneHot(action.n)];
  if (tasks > 1) parts.push(g.input('task', [rows, 1]).reshape([rows]).oneHot(tasks));
  if (sizes.state === 0) throw new Error('a model needs a state');
  return concat(parts, 1);
}

/** Of one step of [N] states: the next ones [N, s], results [N, r], and the logit of an end [N, 1]. */
export interface ModelStep {
  readonly next: Tensor;
  /** Absent where nothing but the state is predicted. */
  readonly results?: Tensor;
  readonly failure: Tensor;
}

/**
 * One step of N states, the first N/E of which the first of E members predicts, and so on. `noise` [N, o]: standard
 * normals; without it (or in a deterministic ensemble) the mean.
 */
export function ensembleStep(
  g: Graph,
  ensemble: Ensemble,
  members: number,
  state: Tensor,
  action: Tensor,
  noise?: Tensor,
): ModelStep {
  const { spec } = ensemble;
  const rows = state.shape[0];
  const x = seenInputs(g, spec, state, action).reshape([members, rows / members, spec.inputs]);
  const said = ensemble.predict(g, members, x, 'elites');
  let y = said.mean;
  if (noise && said.logVariance) y = y.add(said.logVariance.mul(0.5).exp().mul(noise.reshape(y.shape)));
  const outputs = ensemble.restore(g, y).reshape([rows, spec.outputs]);
  const { state: s, result } = spec.sizes;
  const [change, results] = result > 0 ? outputs.split([s, result], 1) : [outputs];
  const next = ensemble.bound(g, ensemble.round(g, state.add(change)));
  return { next, ...(results && { results }), failure: said.failure.reshape([rows, 1]) };
}
