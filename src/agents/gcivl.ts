// Goal-conditioned implicit V-learning (GCIVL: Park et al. 2025, arXiv 2410.20092, after IQL, arXiv 2110.06169).
import { z } from 'zod';
import { createSee, type Seen } from '../nets/index.js';
import { type Graph, program } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { implicitValueLoss } from './implicit-values.js';
import {
  bootstrapConfig,
  goalConfig,
  goalDraw,
  offlineConfig,
  offlineNetworks,
  offlineSettings,
  stepCost,
} from './offline.js';
import { gaussianActor, logProbability, weightedCloning } from './offline-actors.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: GcivlConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, config);
  const v = parts.ensemble(2, networks.network({ outputs: 1 }));
  const pi = gaussianActor('gcivl', spec, networks.policy());
  const see = createSee(spec.inputs, normalize);

  const learn = (g: Graph, rows: number): Learned => {
    const value = g.input('value', [v.layout.size]);
    const target = g.input('targetValue', [v.layout.size]);
    const actor = g.input('actor', [pi.layout.size]);

    // Value: the upper expectile of r + gamma V'(s', g).
    const seen = see(g, rows, 'valueGoal');
    const values = v.values(value, seen);
    const valueLoss = implicitValueLoss(
      {
        ...stepCost(g, rows, 'valueGoal'),
        values,
        targets: v.values(target, seen),
        nextTargets: v.values(target, see.next(g, rows, 'valueGoal')),
      },
      config,
    );

    // Actor: clones actions, the more the nearer they come to the goal.
    const worth = (state: Seen) => parts.average(v.values(value, state));
    const now = see(g, rows, 'actorGoal');
    const advantage = worth(see.next(g, rows, 'actorGoal')).sub(worth(now));
    const action = pi.recorded(g, rows);
    const mean = pi.mean(actor, now);
    const actorLoss = weightedCloning(advantage, logProbability(mean, action), config.alpha);
    return {
      gradients: { ...gradients(valueLoss, { value }), ...gradients(actorLoss, { actor }) },
      metrics: {
        value_loss: valueLoss,
        v_mean: parts.average(values).mean(),
        actor_loss: actorLoss,
        advantage: advantage.mean(),
        action_error: mean.sub(action).abs().mean(),
      },
    };
  };

  return {
    spec,
    state: {
      value: parts.parameters(v),
      targetValue: { ...parts.parameters(v), copyOf: 'value' },
      actor: parts.parameters(pi),
      ...moments('value', v.layout),
      ...moments('actor', pi.layout),
    },
    steps: (rows) => ({
      learn: updateStep('gcivl', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('value', config), adamStep('actor', config)],
        averages: [{ vector: 'targetValue', of: 'value', tau: config.tau }],
      }),
    }),
    updateNames: () => ['learn'],
    batch: {
      goals: {
        valueGoal: goalDraw(config.valueGoals, config.discount),
        actorGoal: goalDraw(config.actorGoals, config.discount),
      },
    },
    policyVectors: ['actor'],
    actionNoise: pi.space.size,
    act: pi.act('gcivl-act', see, config.explorationNoise),
    value: {
      vectors: ['value'],
      program: (rows) =>
        program('gcivl-value', (g) => ({
          value: parts.average(v.values(g.input('value', [v.layout.size]), see(g, rows))),
        })),
    },
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

const config = z.strictObject({
  ...offlineConfig,
  ...bootstrapConfig,
  expectile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.9)
    .describe('how much more outcomes above the value count than those below (OGBench: 0.9); 0.5 is the mean'),
  alpha: z
    .number()
    .min(0)
    .default(10)
    .describe('what an advantage of 1 multiplies the weight of an action by, as a logarithm (OGBench: 10)'),
  valueGoals: goalConfig('values', { current: 0.2, future: 0.5, random: 0.3, offsets: 'geometric' }, true),
  actorGoals: goalConfig('the policy', { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

export type GcivlConfig = z.infer<typeof config>;

/** GCIVL: offline, continuous actions; values by expectiles, a policy by weighted cloning. */
export const gcivl: AgentDefinition<GcivlConfig> = {
  name: 'gcivl',
  description: 'offline: goal-conditioned implicit V-learning, policy by advantage-weighted cloning',
  paper: 'Park et al. 2025, arXiv 2410.20092; IQL: Kostrikov et al. 2021, arXiv 2110.06169',
  learning: 'off-policy',
  actions: ['box'],
  needsGoals: true,
  settings: offlineSettings,
  config,
  create,
};
