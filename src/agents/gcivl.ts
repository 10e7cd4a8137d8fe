// Goal-conditioned implicit V-learning (GCIVL: Park et al. 2025, arXiv 2410.20092, after IQL, arXiv 2110.06169).
import * as z from 'zod';
import { createSee, type Seen } from '../nets/index.js';
import { type Graph, program } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { implicitValueLoss } from './implicit-values.js';
import {
  bootstrapConfig,
  bootstrapGoals,
  expectileConfig,
  goalDraws,
  offlineConfig,
  offlineDefinition,
  offlineNetworks,
  stepCost,
} from './offline.js';
import { actingBy, gaussianActor, logProbability, weightedCloning } from './offline-actors.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

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
      ...trained({ value: v, actor: pi }),
      targetValue: { ...parts.parameters(v), copyOf: 'value' },
    },
    steps: (rows) => ({
      learn: updateStep('gcivl', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('value', config), adamStep('actor', config)],
        averages: [{ vector: 'targetValue', of: 'value', tau: config.tau }],
      }),
    }),
    updateNames: () => ['learn'],
    batch: { goals: goalDraws(config) },
    ...actingBy('gcivl', pi, see, config),
    value: {
      vectors: ['value'],
      program: (rows) =>
        program('gcivl-value', (g) => ({
          value: parts.average(v.values(g.input('value', [v.layout.size]), see(g, rows))),
        })),
    },
  };
}

const config = z.strictObject({
  ...offlineConfig,
  ...bootstrapConfig,
  expectile: expectileConfig(0.9, 'OGBench: 0.9'),
  alpha: z
    .number()
    .min(0)
    .default(10)
    .describe('what an advantage of 1 multiplies the weight of an action by, as a logarithm (OGBench: 10)'),
  ...bootstrapGoals(),
});

export type GcivlConfig = z.infer<typeof config>;

/** GCIVL: offline, continuous actions; values by expectiles, a policy by weighted cloning. */
export const gcivl: AgentDefinition<GcivlConfig> = {
  name: 'gcivl',
  description: 'offline: goal-conditioned implicit V-learning, policy by advantage-weighted cloning',
  paper: 'Park et al. 2025, arXiv 2410.20092; IQL: Kostrikov et al. 2021, arXiv 2110.06169',
  ...offlineDefinition,
  config,
  create,
};
