// Steps of learning put together: a program of gradients and metrics, and what Adam and running averages do with them.
import type { Layout } from '../nets/index.js';
import { type AdamOptions, adam, type Graph, program, type Tensor } from '../tensor/index.js';
import type { OptimizerStep, StateVector, UpdateStep } from './agent.js';
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

/** A step of learning. */
export function updateStep(
  name: string,
  build: (g: Graph) => Learned,
  then: Pick<UpdateStep, 'optimizerSteps'> & Partial<Pick<UpdateStep, 'gradientClip' | 'averages'>>,
): UpdateStep {
  let metricNames: string[] = [];
  const whole = program(name, (g) => {
    const { gradients, metrics: named } = build(g);
    metricNames = Object.keys(named);
    const outputs = Object.entries(gradients).map(([vector, gradient]) => [`${vector}.gradient`, gradient] as const);
    return { ...Object.fromEntries(outputs), metrics: joined(Object.values(named)) };
  });
  return { program: whole, metricNames, gradientClip: 0, averages: [], ...then };
}
