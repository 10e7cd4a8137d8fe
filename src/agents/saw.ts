// Subgoal advantage-weighted policy bootstrapping (SAW: Zhou & Kao 2025, arXiv 2505.14975): a flat policy that a policy for near goals teaches.
import * as z from 'zod';
import { createSee, jointNetworks, type Seen } from '../nets/index.js';
import type { Graph } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { goalRepresentation } from './goal-representation.js';
import {
  bootstrapGoals,
  isAhead,
  type OfflineNetworks,
  offlineConfig,
  offlineDefinition,
  offlineNetworks,
  type PolicyNetwork,
} from './offline.js';
import { actingBy, advantageWeight, gaussianActor, logProbability, weightedCloning } from './offline-actors.js';
import { representedConfig, representedValues, subgoalDraws } from './represented-values.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

/** A policy that sees goals through a representation of its own, which learns with it. */
function representedPolicy(networks: OfflineNetworks, spec: AgentSpec, size: number) {
  return (outputs: number): PolicyNetwork => {
    const phi = goalRepresentation(networks, spec.inputs, size);
    const policy = networks.policy(phi.inputs)(outputs);
    const all = jointNetworks({ representation: phi, policy });
    return {
      layout: all.layout,
      init: all.init,
      mean(flat, seen) {
        const [, own] = flat.split([phi.layout.size, policy.layout.size], 0);
        return policy.mean(own, phi.encode(all.views(flat).representation, seen));
      },
    };
  };
}

function create(spec: AgentSpec, config: SawConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, config);
  const see = createSee(spec.inputs, normalize);
  const values = representedValues(networks, spec, config, see);
  const pi = gaussianActor('saw', spec, representedPolicy(networks, spec, config.representation));
  const sub = networks.policy()(pi.space.size);

  const learn = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [pi.layout.size]);
    const subActor = g.input('subActor', [sub.layout.size]);
    const value = values.learn(g, rows);
    const encode = values.encoder(g);
    const worth = (state: Seen) => values.worth(g, encode(state));

    // The policy for near goals, which are achieved `subgoalSteps` later.
    const action = pi.recorded(g, rows);
    const near = see(g, rows, 'subgoal');
    const nearAdvantage = worth(see.next(g, rows, 'subgoal')).sub(worth(near));
    const subLoss = weightedCloning(nearAdvantage, logProbability(sub.mean(subActor, near), action), config.subAlpha);

    // The policy for all goals clones actions, and what the other one does for a waypoint: the more, the better its way.
    const now = see(g, rows, 'actorGoal');
    const worthNow = worth(now);
    const mean = pi.mean(actor, now);
    const advantage = worth(see.next(g, rows, 'actorGoal')).sub(worthNow);
    const cloneLoss = weightedCloning(advantage, logProbability(mean, action), config.alpha);
    const taught = sub.mean(subActor, see(g, rows, 'waypoint')).stopGradient();
    const gained = worth(see.achieving(g, rows, 'waypoint', 'actorGoal')).sub(worthNow);
    const distance = mean
      .sub(taught)
      .square()
      .sum([1], { keepDims: true })
      .mul(isAhead(g, rows, 'waypoint'));
    const bootstrapLoss = advantageWeight(gained, config.waypointAlpha).mul(distance).mean();
    return {
      gradients: {
        ...value.gradients,
        ...gradients(subLoss, { subActor }),
        ...gradients(cloneLoss.add(bootstrapLoss), { actor }),
      },
      metrics: {
        ...value.metrics,
        sub_actor_loss: subLoss,
        awr_loss: cloneLoss,
        bootstrap_loss: bootstrapLoss,
        action_error: mean.sub(action).abs().mean(),
      },
    };
  };

  const policies = { actor: pi, subActor: sub };
  const vectors = ['representation', 'value', ...Object.keys(policies)];
  return {
    spec,
    state: { ...values.state, ...trained(policies) },
    steps: (rows) => ({
      learn: updateStep('saw', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: vectors.map((name) => adamStep(name, config)),
        averages: [{ vector: 'targetValue', of: 'value', tau: config.tau }],
      }),
    }),
    updateNames: () => ['learn'],
    batch: { goals: subgoalDraws(config) },
    ...actingBy('saw', pi, see, config),
    value: values.estimate('saw-value'),
  };
}

const alpha = (of: string) =>
  z.number().min(0).default(3).describe(`what multiplies the advantages that weigh ${of} (paper: 3)`);

const config = z.strictObject({
  ...offlineConfig,
  ...representedConfig,
  alpha: alpha('recorded actions'),
  subAlpha: alpha('recorded actions in the policy for near goals'),
  waypointAlpha: alpha('what that policy teaches').describe(
    'what multiplies the advantages of waypoints, by which that policy teaches (paper: 3; manipulation 1, cube-single 0.3)',
  ),
  ...bootstrapGoals(),
});

export type SawConfig = z.infer<typeof config>;

/** SAW: offline, continuous actions; HIQL's subgoals in training, a flat policy in use. */
export const saw: AgentDefinition<SawConfig> = {
  name: 'saw',
  description: 'offline: implicit values, a flat policy taught by one for subgoals; the strongest of the simple ones',
  paper: 'Zhou & Kao 2025, arXiv 2505.14975',
  ...offlineDefinition,
  config,
  create,
};
