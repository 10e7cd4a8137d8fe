// Acting by chunks of H actions: all of a chunk before the next one, or at each step the mean of all that foresaw it.
import type { Tensor } from '../tensor/index.js';

export interface ChunkedActing {
  /** What is carried from step to step, zero where an episode begins (see Agent.memory). */
  readonly memory: Readonly<Record<string, number>>;
  /** From the chunk [B, H a] that the present state suggests: the action [B, a], and the memory after it by name. */
  next(chunk: Tensor): Readonly<Record<string, Tensor>> & { readonly action: Tensor };
}

/** [B, H, n] one step on: the first is gone, the last is zero. */
const shift = (x: Tensor): Tensor => x.slice(1, 1, x.shape[1]).pad(1, 0, 1);
const flat = (x: Tensor): Tensor => x.reshape([x.shape[0], -1]);

/** Open loop: a new chunk once the one before is used up. */
export const openLoop = (steps: number, size: number): ChunkedActing => ({
  memory: { chunk: steps * size, left: 1 },
  next(chunk) {
    const { graph } = chunk;
    const rows = chunk.shape[0];
    const left = graph.input('left', [rows, 1]);
    const isUsedUp = left.less(0.5);
    const present = isUsedUp.where(chunk, graph.input('chunk', [rows, steps * size])).reshape([rows, steps, size]);
    return {
      action: present.slice(1, 0, 1).reshape([rows, size]),
      chunk: flat(shift(present)),
      left: isUsedUp.where(left.add(steps - 1), left.sub(1)),
    };
  },
});

/**
 * Temporal ensembling (Zhao et al. 2023, arXiv 2304.13705): every state suggests a chunk, and an action is the mean of all
 * that were suggested for its step, the i-th oldest with weight exp(-decay i).
 */
export const temporalAverage = (steps: number, size: number, decay: number): ChunkedActing => ({
  memory: { sum: steps * size, total: steps, count: steps },
  next(chunk) {
    const { graph } = chunk;
    const rows = chunk.shape[0];
    const column = (name: string) => graph.input(name, [rows, steps]).reshape([rows, steps, 1]);
    const count = column('count');
    const weight = count.mul(-decay).exp();
    const sum = graph
      .input('sum', [rows, steps * size])
      .reshape([rows, steps, size])
      .add(chunk.reshape([rows, steps, size]).mul(weight));
    const total = column('total').add(weight);
    return {
      action: sum
        .slice(1, 0, 1)
        .div(total.slice(1, 0, 1))
        .reshape([rows, size]),
      sum: flat(shift(sum)),
      total: flat(shift(total)),
      count: flat(shift(count.add(1))),
    };
  },
});
