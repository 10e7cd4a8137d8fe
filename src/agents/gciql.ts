// Goal-conditioned implicit Q-learning (GCIQL: Park et al. 2025, arXiv 2410.20092, after IQL, arXiv 2110.06169).
import * as z from 'zod';
import { createSee } from '../nets/index.js';
import { type Graph, program } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { expectileLoss } from './implicit-values.js';
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
import { actingBy, gaussianActor, logProbability, pulledCloning, weightedCloning } from './offline-actors.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: GciqlConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, config);
  const pi = gaussianActor('gciql', spec, networks.policy());
  const action = pi.space.size;
  const q = parts.ensemble(2, networks.network({ action, outputs: 1 }));
  const v = parts.ensemble(1, networks.network({ outputs: 1 }));
  const see = createSee(spec.inputs, normalize);

  const learnValues = (g: Graph, rows: number): Learned => {
    const value = g.input('value', [v.layout.size]);
    const critics = g.input('critics', [q.layout.size]);
    const target = g.input('targetCritics', [q.layout.size]);
    const seen = see(g, rows, 'valueGoal');
    const done = pi.recorded(g, rows);

    // Value: the upper expectile of Q'(s, a, g) over recorded actions.
    const [worth] = v.values(value, seen);
    const surplus = parts.smallest(q.values(target, seen, done)).sub(worth);
    const valueLoss = expectileLoss(surplus, surplus, config.expectile);

    // Critics: r + gamma V(s', g).
    const { reward, alive } = stepCost(g, rows, 'valueGoal');
    const [next] = v.values(value, see.next(g, rows, 'valueGoal'));
    const y = reward.add(alive.mul(next).mul(config.discount)).stopGradient();
    const values = q.values(critics, seen, done);
    const criticLoss = parts.criticLoss(values, y);
    return {
      gradients: { ...gradients(valueLoss, { value }), ...gradients(criticLoss, { critics }) },
      metrics: { value_loss: valueLoss, critic_loss: criticLoss, v_mean: worth.mean(), q_mean: values[0].mean() },
    };
  };

  const learnActor = (g: Graph, rows: number): Learned => {
    const critics = g.input('critics', [q.layout.size]);
    const actor = g.input('actor', [pi.layout.size]);
    const seen = see(g, rows, 'actorGoal');
    const done = pi.recorded(g, rows);
    const mean = pi.mean(actor, seen);
    const logPi = logProbability(mean, done);
    const error = mean.sub(done).abs().mean();
    if (config.actorLoss === 'ddpg-bc') {
      const worth = parts.smallest(q.values(critics, seen, mean.clip(-1, 1)));
      const loss = pulledCloning(worth, logPi, config.alpha);
      return { gradients: gradients(loss, { actor }), metrics: { actor_loss: loss, action_error: error } };
    }
    const [worth] = v.values(g.input('value', [v.layout.size]), seen);
    const advantage = parts.smallest(q.values(critics, seen, done)).sub(worth);
    const loss = weightedCloning(advantage, logPi, config.alpha);
    return { gradients: gradients(loss, { actor }), metrics: { actor_loss: loss, action_error: error } };
  };

  return {
    spec,
    state: {
      ...trained({ value: v, critics: q, actor: pi }),
      targetCritics: { ...parts.parameters(q), copyOf: 'critics' },
    },
    steps: (rows) => ({
      actor: updateStep('gciql-actor', (g) => learnActor(g, rows), {
        divisible: config.actorLoss === 'awr',
        optimizerSteps: [adamStep('actor', config)],
      }),
      values: updateStep('gciql-values', (g) => learnValues(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('value', config), adamStep('critics', config)],
        averages: [{ vector: 'targetCritics', of: 'critics', tau: config.tau }],
      }),
    }),
    // The actor first: as in the reference it sees the values before they move.
    updateNames: () => ['actor', 'values'],
    batch: { goals: goalDraws(config) },
    ...actingBy('gciql', pi, see, config),
    value: {
      vectors: ['value'],
      program: (rows) =>
        program('gciql-value', (g) => ({ value: v.values(g.input('value', [v.layout.size]), see(g, rows))[0] })),
    },
  };
}

const config = z.strictObject({
  ...offlineConfig,
  ...bootstrapConfig,
  expectile: expectileConfig(0.9, 'OGBench: 0.9'),
  actorLoss: z
    .enum(['ddpg-bc', 'awr'])
    .default('ddpg-bc')
    .describe('the policy follows the critics and clones (ddpg-bc), or clones by advantage (awr)'),
  alpha: z
    .number()
    .min(0)
    .default(0.003)
    .describe(
      'weight of cloning in ddpg-bc (OGBench: point mazes 0.003, ant mazes 0.3, cubes 1); in awr what multiplies advantages (10)',
    ),
  ...bootstrapGoals(),
});

export type GciqlConfig = z.infer<typeof config>;

/** GCIQL: offline, continuous actions; values by expectiles, critics, a policy that follows them near the data. */
export const gciql: AgentDefinition<GciqlConfig> = {
  name: 'gciql',
  description: 'offline: goal-conditioned implicit Q-learning, policy by DDPG+BC',
  paper: 'Park et al. 2025, arXiv 2410.20092; IQL: Kostrikov et al. 2021, arXiv 2110.06169',
  ...offlineDefinition,
  config,
  create,
};
