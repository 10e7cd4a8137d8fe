// Settings of behaviour cloning: how actions are distributed, chunked and weighed, and the networks.
import * as z from 'zod';
import { encoderConfig } from './encoder-settings.js';
import * as parts from './parts.js';

const whole = (least: number, most: number) => z.int().min(least).max(most);

export const bcConfig = z.strictObject({
  head: z
    .enum(['gaussian', 'laplace', 'mixture', 'bins', 'flow'])
    .default('gaussian')
    .describe(
      'distribution of actions: one Gaussian (squared error), one Laplace (absolute error, ACT), several Gaussians, a choice of bins for each number (RT-1), or flow matching (pi0); choices have a softmax',
    ),
  std: z
    .union([z.literal('state'), z.number().positive().max(10)])
    .default(0.5)
    .describe(
      "deviation of Gaussians, or the Laplace's scale: a number is fixed (of one: mean squared or absolute error), state learns it for each state",
    ),
  components: whole(1, 100).default(5).describe('Gaussians of the mixture head'),
  bins: whole(2, 1024).default(41).describe('bins per action number of the bins head, both bounds among them'),
  flowHidden: z
    .array(whole(1, 8192))
    .min(1)
    .max(8)
    .default([256, 256])
    .describe('widths of the flow head, which sees tokenWidth numbers that the network makes of the state'),
  flowSteps: whole(1, 1000).default(10).describe('Euler steps from noise to an action of the flow head (pi0: 10)'),
  chunk: whole(1, 100)
    .default(8)
    .describe('actions in a row that one state suggests (ACT: 100 at 50 Hz); 1: no chunks, as always with choices'),
  execution: z
    .enum(['open-loop', 'average'])
    .default('average')
    .describe('how chunks are acted out: one after the other, or at each step the mean of all that foresaw it (ACT)'),
  averageDecay: z
    .number()
    .min(0)
    .max(10)
    .default(0.01)
    .describe('m of the weights exp(-m i) of that mean, i = 0 the oldest (ACT: 0.01)'),
  balance: z
    .enum(['stratified', 'weights', 'none'])
    .default('stratified')
    .describe(
      'how tasks with unequal numbers of transitions come to count alike: equal rows in each batch, or weights of rows drawn from all; none: they do not',
    ),
  normalizeActions: z
    .boolean()
    .default(true)
    .describe(
      'imitate actions less their mean over their deviation (by task where training.normalize is task); bins: never',
    ),
  backbone: z.enum(['mlp', 'transformer']).default('mlp').describe('the network: layers, or a Transformer over tokens'),
  hidden: z
    .array(whole(1, 8192))
    .max(8)
    .default([256, 256, 256])
    .describe('widths of the hidden layers of the mlp backbone'),
  relative: z
    .union([z.boolean(), z.literal('demonstration')])
    .default(false)
    .describe(
      'where the environment says how goals and observations go together: networks also see what is left to the goal, and of things alike the one that it is about first; demonstration: what is left to the last state of a demonstration',
    ),
  unseen: z
    .array(z.string())
    .default([])
    .describe(
      'names of numbers of the observation, or of whole inputs such as a camera, that the policy does not see; * stands for anything',
    ),
  tells: z
    .array(z.string())
    .default([])
    .describe(
      'numbers that the network learns to tell besides, because a simulator knows them while it learns: names of numbers of the observation (* stands for anything; the first of things alike is then the one that the goal is about), remainder: what is left to the goal',
    ),
  tellsWeight: z
    .number()
    .positive()
    .max(1000)
    .default(20)
    .describe('weight of the mean squared error of what it tells; the loss of actions is a sum over their numbers'),
  recognizes: z
    .strictObject({
      views: z
        .array(z.string())
        .max(16)
        .default([])
        .describe(
          'cameras, as in env.demonstrationIn, in whose own pictures it learns to recognise the numbers of the observation, so that the frames of a film are read as states; none: a film is seen in pictures',
        ),
      given: z
        .array(z.string())
        .default([])
        .describe(
          'numbers of the observation that the film shares with the episode, such as the looks of things, and that say which thing is which; * stands for anything',
        ),
      channels: z.array(whole(1, 1024)).min(1).max(8).default([16, 32]).describe('channels of the convolutions'),
      picks: whole(1, 256).default(16).describe('mixtures of channels that what is given chooses (encoder keypoints)'),
      hidden: z.array(whole(1, 8192)).max(8).default([256]).describe('widths of the hidden layers'),
    })
    .prefault({}),
  ...parts.goalFormConfig,
  ...encoderConfig,
  layerNorm: z.boolean().default(true).describe('layer normalisation before the activations of the mlp backbone'),
  dropout: z
    .number()
    .min(0)
    .lt(1)
    .default(0)
    .describe('probability that a hidden unit of the mlp backbone is left out while learning'),
  tokenWidth: whole(1, 4096).default(64).describe('numbers per token of the Transformer'),
  tokenNumbers: whole(1, 8192).default(18).describe('numbers of an input that make one token of the Transformer'),
  actionTokens: z
    .enum(['one', 'each'])
    .default('one')
    .describe(
      'tokens that ask the Transformer what to do: one for everything, or one for each action of a chunk (bins: each number of it, RT-1); mixture, flow and learned deviations have one',
    ),
  attentionHeads: whole(1, 64).default(4).describe('attention heads of the Transformer'),
  blocks: whole(1, 24).default(2).describe('blocks of the Transformer'),
  learningRate: z.number().positive().max(1).default(1e-3).describe('Adam step size'),
  learningRateDecay: whole(0, Number.MAX_SAFE_INTEGER)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never'),
  policyAverage: z
    .number()
    .min(0)
    .max(1)
    .default(0.002)
    .describe('share of the actor in each update of its running average, which acts; 0: none'),
});

export type BcConfig = z.infer<typeof bcConfig>;
