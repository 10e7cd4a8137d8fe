// TD3+BC (Fujimoto & Gu 2021, arXiv 2106.06860): TD3 whose actor also imitates the actions of the batch.
import * as z from 'zod';
import type { AgentDefinition } from './agent.js';
import { offlineSettings } from './offline.js';
import { type ActorLoss, td3Config, twinDelayed } from './td3.js';

/** -lambda E[Q(s, pi(s))] + E[(pi(s) - a)^2], lambda = alpha / E|Q|: of the batch, so that it cannot be divided. */
const followAndClone = (alpha: number): ActorLoss => ({
  divisible: false,
  of(q, action, recorded) {
    const lambda = q.abs().mean().add(1e-6).stopGradient();
    return q.mean().div(lambda).mul(-alpha).add(action.sub(recorded).square().mean());
  },
});

const config = z.strictObject({
  ...td3Config,
  learningRate: td3Config.learningRate.default(3e-4).describe('Adam step size of actor and critics (paper: 3e-4)'),
  discount: td3Config.discount.default(0.99).describe('gamma (paper: 0.99)'),
  alpha: z
    .number()
    .min(0)
    .default(2.5)
    .describe('weight of following the critics against imitating (paper: 2.5); 0 imitates alone'),
});

export type Td3BcConfig = z.infer<typeof config>;

/** TD3+BC: offline, continuous actions; goals and rewards as hindsight has them. */
export const td3Bc: AgentDefinition<Td3BcConfig> = {
  name: 'td3-bc',
  description: 'offline: TD3 whose actor also imitates the data; the smallest offline change of an online agent',
  paper: 'Fujimoto & Gu 2021, arXiv 2106.06860',
  learning: 'off-policy',
  actions: ['box'],
  offline: true,
  settings: { ...offlineSettings, relabel: 'future:4' },
  config,
  create: (spec, settings, options) => twinDelayed('td3-bc', spec, settings, options, followAndClone(settings.alpha)),
};
