// Subgoal advantage-weighted policy bootstrapping (SAW: Zhou & Kao 2025, arXiv 2505.14975): a flat policy that a policy for near goals teaches.
import { z } from 'zod';
import { createSee, jointNetworks, type Seen, views } from '../nets/index.js';
import { type Graph, program } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { goalRepresentation } from './goal-representation.js';
import { implicitValueLoss } from './implicit-values.js';
import {
  bootstrapConfig,
  goalConfig,
  goalDraw,
  isAhead,
  type OfflineNetworks,
  offlineConfig,
  offlineNetworks,
  offlineSettings,
  type PolicyNetwork,
  stepCost,
} from './offline.js';
import { advantageWeight, gaussianActor, logProbability, weightedCloning } from './offline-actors.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

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
  const phi = goalRepresentation(networks, spec.inputs, config.representation);
  const v = parts.ensemble(2, networks.network({ inputs: phi.inputs, outputs: 1 }));
  const pi = gaussianActor('saw', spec, representedPolicy(networks, spec, config.representation));
  const sub = networks.policy()(pi.space.size);
  const see = createSee(spec.inputs, normalize);

  const represent = (g: Graph) => {
    const parameters = views(g.input('representation', [phi.layout.size]), phi.layout);
    return (seen: Seen) => phi.encode(parameters, seen);
  };

  const learn = (g: Graph, rows: number): Learned => {
    const representation = g.input('representation', [phi.layout.size]);
    const value = g.input('value', [v.layout.size]);
    const target = g.input('targetValue', [v.layout.size]);
    const actor = g.input('actor', [pi.layout.size]);
    const subActor = g.input('subActor', [sub.layout.size]);
    const encode = represent(g);

    // Value of V(s, phi(s, g)), as HIQL.
    const seen = encode(see(g, rows, 'valueGoal'));
    const values = v.values(value, seen);
    const valueLoss = implicitValueLoss(
      {
        ...stepCost(g, rows, 'valueGoal'),
        values,
        targets: v.values(target, seen),
        nextTargets: v.values(target, encode(see.next(g, rows, 'valueGoal'))),
      },
      config,
    );
    const worth = (state: Seen) => parts.average(v.values(value, encode(state)));

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
        ...gradients(valueLoss, { representation, value }),
        ...gradients(subLoss, { subActor }),
        ...gradients(cloneLoss.add(bootstrapLoss), { actor }),
      },
      metrics: {
        value_loss: valueLoss,
        v_mean: parts.average(values).mean(),
        sub_actor_loss: subLoss,
        awr_loss: cloneLoss,
        bootstrap_loss: bootstrapLoss,
        action_error: mean.sub(action).abs().mean(),
      },
    };
  };

  const vectors = ['representation', 'value', 'actor', 'subActor'] as const;
  const networkOf = { representation: phi, value: v, actor: pi, subActor: sub };
  return {
    spec,
    state: {
      representation: parts.parameters(phi),
      value: parts.parameters(v),
      targetValue: { ...parts.parameters(v), copyOf: 'value' },
      actor: parts.parameters(pi),
      subActor: parts.parameters(sub),
      ...Object.assign({}, ...vectors.map((name) => moments(name, networkOf[name].layout))),
    },
    steps: (rows) => ({
      learn: updateStep('saw', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: vectors.map((name) => adamStep(name, config)),
        averages: [{ vector: 'targetValue', of: 'value', tau: config.tau }],
      }),
    }),
    updateNames: () => ['learn'],
    batch: {
      goals: {
        valueGoal: goalDraw(config.valueGoals, config.discount),
        actorGoal: goalDraw(config.actorGoals, config.discount),
        subgoal: { ahead: config.subgoalSteps },
        waypoint: { ahead: config.subgoalSteps, towards: 'actorGoal' },
      },
    },
    policyVectors: ['actor'],
    actionNoise: pi.space.size,
    act: pi.act('saw-act', see, config.explorationNoise),
    value: {
      vectors: ['representation', 'value'],
      program: (rows) =>
        program('saw-value', (g) => ({
          value: parts.average(v.values(g.input('value', [v.layout.size]), represent(g)(see(g, rows)))),
        })),
    },
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

const alpha = (of: string) =>
  z.number().min(0).default(3).describe(`what multiplies the advantages that weigh ${of} (paper: 3)`);

const config = z.strictObject({
  ...offlineConfig,
  ...bootstrapConfig,
  expectile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.7)
    .describe(
      'how much more outcomes above the value count than those below (paper: 0.7; cube-single 0.9); 0.5 is the mean',
    ),
  alpha: alpha('recorded actions'),
  subAlpha: alpha('recorded actions in the policy for near goals'),
  waypointAlpha: alpha('what that policy teaches').describe(
    'what multiplies the advantages of waypoints, by which that policy teaches (paper: 3; manipulation 1, cube-single 0.3)',
  ),
  subgoalSteps: z
    .int()
    .min(1)
    .max(10_000)
    .default(25)
    .describe('steps to near goals and waypoints (paper: 25; humanoids 100, manipulation 10)'),
  representation: z.int().min(1).max(1024).default(10).describe('numbers that goals are represented by (paper: 10)'),
  valueGoals: goalConfig('values', { current: 0.2, future: 0.5, random: 0.3, offsets: 'geometric' }, true),
  actorGoals: goalConfig('the policy', { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

export type SawConfig = z.infer<typeof config>;

/** SAW: offline, continuous actions; HIQL's subgoals in training, a flat policy in use. */
export const saw: AgentDefinition<SawConfig> = {
  name: 'saw',
  description: 'offline: implicit values, a flat policy taught by one for subgoals; the strongest of the simple ones',
  paper: 'Zhou & Kao 2025, arXiv 2505.14975',
  learning: 'off-policy',
  actions: ['box'],
  needsGoals: true,
  settings: offlineSettings,
  config,
  create,
};
