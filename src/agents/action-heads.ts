// What a policy's network ends in: a distribution over n numbers of an action, or of several actions in a row.
import type { Layout } from '../nets/index.js';
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';

export interface ActionHead {
  /** Numbers that the network gives per row. */
  readonly outputs: number;
  /** Equal parts, in order, that these consist of, so that tokens of a Transformer may answer one each; absent: one. */
  readonly parts?: number;
  /** Standard normals that one sample takes. */
  readonly noise: number;
  /** log pi(a | s) [B, 1] of actions [B, n], from the network's outputs [B, outputs]. */
  logProbability(output: Tensor, action: Tensor): Tensor;
  /** The likeliest actions [B, n]; of a mixture the middle of its likeliest component. */
  mode(output: Tensor): Tensor;
  /** Actions [B, n] from standard normals [B, noise]. */
  sample(output: Tensor, noise: Tensor): Tensor;
}

/** A head as policies learn and act with it: with parameters of its own, and a loss that may need no density. */
export interface LearnedHead extends Pick<ActionHead, 'outputs' | 'parts' | 'noise'> {
  /** Of its own parameters; empty where it has none. */
  readonly layout: Layout;
  init(random: Random): Float32Array;
  /** Standard normals that a row's loss takes. */
  readonly lossNoise: number;
  /**
   * From the layout's tensors, what the network gives [B, outputs], actions [B, n], normals [B, lossNoise]: the loss [B, 1],
   * and the action [B, n] that it speaks for.
   */
  loss(
    parameters: readonly Tensor[],
    output: Tensor,
    action: Tensor,
    noise?: Tensor,
  ): { readonly loss: Tensor; readonly action: Tensor };
  /** Actions [B, n] from standard normals [B, noise]; without them the likeliest. */
  act(parameters: readonly Tensor[], output: Tensor, noise?: Tensor): Tensor;
}

/** A density as such a head: the loss is minus the log probability. */
export const byDensity = (head: ActionHead): LearnedHead => ({
  ...head,
  layout: { entries: [], size: 0 },
  init: () => new Float32Array(0),
  lossNoise: 0,
  loss: (_, output, action) => ({ loss: head.logProbability(output, action).neg(), action: head.mode(output) }),
  act: (_, output, noise) => (noise ? head.sample(output, noise) : head.mode(output)),
});

const LOG_SQRT_2PI = 0.5 * Math.log(2 * Math.PI);

/**
 * A floor of the deviation: demonstrators that are programs repeat themselves exactly, and without it the density of what
 * they do, and with it the gradients, would grow without bound.
 */
const LOG_STD = [Math.log(0.03), Math.log(3)] as const;

/** Keeps a logarithm finite where normals are zero. */
const TINY = 1e-20;

/** log N(a; mean, exp(logStd)) of every number. */
const logNormal = (action: Tensor, mean: Tensor, logStd: Tensor | number): Tensor =>
  typeof logStd === 'number'
    ? action
        .sub(mean)
        .mul(Math.exp(-logStd))
        .square()
        .mul(-0.5)
        .sub(logStd + LOG_SQRT_2PI)
    : action.sub(mean).mul(logStd.neg().exp()).square().mul(-0.5).sub(logStd).sub(LOG_SQRT_2PI);

/**
 * N(mean(s), diag(std^2)): a deviation of each number and state, or a fixed one for all (mean squared error, scaled).
 * `actions`: how many in a row the `size` numbers are.
 */
export function gaussianHead(size: number, std: number | 'state', actions = 1): ActionHead {
  const fixed = std === 'state' ? undefined : Math.log(std);
  const parts = (output: Tensor) => {
    if (fixed !== undefined) return { mean: output, logStd: fixed };
    const [mean, logStd] = output.split([size, size], 1);
    return { mean, logStd: logStd.clip(...LOG_STD) };
  };
  return {
    outputs: fixed === undefined ? 2 * size : size,
    ...(fixed !== undefined && { parts: actions }),
    noise: size,
    logProbability(output, action) {
      const { mean, logStd } = parts(output);
      return logNormal(action, mean, logStd).sum([1], { keepDims: true });
    },
    mode: (output) => parts(output).mean,
    sample(output, noise) {
      const { mean, logStd } = parts(output);
      return mean.add(noise.mul(typeof logStd === 'number' ? Math.exp(logStd) : logStd.exp()));
    },
  };
}

/**
 * Laplace's density of one fixed scale: the loss is the mean absolute error, which takes the median of what was shown and
 * not its mean, as ACT has it (arXiv 2304.13705).
 */
export function laplaceHead(size: number, scale: number, actions = 1): ActionHead {
  return {
    outputs: size,
    parts: actions,
    noise: 3 * size,
    logProbability: (output, action) =>
      action
        .sub(output)
        .abs()
        .mul(-1 / scale)
        .sub(Math.log(2 * scale))
        .sum([1], { keepDims: true }),
    mode: (output) => output,
    sample(output, noise) {
      const [first, second, side] = noise.split([size, size, size], 1);
      const exponential = first
        .square()
        .add(second.square())
        .mul(0.5 * scale);
      return output.add(exponential.mul(side.sign()));
    },
  };
}

/** The largest of logits [..., k] plus Gumbel noise (Gumbel 1954): two standard normals make an exponential, it a Gumbel. */
function gumbelChoice(logits: Tensor, noise: Tensor): Tensor {
  const k = logits.shape[logits.shape.length - 1];
  const [first, second] = noise.split([k, k], noise.shape.length - 1);
  const exponential = first.square().add(second.square()).mul(0.5).add(TINY);
  return logits.sub(exponential.log()).argmax(logits.shape.length - 1);
}

/**
 * K Gaussians over all numbers together, with weights (Bishop 1994): several ways to go on, each of them whole. Deviations
 * as in `gaussianHead`.
 */
export function mixtureHead(size: number, components: number, std: number | 'state'): ActionHead {
  const all = components * size;
  const fixed = std === 'state' ? undefined : Math.log(std);
  const parts = (output: Tensor) => {
    const rows = output.shape[0];
    const shape = [rows, components, size];
    const [logits, mean, free] = output.split([components, all, ...(fixed === undefined ? [all] : [])], 1);
    const logStd = fixed ?? free.clip(...LOG_STD).reshape(shape);
    return { logits, mean: mean.reshape(shape), logStd };
  };
  /** Of [B, K, size] those of the chosen component [B]: [B, size]. */
  const pick = (values: Tensor, choice: Tensor) =>
    values.mul(choice.cast('float32').oneHot(components).reshape([values.shape[0], components, 1])).sum([1]);
  return {
    outputs: components + (fixed === undefined ? 2 : 1) * all,
    noise: 2 * components + size,
    logProbability(output, action) {
      const { logits, mean, logStd } = parts(output);
      const rows = output.shape[0];
      const each = logNormal(action.reshape([rows, 1, size]), mean, logStd).sum([2]);
      return logits.logSoftmax(1).add(each).logSumExp([1], { keepDims: true });
    },
    mode(output) {
      const { logits, mean } = parts(output);
      return pick(mean, logits.argmax(1));
    },
    sample(output, noise) {
      const { logits, mean, logStd } = parts(output);
      const [ofChoice, rest] = noise.split([2 * components, size], 1);
      const choice = gumbelChoice(logits, ofChoice);
      const deviation = typeof logStd === 'number' ? Math.exp(logStd) : pick(logStd, choice).exp();
      return pick(mean, choice).add(rest.mul(deviation));
    },
  };
}

/** One of n choices, as its number: a cross-entropy. */
export function choiceHead(n: number): ActionHead {
  const number = (choice: Tensor) => choice.cast('float32').reshape([choice.shape[0], 1]);
  return {
    outputs: n,
    noise: 2 * n,
    logProbability: (output, action) =>
      output
        .logSoftmax(1)
        .mul(action.reshape([output.shape[0]]).oneHot(n))
        .sum([1], { keepDims: true }),
    mode: (output) => number(output.argmax(1)),
    sample: (output, noise) => number(gumbelChoice(output, noise)),
  };
}

/** Each number by itself as one of `bins` evenly spaced values from -1 to 1, both ends among them: a cross-entropy each. */
export function binsHead(size: number, bins: number): ActionHead {
  const each = (output: Tensor) => output.reshape([output.shape[0], size, bins]);
  const value = (choice: Tensor) =>
    choice
      .cast('float32')
      .mul(2 / (bins - 1))
      .sub(1);
  return {
    outputs: size * bins,
    parts: size,
    noise: 2 * size * bins,
    logProbability(output, action) {
      const nearest = action
        .clip(-1, 1)
        .add(1)
        .mul((bins - 1) / 2)
        .add(0.5)
        .floor();
      return each(output).logSoftmax(2).mul(nearest.oneHot(bins)).sum([1, 2]).reshape([output.shape[0], 1]);
    },
    mode: (output) => value(each(output).argmax(2)),
    sample: (output, noise) => value(gumbelChoice(each(output), noise.reshape([output.shape[0], size, 2 * bins]))),
  };
}
