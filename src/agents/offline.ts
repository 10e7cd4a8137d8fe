// What offline goal-conditioned agents share: networks as OGBench has them, goals of batches, what a step costs.
import * as z from 'zod';
import {
  type GeluNetSettings,
  geluNet,
  type InputNetwork,
  type InputNetworkSizes,
  type InputSpec,
  inputNetwork,
  type Seen,
  views,
} from '../nets/index.js';
import type { GoalDraw } from '../replay/request.js';
import type { Graph, Tensor } from '../tensor/index.js';
import type { AgentSpec } from './agent-spec.js';
import { chooseEncoders, type EncoderSettings, encoderConfig } from './encoder-settings.js';

/** Hyperparameters of all of them (OGBench: Park et al. 2025, arXiv 2410.20092, appendix F). */
export const offlineConfig = {
  hidden: z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([128, 128, 128])
    .describe('widths of the hidden layers of every network (OGBench: 512, 512, 512)'),
  layerNorm: z
    .boolean()
    .default(true)
    .describe('layer normalisation after the activations of all networks but policies (OGBench: yes)'),
  ...encoderConfig,
  learningRate: z.number().positive().max(1).default(3e-4).describe('Adam step size of all networks (OGBench: 3e-4)'),
  learningRateDecay: z
    .int()
    .min(0)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never'),
  explorationNoise: z
    .number()
    .min(0)
    .max(2)
    .default(0.1)
    .describe('deviation of Gaussian exploration in unit actions, where the policy goes on learning from what it does'),
};

/** Hyperparameters of values that are learned from the next state's. */
export const bootstrapConfig = {
  discount: z.number().gt(0).lt(1).default(0.99).describe('gamma (OGBench: 0.99; its giant mazes: 0.995)'),
  tau: z
    .number()
    .gt(0)
    .max(1)
    .default(0.005)
    .describe('share of the online values in each target update (OGBench: 0.005)'),
};

/** Settings of a run that suit them. */
export const offlineSettings = {
  relabel: 'none',
  steps: 100_000,
  envs: 1,
  training: { warmupSteps: 1000, demonstrations: 0, updatesPerStep: 1, cycleSteps: 100, batchSize: 256 },
  replay: { unmetGoals: 0 },
  evaluation: { every: 10_000 },
  checkpoint: { every: 10_000 },
};

/** What the definitions of all of them have. */
export const offlineDefinition = {
  learning: 'off-policy',
  actions: ['box'],
  needsGoals: true,
  offline: true,
  settings: offlineSettings,
} as const;

/** The expectile of implicit values. */
export const expectileConfig = (usual: number, source: string) =>
  z
    .number()
    .gt(0)
    .lt(1)
    .default(usual)
    .describe(`how much more outcomes above the value count than those below (${source}); 0.5 is the mean`);

interface Shares {
  readonly current: number;
  readonly future: number;
  readonly random: number;
  readonly offsets: 'geometric' | 'uniform';
}

/**
 * Where goals of this kind (`values`, `the policy`) come from. Values that bootstrap are told nowhere but at the current
 * state that a goal is reached: with `anchored` its share must be positive.
 */
export const goalConfig = (kind: string, { current, future, random, offsets }: Shares, anchored = false) =>
  z
    .strictObject({
      current: (anchored ? z.number().gt(0) : z.number().min(0))
        .default(current)
        .describe(
          `share of goals of ${kind} that the current state has reached${anchored ? '; above 0, or nothing is ever reached' : ''} (OGBench: ${current})`,
        ),
      future: z
        .number()
        .min(0)
        .default(future)
        .describe(`share of goals of ${kind} that are reached later in the episode (OGBench: ${future})`),
      random: z
        .number()
        .min(0)
        .default(random)
        .describe(`share of goals of ${kind} that are reached anywhere in the data (OGBench: ${random})`),
      offsets: z
        .enum(['geometric', 'uniform'])
        .default(offsets)
        .describe(
          `how far ahead those later in the episode lie: geometric has the discount's powers (OGBench: ${offsets})`,
        ),
    })
    .refine(({ current: now, future: later, random: any }) => now + later + any > 0, {
      error: 'all shares are 0; give current, future or random one',
    })
    .prefault({});

/** Goals of values that bootstrap, and of the policy beside them, as OGBench draws them. */
export const bootstrapGoals = (policy = 'the policy') => ({
  valueGoals: goalConfig('values', { current: 0.2, future: 0.5, random: 0.3, offsets: 'geometric' }, true),
  actorGoals: goalConfig(policy, { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

/** The same as a draw of the replay. */
export const goalDraw = ({ offsets, ...shares }: Shares, discount: number): GoalDraw => ({
  ...shares,
  offsets: offsets === 'geometric' ? { geometric: discount } : 'uniform',
});

export interface GoalShares {
  readonly valueGoals: Shares;
  readonly actorGoals: Shares;
  readonly discount: number;
}

/** `valueGoal` and `actorGoal` of batches. */
export const goalDraws = ({ valueGoals, actorGoals, discount }: GoalShares) => ({
  valueGoal: goalDraw(valueGoals, discount),
  actorGoal: goalDraw(actorGoals, discount),
});

/**
 * Whether the state of a transition is the one that its goal was achieved in. It is told by the place in the data and not
 * by the environment's rules: then nobody needs them, and nothing depends on how near is near enough. Reward: -1 for each
 * step until then, and 0 there; `alive` [rows, 1] is 0 there, for the return is complete.
 */
export function stepCost(g: Graph, rows: number, goal: string): { reward: Tensor; alive: Tensor } {
  const reached = g.input(`${goal}.offset`, [rows, 1]).equal(0).cast(g.dtype);
  return { reward: reached.sub(1), alive: reached.neg().add(1) };
}

/**
 * Whether the goal was achieved at this state or later in its episode, [rows, 1]. Where a run holds goals out, one that was
 * drawn from them gives way to the episode's own (offset -1): what is learned of where it was achieved must leave such rows
 * out.
 */
export const isAhead = (g: Graph, rows: number, goal: string): Tensor =>
  g.input(`${goal}.offset`, [rows, 1]).greaterEqual(0).cast(g.dtype);

/** A network whose output is the mean of a policy. */
export interface PolicyNetwork extends Pick<InputNetwork, 'layout' | 'init'> {
  /** [B, outputs] of what is seen. */
  mean(flat: Tensor, seen: Seen): Tensor;
}

export interface OfflineNetworks {
  /** A network of the spec's inputs, or of others, with layer normalisation behind its activations. */
  network(sizes: Partial<InputNetworkSizes> & { readonly outputs: number }): InputNetwork;
  /** A policy of the spec's inputs, or of others, for so many numbers: without normalisation, its mean about 0 at first. */
  policy(inputs?: readonly InputSpec[]): (outputs: number) => PolicyNetwork;
}

interface Config {
  readonly hidden: readonly number[];
  readonly layerNorm: boolean;
  readonly encoders: EncoderSettings;
}

export function offlineNetworks({ inputs }: AgentSpec, config: Config): OfflineNetworks {
  const { hidden, layerNorm, encoders } = config;
  const made = (sizes: InputNetworkSizes, core: GeluNetSettings) => {
    const encoderOf = chooseEncoders(inputs, encoders, sizes.inputs);
    return inputNetwork(sizes, { goalForm: 'concat', encoder: [], hidden, encoderOf, core: geluNet(core) });
  };
  return {
    network: (sizes) => made({ inputs, ...sizes }, { hidden, layerNorm }),
    policy:
      (seen = inputs) =>
      (outputs) => {
        const { layout, init, apply } = made({ inputs: seen, outputs }, { hidden, layerNorm: false, lastScale: 0.01 });
        return { layout, init, mean: (flat, state) => apply(views(flat, layout), state) };
      },
  };
}

/** What is part of the state. */
export const stateInputs = (inputs: readonly InputSpec[]): InputSpec[] => inputs.filter(({ role }) => role === 'state');

/** What tells the goal and the task, as if it were the state: for networks that see nothing else. */
export const goalInputs = (inputs: readonly InputSpec[]): InputSpec[] =>
  inputs.filter(({ role }) => role !== 'state').map((input) => ({ ...input, role: 'state' }));
