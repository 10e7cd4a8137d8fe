// Goal-conditioned behaviour cloning (GCBC: Ghosh et al. 2019, arXiv 1912.06088): every action was right for what it led to.
import * as z from 'zod';
import { createSee } from '../nets/index.js';
import type { Graph } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { goalConfig, goalDraw, offlineConfig, offlineDefinition, offlineNetworks } from './offline.js';
import { actingBy, gaussianActor, logProbability } from './offline-actors.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: GcbcConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, { ...config, layerNorm: false });
  const pi = gaussianActor('gcbc', spec, networks.policy());
  const see = createSee(spec.inputs, normalize);

  const learn = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [pi.layout.size]);
    const action = pi.recorded(g, rows);
    const mean = pi.mean(actor, see(g, rows, 'actorGoal'));
    // A goal that the run holds out gives way to the episode's own, of which nobody knows whether the action led there.
    const told = g.input('actorGoal.relabelled', [rows, 1], 'uint8').cast(g.dtype);
    const loss = logProbability(mean, action).mul(told).mean().neg();
    return {
      gradients: gradients(loss, { actor }),
      metrics: { actor_loss: loss, action_error: mean.sub(action).abs().mean() },
    };
  };

  return {
    spec,
    state: trained({ actor: pi }),
    steps: (rows) => ({
      learn: updateStep('gcbc', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('actor', config)],
      }),
    }),
    updateNames: () => ['learn'],
    batch: { goals: { actorGoal: goalDraw(config.actorGoals, config.discount) } },
    ...actingBy('gcbc', pi, see, config),
  };
}

const { layerNorm: _, ...policyConfig } = offlineConfig;

const config = z.strictObject({
  ...policyConfig,
  discount: z.number().gt(0).lt(1).default(0.99).describe('of geometric offsets of goals; nothing else is discounted'),
  actorGoals: goalConfig('the policy', { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

export type GcbcConfig = z.infer<typeof config>;

/** GCBC: offline, continuous actions; the baseline that no value helps. */
export const gcbc: AgentDefinition<GcbcConfig> = {
  name: 'gcbc',
  description: 'offline: goal-conditioned behaviour cloning of what led to a goal, the baseline without values',
  paper: 'Ghosh et al. 2019, arXiv 1912.06088; Park et al. 2025, arXiv 2410.20092',
  ...offlineDefinition,
  config,
  create,
};
