// Hyperparameters of multi-task SAC, each with its meaning and the papers' values.
import * as z from 'zod';
import { sharedEncoderConfig } from './encoders.js';
import { gradientConfig } from './gradient-methods.js';
import * as parts from './parts.js';
import { taskCriticConfig } from './task-critics.js';
import { taskNetworkConfig } from './task-networks.js';

export const mtsacConfig = z.strictObject({
  ...taskNetworkConfig,
  ...sharedEncoderConfig,
  ...taskCriticConfig,
  scaleRewards: z
    .boolean()
    .default(false)
    .describe("divide each task's rewards so that its largest return and its entropy reach limit (BRC: yes)"),
  ...gradientConfig,
  taskTemperatures: z
    .boolean()
    .default(true)
    .describe('a temperature per task (Meta-World: yes); false: one for all (BRC)'),
  distill: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "alpha of Distral: share of the temperature that holds every task's policy to a common one, distilled from them; 0: none",
    ),
  ewc: z
    .number()
    .min(0)
    .default(0)
    .describe(
      "lambda of EWC, of tasks in sequence: how firmly the actor is held where earlier tasks' policies depend on it (Continual World: 1e4); 0: not at all",
    ),
  taskWeights: z
    .union([z.array(z.number().min(0)), z.literal('temperature')])
    .nullable()
    .default(null)
    .describe(
      'weights of the losses in the order of the tasks, scaled to mean 1; temperature: K softmax(-log alpha) (soft modularisation); null: all the same',
    ),
  learningRate: z.number().positive().max(1).default(3e-4).describe('Adam step size of everything (papers: 3e-4)'),
  learningRateDecay: z.int().min(0).default(0).describe('updates over which it falls linearly to 0; 0: never'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('weight decay of actor and critics, times the learning rate per update (AdamW; BRC: 1e-4)'),
  gradientClip: z.number().min(0).default(0).describe('longest gradient of a step; 0: any (Meta-World in JAX: 1)'),
  discount: z.number().min(0).lt(1).default(0.99).describe('gamma (papers: 0.99)'),
  ...parts.returnConfig,
  tau: z.number().gt(0).max(1).default(0.005).describe('share of the online critics in each target update'),
  temperature: z
    .union([z.literal('auto'), z.number().positive()])
    .default('auto')
    .describe('weight of the entropy: auto learns it'),
  initialTemperature: z.number().positive().default(1).describe('temperatures to begin with (BRC: 0.1)'),
  targetEntropy: z
    .number()
    .nullable()
    .default(null)
    .describe('nats; null: minus the number of action dimensions (Meta-World); BRC: half of that'),
  ...parts.randomActionConfig,
});

export type MtsacConfig = z.infer<typeof mtsacConfig>;
