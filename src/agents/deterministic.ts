// A deterministic policy a = tanh(f(s, g)) with Gaussian exploration, as DDPG and TD3 share it.
import { z } from 'zod';
import type { Box } from '../envs/env.js';
import {
  type GoalNetworkSettings,
  goalNetwork,
  inputNormalizer,
  type Layout,
  type Normalizer,
  views,
} from '../nets/index.js';
import { type Graph, type Program, program, type Tensor } from '../tensor/index.js';
import { type AgentSpec, normalizerSize, type ValueEstimate } from './agent.js';
import { actionScale, boxActions, goalFormConfig, randomActionConfig } from './parts.js';

/** Hyperparameters that DDPG and TD3 share. */
export const deterministicConfig = {
  hidden: z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([256, 256])
    .describe('widths of the hidden layers of actor and critics'),
  ...goalFormConfig,
  learningRate: z
    .number()
    .positive()
    .max(1)
    .default(1e-3)
    .describe('Adam step size of actor and critics (papers: 1e-3)'),
  learningRateDecay: z
    .int()
    .min(0)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never'),
  discount: z.number().min(0).lt(1).default(0.98).describe('gamma (TD3: 0.99; HER: 0.98)'),
  tau: z
    .number()
    .gt(0)
    .max(1)
    .default(0.005)
    .describe('share of the online networks in each target update (TD3: 0.005)'),
  boundTargets: z.boolean().default(true).describe('clip targets to the possible returns (HER: yes)'),
  actionPenalty: z
    .number()
    .min(0)
    .default(0)
    .describe("weight of the mean squared action in the actor's loss (HER: 1)"),
  explorationNoise: z
    .number()
    .min(0)
    .max(2)
    .default(0.1)
    .describe('deviation of Gaussian exploration in unit actions (TD3: 0.1, HER: 0.2)'),
  ...randomActionConfig,
};

interface Settings extends GoalNetworkSettings {
  readonly actionPenalty: number;
  readonly explorationNoise: number;
}

export interface DeterministicPolicy {
  readonly space: Box;
  readonly layout: Layout;
  normalizer(g: Graph): Normalizer;
  /** Unit action [B, A] of normalised inputs, and the loss with the penalty on large actions added. */
  unit(actor: Tensor, observation: Tensor, goal: Tensor): { action: Tensor; penalty(loss: Tensor): Tensor };
  act(rows: number, options: { deterministic: boolean }): Program;
  /** Q(s, g, pi(s, g)) under a critic of normalised inputs and unit actions, whose parameters are the state vector `name`. */
  value(name: string, size: number, q: (critic: Tensor, ...input: [Tensor, Tensor, Tensor]) => Tensor): ValueEstimate;
}

export function deterministicPolicy(
  agent: string,
  spec: AgentSpec,
  settings: Settings,
  normalize: boolean,
): DeterministicPolicy {
  const space = boxActions(agent, spec);
  const network = goalNetwork({ observation: spec.observation, goal: spec.goal, outputs: space.size }, settings);
  const { layout } = network;
  const normalizer = (g: Graph) =>
    inputNormalizer(normalize ? g.input('normalizer', [normalizerSize(spec)]) : undefined, spec.observation, spec.goal);
  const unit = (actor: Tensor, observation: Tensor, goal: Tensor) => {
    const action = network.apply(views(actor, layout), observation, goal).tanh();
    return {
      action,
      penalty: (loss: Tensor) =>
        settings.actionPenalty > 0 ? loss.add(action.square().mean().mul(settings.actionPenalty)) : loss,
    };
  };
  return {
    space,
    layout,
    normalizer,
    unit,
    act: (rows, { deterministic }) =>
      program(`${agent}-act`, (g) => {
        const inputs = normalizer(g);
        const observation = inputs.observation(g.input('observation', [rows, spec.observation]));
        const goal = inputs.goal(g.input('goal', [rows, spec.goal]));
        let { action } = unit(g.input('actor', [layout.size]), observation, goal);
        if (!deterministic) {
          action = action.add(g.input('noise', [rows, space.size]).mul(settings.explorationNoise)).clip(-1, 1);
        }
        return { action: actionScale(agent, g, space).fromUnit(action) };
      }),
    value: (name, size, q) => ({
      vectors: ['actor', name],
      program: (rows) =>
        program(`${agent}-value`, (g) => {
          const inputs = normalizer(g);
          const observation = inputs.observation(g.input('observation', [rows, spec.observation]));
          const goal = inputs.goal(g.input('goal', [rows, spec.goal]));
          const { action } = unit(g.input('actor', [layout.size]), observation, goal);
          return { value: q(g.input(name, [size]), observation, goal, action) };
        }),
    }),
  };
}
