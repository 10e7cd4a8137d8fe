// Settings of a run's model of the world: what it is, how it is fitted, and what is imagined with it (docs/models.md).
import * as z from 'zod';

/** Steps of a rollout: more would be no short rollouts from real states any more. */
const MOST_STEPS = 1000;

const count = (name: string) => z.int(`model.${name} must be a whole number`).min(1);

export const modelConfigSchema = z.strictObject({
  kind: z
    .enum(['none', 'ensemble'])
    .default('none')
    .describe('model of the world that the agent also learns from: none, or an ensemble of networks (MBPO)'),
  members: count('members').max(64).default(7).describe('networks of the ensemble (MBPO: 7); 1: a single one'),
  elites: count('elites')
    .max(64)
    .default(5)
    .describe('members with the least error on held-out data, which predict (MBPO: 5); at most all members'),
  probabilistic: z
    .boolean()
    .default(true)
    .describe('members predict a Gaussian with a variance of its own for each number; false: the mean alone'),
  hidden: z
    .array(z.int().min(1).max(4096))
    .min(1)
    .max(8)
    .default([200, 200, 200, 200])
    .describe('widths of the hidden layers of a member (MBPO: 200 four times)'),
  learningRate: z.number().positive().max(1).default(1e-3).describe('Adam step size of the members (MBPO: 1e-3)'),
  weightDecay: z
    .array(z.number().min(0))
    .default([2.5e-5, 5e-5, 7.5e-5, 7.5e-5, 1e-4])
    .describe('weight of half the squared weights in the loss, by layer; the last counts for further ones (MBPO)'),
  batchSize: count('batchSize').max(65_536).default(256).describe('transitions of a batch for each member (MBPO: 256)'),
  holdOut: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.2)
    .describe('share of the transitions, at most 5000, that members are judged by and not fitted to (MBPO: 0.2)'),
  epochs: count('epochs')
    .max(100_000)
    .default(100)
    .describe('most passes over the data in a fit, of at least 10 batches each'),
  epochBatches: count('epochBatches')
    .max(1_000_000)
    .default(500)
    .describe('most batches of a pass: with much data a pass sees a part of it'),
  patience: count('patience')
    .max(10_000)
    .default(5)
    .describe('passes without a member whose error falls by 1%, after which a fit ends (MBPO: 5)'),
  every: count('every').max(10_000_000).default(250).describe('environment steps between fits (MBPO: 250)'),
  rollouts: count('rollouts')
    .max(10_000_000)
    .default(20_000)
    .describe('imagined rollouts begun after each fit, from states drawn uniformly from the real data (MBPO: 100000)'),
  retain: count('retain')
    .max(1000)
    .default(2)
    .describe('fits whose imagined rollouts are kept (MBPO: those of the last 1000 steps)'),
  horizon: z
    .union([
      z.int().min(1).max(MOST_STEPS),
      z
        .array(z.int().min(0))
        .length(4)
        .refine(([s0, s1]) => s0 < s1, '[s0, s1, k0, k1] needs a step s1 after s0')
        .refine(
          ([, , ...steps]) => steps.every((k) => k >= 1 && k <= MOST_STEPS),
          `[s0, s1, k0, k1] needs k0 and k1 from 1 to ${MOST_STEPS} steps`,
        ),
      z.literal('auto'),
    ])
    .default(1)
    .describe(
      'steps of a rollout; [s0, s1, k0, k1]: k0 until step s0, then linearly to k1 at step s1; auto: as many as the model is measured to be good for',
    ),
  rounds: count('rounds')
    .max(10_000)
    .default(10)
    .describe('on-policy agents: how often they imagine anew and learn from it after each real rollout'),
  autoMost: count('autoMost').max(MOST_STEPS).default(15).describe('most steps of a rollout where horizon is auto'),
  autoError: z
    .number()
    .positive()
    .default(0.1)
    .describe('where horizon is auto: error, in deviations of each number of the state, that a rollout may end with'),
  realShare: z
    .number()
    .min(0)
    .max(1)
    .default(0.05)
    .describe('share of each batch that is real (MBPO: 0.05); 0: the agent learns from imagined transitions alone'),
});

export type ModelConfig = z.infer<typeof modelConfigSchema>;
