// Optimisers on flat parameter vectors, as parts of the graph; what changes with the step comes in as a small vector.
import type { Tensor } from './tensor.js';

export interface Optimizer {
  readonly name: string;
  /** Names of the state vectors, each as long as the parameters, zero at the start. */
  readonly slots: readonly string[];
  /** Length of the vector that `scalars` fills and `apply` reads. */
  readonly scalarCount: number;
  /** Host side: bias correction and learning rate (so schedules are up to the caller) of a step, counted from 1. */
  scalars(step: number, learningRate: number, out: Float32Array | Float64Array): void;
  /** Parameters and slots after the step; all [n], `scalars` [scalarCount]. */
  apply(
    params: Tensor,
    gradient: Tensor,
    slots: readonly Tensor[],
    scalars: Tensor,
  ): { params: Tensor; slots: Tensor[] };
}

/** Adam's numbers where nobody says (Kingma & Ba). */
export const adamDefaults = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

export interface AdamOptions {
  /** Decay of the mean of gradients, 0 to 1. */
  readonly beta1?: number;
  /** Decay of the mean of squared gradients, 0 to 1. */
  readonly beta2?: number;
  /** Added to the root of the second moment. */
  readonly epsilon?: number;
}

/**
 * Adam with bias correction (Kingma & Ba, 2015, algorithm 1). The slots hold unnormalised sums M = m / (1 - beta1) and
 * V = v / (1 - beta2): that saves two passes over the parameters, and the factors go into the rate. Exactly:
 * rate m^ / (sqrt(v^) + epsilon) = a M / (sqrt(V) + e), where c = sqrt((1 - beta2) / (1 - beta2^t)),
 * a = rate (1 - beta1) / (1 - beta1^t) / c and e = epsilon / c.
 */
export function adam(options: AdamOptions = {}): Optimizer {
  const { beta1 = adamDefaults.beta1, beta2 = adamDefaults.beta2, epsilon = adamDefaults.epsilon } = options;
  return {
    name: 'adam',
    slots: ['m', 'v'],
    scalarCount: 2,
    scalars(step, learningRate, out) {
      const c = Math.sqrt((1 - beta2) / (1 - beta2 ** step));
      out[0] = (learningRate * (1 - beta1)) / (1 - beta1 ** step) / c;
      out[1] = epsilon / c;
    },
    apply(params, gradient, [m, v], scalars) {
      const [rate, offset] = scalars.split([1, 1], 0);
      const first = m.mul(beta1).add(gradient);
      const second = v.mul(beta2).add(gradient.square());
      return { params: params.sub(first.mul(rate).div(second.sqrt().add(offset))), slots: [first, second] };
    },
  };
}

/** Adam with decoupled weight decay (Loshchilov & Hutter, 2019): parameters shrink by rate times `weightDecay`. */
export function adamW(options: AdamOptions & { readonly weightDecay?: number } = {}): Optimizer {
  const { weightDecay = 0.01 } = options;
  const inner = adam(options);
  return {
    name: 'adamW',
    slots: inner.slots,
    scalarCount: 3,
    scalars(step, learningRate, out) {
      inner.scalars(step, learningRate, out);
      out[2] = 1 - learningRate * weightDecay;
    },
    apply(params, gradient, slots, scalars) {
      const [adams, keep] = scalars.split([2, 1], 0);
      return inner.apply(params.mul(keep), gradient, slots, adams);
    },
  };
}

/** Stochastic gradient descent: velocity = momentum velocity + gradient; Nesterov's form looks one step ahead. */
export function sgd(options: { readonly momentum?: number; readonly nesterov?: boolean } = {}): Optimizer {
  const { momentum = 0, nesterov = false } = options;
  return {
    name: 'sgd',
    slots: momentum === 0 ? [] : ['velocity'],
    scalarCount: 1,
    scalars(_step, learningRate, out) {
      out[0] = learningRate;
    },
    apply(params, gradient, [velocity], rate) {
      if (momentum === 0) return { params: params.sub(gradient.mul(rate)), slots: [] };
      const next = velocity.mul(momentum).add(gradient);
      const direction = nesterov ? next.mul(momentum).add(gradient) : next;
      return { params: params.sub(direction.mul(rate)), slots: [next] };
    },
  };
}

/** The gradient, scaled down to Euclidean length `maxNorm` where it is longer. */
export function clipByGlobalNorm(gradient: Tensor, maxNorm: number): Tensor {
  const norm = gradient.square().sum().sqrt();
  return gradient.mul(norm.graph.constant(maxNorm, [], norm.dtype).div(norm.max(maxNorm)));
}
