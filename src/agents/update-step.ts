// Steps of learning put together: a program of gradients and metrics, and what Adam and running averages do with them.
import { declaredNoise, type Layout, type Noise } from '../nets/index.js';
import { type AdamOptions, adam, type Graph, grad, program, Tensor } from '../tensor/index.js';
import type { Combination, OptimizerStep, StateVector, UpdateStep } from './agent.js';
import { metrics as joined, parameters } from './parts.js';

/** A vector that begins with zeros. */
export const zeros = (size: number): StateVector => ({ size, layout: [], init: () => new Float32Array(size) });

/** Adam's moments beside a parameter vector: `{ 'actor.m': ..., 'actor.v': ... }`. */
export const moments = (name: string, { size }: Pick<Layout, 'size'>): Record<string, StateVector> =>
  Object.fromEntries(adam().slots.map((slot) => [`${name}.${slot}`, zeros(size)]));

/** Networks that learn, by name: the vector of each, and Adam's moments beside it. */
export const trained = (
  networks: Readonly<Record<string, Parameters<typeof parameters>[0]>>,
): Record<string, StateVector> =>
  Object.assign(
    {},
    ...Object.entries(networks).map(([name, network]) => ({
      [name]: parameters(network),
      ...moments(name, network.layout),
    })),
  );

/** Learning rate of an agent's update number `update` (from 1): constant, or falling linearly to zero over `decayUpdates`. */
const learningRateAt = (rate: number, decayUpdates: number, update: number): number =>
  decayUpdates > 0 ? rate * Math.max(0, 1 - (update - 1) / decayUpdates) : rate;

/**
 * Adam's step of a vector. The learning rate follows the agent's updates; `stepOf` maps their number to the vector's own
 * step count, for the bias correction. With `weightDecay` it is AdamW's (Loshchilov & Hutter 2019).
 */
export function adamStep(
  vector: string,
  config: { readonly learningRate: number; readonly learningRateDecay: number },
  {
    stepOf = (update) => update,
    weightDecay = 0,
    ...options
  }: Pick<AdamOptions, 'epsilon'> & { stepOf?: (update: number) => number; weightDecay?: number } = {},
): OptimizerStep {
  const { scalars, scalarCount } = adam(options);
  return {
    vector,
    fill(update, out) {
      const rate = learningRateAt(config.learningRate, config.learningRateDecay, update);
      scalars(Math.max(1, stepOf(update)), rate, out);
      if (weightDecay > 0) out[scalarCount] = rate * weightDecay;
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

/** What the coefficients of K tasks' gradients are made from. */
export interface Combined {
  /** [K, K]. */
  readonly gram: Tensor;
  /** [K], of the metric `loss`. */
  readonly losses: Tensor;
  /** Of the state vector `memory`. */
  readonly memory: Tensor;
}

/** How the gradients of K tasks become one: `build` makes their coefficients [K], and what is remembered. */
export function combination(
  name: string,
  tasks: number,
  build: (of: Combined) => Tensor | { coefficients: Tensor; memory: Tensor },
  options: Pick<Combination, 'shared' | 'loss'> & { memory?: { vector: string; size: number } } = {},
): Combination {
  const { memory, ...rest } = options;
  let noise: Noise = {};
  const whole = program(name, (g) => {
    const made = build({
      gram: g.input('gram', [tasks, tasks]),
      get losses() {
        return g.input('losses', [tasks]);
      },
      get memory() {
        return g.input('memory', [memory?.size ?? 0]);
      },
    });
    noise = declaredNoise(g);
    return made instanceof Tensor ? { coefficients: made } : made;
  });
  return { program: whole, noise, ...rest, ...(memory && { memory: memory.vector }) };
}
