// Actions by flow matching: a small network that carries noise to an action, step by step (Lipman et al. 2022, arXiv 2210.02747).
import { initDense, joinLayouts, mlp, mlpLayout } from '../nets/index.js';
import { concat, type Tensor } from '../tensor/index.js';
import type { LearnedHead } from './action-heads.js';

export interface FlowSettings {
  /** What the network gives it for a state, in numbers. */
  readonly features: number;
  readonly hidden: readonly number[];
  /** Euler steps from noise to an action (pi0: 10). */
  readonly steps: number;
}

/** Frequencies, in half turns, whose sine and cosine tell the time. */
const FREQUENCIES = [1, 2, 4];

/** Time [B, 1] from 0 to 1 as numbers [B, 2 x frequencies]. */
const timeFeatures = (time: Tensor): Tensor =>
  concat(
    FREQUENCIES.flatMap((f) => [time.mul(Math.PI * f).sin(), time.mul(Math.PI * f).cos()]),
    1,
  );

/**
 * v(x_t, t, features) learns a - e where x_t = (1 - t) e + t a, e noise, a what was shown, t uniform. From x_0 = e, Euler
 * steps of v make an action; several ways to go on stay several, because they begin at different noise. The Transformer
 * runs once for a decision and only this network in each step, as in Octo (arXiv 2405.12213); in pi0 (arXiv 2410.24164) the
 * Transformer itself is v. The likeliest action is not known; without noise the flow begins at 0, the middle of all noise.
 */
export function flowHead(size: number, { features, hidden, steps }: FlowSettings): LearnedHead {
  const net = mlpLayout([features + size + 2 * FREQUENCIES.length, ...hidden, size]);
  const all = joinLayouts({ flow: net });
  const velocity = (parameters: readonly Tensor[], output: Tensor, x: Tensor, time: Tensor) =>
    mlp(parameters, concat([output, x, timeFeatures(time)], 1));
  return {
    outputs: features,
    noise: size,
    layout: all,
    init: (random) => initDense(all, random),
    lossNoise: size + 2,
    loss(parameters, output, action, noise) {
      const [from, first, second] = (noise as Tensor).split([size, 1, 1], 1);
      const time = first.square().add(second.square()).mul(-0.5).exp(); // uniform, as exp(-(x^2 + y^2) / 2) is
      const x = from.add(action.sub(from).mul(time));
      const v = velocity(parameters, output, x, time);
      const loss = v.sub(action.sub(from)).square().mul(0.5).sum([1], { keepDims: true });
      // Where this velocity leads from there, for a metric: a whole flow would take a network's pass for each step.
      return { loss, action: x.add(v.mul(time.neg().add(1))) };
    },
    act(parameters, output, noise) {
      const { graph } = output;
      const rows = output.shape[0];
      let x = noise ?? graph.constant(new Array(rows * size).fill(0), [rows, size]);
      for (let i = 0; i < steps; i++) {
        const time = graph.constant(new Array(rows).fill(i / steps), [rows, 1]);
        x = x.add(velocity(parameters, output, x, time).mul(1 / steps));
      }
      return x;
    },
  };
}
