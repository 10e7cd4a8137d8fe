// A deterministic policy a = tanh(f(s, g)) with Gaussian exploration, as DDPG and TD3 share it.
import * as z from 'zod';
import type { Box } from '../envs/space.js';
import { type InputNetwork, type InputNetworkSettings, inputNetwork, type Seen, views } from '../nets/index.js';
import { type Program, program, type Tensor } from '../tensor/index.js';
import type { ValueEstimate } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { type InputEncoders, sharedEncoderConfig } from './encoders.js';
import { actionScale, boxActions, goalFormConfig, randomActionConfig, returnConfig } from './parts.js';

/** Hyperparameters that DDPG and TD3 share. */
export const deterministicConfig = {
  hidden: z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([256, 256])
    .describe('widths of the hidden layers of actor and critics'),
  ...goalFormConfig,
  ...sharedEncoderConfig,
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
  ...returnConfig,
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

interface Settings extends InputNetworkSettings {
  readonly actionPenalty: number;
  readonly explorationNoise: number;
}

export interface DeterministicPolicy extends Pick<InputNetwork, 'layout' | 'init'> {
  readonly space: Box;
  /** Unit action [B, A] of what is seen, and the loss with the penalty on large actions added. */
  unit(actor: Tensor, seen: Seen): { action: Tensor; penalty(loss: Tensor): Tensor };
  act(rows: number, options: { deterministic: boolean }): Program;
  /** Q(s, g, pi(s, g)) under a critic of unit actions, whose parameters are the state vector `name`. */
  value(name: string, size: number, q: (critic: Tensor, seen: Seen, action: Tensor) => Tensor): ValueEstimate;
}

export function deterministicPolicy(
  agent: string,
  spec: AgentSpec,
  settings: Settings,
  encoders: InputEncoders,
): DeterministicPolicy {
  const space = boxActions(agent, spec);
  const { inputs, encoderOf, see } = encoders;
  const network = inputNetwork({ inputs, outputs: space.size }, { ...settings, encoderOf });
  const { layout, init } = network;
  const unit = (actor: Tensor, seen: Seen) => {
    const action = network.apply(views(actor, layout), seen).tanh();
    return {
      action,
      penalty: (loss: Tensor) =>
        settings.actionPenalty > 0 ? loss.add(action.square().mean().mul(settings.actionPenalty)) : loss,
    };
  };
  return {
    space,
    layout,
    init,
    unit,
    act: (rows, { deterministic }) =>
      program(`${agent}-act`, (g) => {
        let { action } = unit(g.input('actor', [layout.size]), see(g, rows));
        if (!deterministic) {
          action = action.add(g.input('noise', [rows, space.size]).mul(settings.explorationNoise)).clip(-1, 1);
        }
        return { action: actionScale(g, space).fromUnit(action) };
      }),
    value: (name, size, q) => ({
      vectors: ['actor', name, ...encoders.vectors],
      program: (rows) =>
        program(`${agent}-value`, (g) => {
          const seen = see(g, rows);
          const { action } = unit(g.input('actor', [layout.size]), seen);
          return { value: q(g.input(name, [size]), seen, action) };
        }),
    }),
  };
}
