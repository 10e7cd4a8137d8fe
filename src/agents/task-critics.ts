// The critics of multi-task agents: values as numbers, the smaller of two; or distributions over bins, the mean of two.
import * as z from 'zod';
import type { Seen } from '../nets/index.js';
import type { Tensor } from '../tensor/index.js';
import type { AgentSpec } from './agent-spec.js';
import { binsOf, crossEntropy, meanOf, project } from './categorical.js';
import * as parts from './parts.js';
import { type TaskNetworkSettings, taskNetwork } from './task-networks.js';

/** Hyperparameters of the critics. */
export const taskCriticConfig = {
  critics: z
    .enum(['minimum', 'categorical'])
    .default('minimum')
    .describe('minimum: two critics, the smaller is the target; categorical: two distributions, their mean is (BRC)'),
  bins: z.int().min(2).max(1001).default(101).describe('bins of categorical critics (BRC: 101)'),
  limit: z
    .number()
    .positive()
    .default(10)
    .describe('bins reach from -limit to limit, and scaled returns up to it (BRC: 10)'),
};

type TaskCriticConfig = TaskNetworkSettings & z.infer<z.ZodObject<typeof taskCriticConfig>>;

/** Two critics of the kind that is set, and the parts of their vector that tasks share. */
export interface TaskCritics extends Pick<parts.Critics, 'layout' | 'init'> {
  readonly shared: readonly (readonly [number, number])[];
  /**
   * Loss of every row [B, 1] and the critics' values. `target` makes of values of the next state [B, T]
   * what this state's are to be.
   */
  loss(critics: Tensor, now: Input, of: { targets: Tensor; next: Input; target(value: Tensor): Tensor }): RowLoss;
  /** What the actor improves: [B, 1]. */
  value(critics: Tensor, now: Input): Tensor;
}

type Input = readonly [seen: Seen, action: Tensor];
interface RowLoss {
  readonly loss: Tensor;
  /** Each critic's value [B, 1]. */
  readonly values: readonly Tensor[];
}

/** Values as numbers; the smaller of two is the target. Or as distributions over bins; their mean is. */
export function taskCritics(inputs: AgentSpec['inputs'], action: number, config: TaskCriticConfig): TaskCritics {
  const { bins, limit, critics: kind } = config;
  const support = { bins, limit };
  const outputs = kind === 'categorical' ? bins : 1;
  const single = taskNetwork('critic', { inputs, action, outputs }, config);
  const q = parts.ensemble(2, single);
  const offsets = [0, single.layout.size];
  const rest = {
    layout: q.layout,
    init: q.init,
    shared: offsets.flatMap((at) => single.shared.map(([from, to]) => [at + from, at + to] as const)),
  };
  const sum = (losses: readonly Tensor[]) => losses.reduce((a, b) => a.add(b));
  if (kind === 'minimum') {
    return {
      ...rest,
      loss(critics, now, { targets, next, target }) {
        const y = target(parts.smallest(q.values(targets, ...next))).stopGradient();
        const values = q.values(critics, ...now);
        return { loss: sum(values.map((value) => value.sub(y).square())), values };
      },
      value: (critics, now) => parts.smallest(q.values(critics, ...now)),
    };
  }
  return {
    ...rest,
    loss(critics, now, { targets, next, target }) {
      const p = parts.average(q.values(targets, ...next).map((logits) => logits.softmax(1)));
      const moved = target(binsOf(p.graph, support).reshape([1, bins]));
      const wanted = project(p, moved, support).stopGradient();
      const logits = q.values(critics, ...now);
      return {
        loss: sum(logits.map((own) => crossEntropy(own, wanted))),
        values: logits.map((own) => meanOf(own, support)),
      };
    },
    value: (critics, now) => parts.average(q.values(critics, ...now).map((logits) => meanOf(logits, support))),
  };
}
