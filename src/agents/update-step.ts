// Steps of learning put together: a program of gradients and metrics, and what Adam and running averages do with them.
import { declaredNoise, type Layout, type Noise } from '../nets/index.js';
import { type AdamOptions, adam, type Graph, grad, program, type Tensor } from '../tensor/index.js';
import type { Combination, OptimizerStep, StateVector, UpdateStep } from './agent.js';
import { metrics as joined } from './parts.js';

const zeros = (size: number): StateVector => ({ size, layout: [], init: () => new Float32Array(size) });

/** Adam's moments beside a parameter vector: `{ 'actor.m': ..., 'actor.v': ... }`. */
export const moments = (name: string, { size }: Pick<Layout, 'size'>): Record<string, StateVector> =>
  Object.fromEntries(adam().slots.map((slot) => [`${name}.${slot}`, zeros(size)]));

/** Learning rate of an agent's update number `update` (from 1): constant, or falling linearly to zero over `decayUpdates`. */
const learningRateAt = (rate: number, decayUpdates: number, update: number): number =>
  decayUpdates > 0 ? rate * Math.max(0, 1 - (update - 1) / decayUpdates) : rate;

/**
 * Adam's step of a vector. The learning rate follows the agent's updates; `stepOf` maps their number to the vector's own
 * step count, for the bias correction.
 */
export function adamStep(
  vector: string,
  config: { readonly learningRate: number; readonly learningRateDecay: number },
  {
    stepOf = (update) => update,
    ...options
  }: Pick<AdamOptions, 'epsilon'> & { stepOf?: (update: number) => number } = {},
): OptimizerStep {
  const { scalars } = adam(options);
  return {
    vector,
    fill(update, out) {
      const rate = learningRateAt(config.learningRate, config.learningRateDecay, update);
      scalars(Math.max(1, stepOf(update)), rate, out);
    },
  };
}

/** What a step's program computes: gradients of state vectors, and metrics, both by name. */
export interface Learned {
  readonly gradients: Readonly<Record<string, Tensor>>;
  readonly metrics: Readonly<Record<string, Tensor>>;
}

/** Gradients of a loss, by the names of the vectors. */
export function gradients(loss: Tensor, vectors: Readonly<Record<string, Tensor>>): Record<string, Tensor> {
  const along = grad(loss, Object.values(vectors));
  return Object.fromEntries(Object.keys(vectors).map((name, i) => [name, along[i]]));
}

/** A step of learning; its program is built when it is first asked for. */
export function updateStep(
  name: string,
  build: (g: Graph) => Learned,
  then: Pick<UpdateStep, 'optimizerSteps' | 'divisible'> &
    Partial<Pick<UpdateStep, 'gradientClip' | 'averages' | 'tasks'>>,
): UpdateStep {
  let built: Pick<UpdateStep, 'program' | 'metricNames' | 'noise'> | undefined;
  const step = () => {
    if (built) return built;
    let metricNames: string[] = [];
    let noise: Noise = {};
    const whole = program(name, (g) => {
      const { gradients, metrics: named } = build(g);
      metricNames = Object.keys(named);
      noise = declaredNoise(g);
      const outputs = Object.entries(gradients).map(([vector, gradient]) => [`${vector}.gradient`, gradient] as const);
      return { ...Object.fromEntries(outputs), metrics: joined(Object.values(named)) };
    });
    built = { program: whole, metricNames, noise };
    return built;
  };
  return {
    gradientClip: 0,
    averages: [],
    ...then,
    get program() {
      return step().program;
    },
    get metricNames() {
      return step().metricNames;
    },
    get noise() {
      return step().noise;
    },
  };
}

/** How the gradients of K tasks become one: `build` makes the coefficients [K] of their Gram matrix [K, K]. */
export function combination(
  name: string,
  tasks: number,
  build: (gram: Tensor) => Tensor,
  shared?: Combination['shared'],
): Combination {
  let noise: Noise = {};
  const whole = program(name, (g) => {
    const coefficients = build(g.input('gram', [tasks, tasks]));
    noise = declaredNoise(g);
    return { coefficients };
  });
  return { program: whole, noise, ...(shared && { shared }) };
}
