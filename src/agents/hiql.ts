// Hierarchical implicit Q-learning (HIQL: Park et al. 2023, arXiv 2307.11949): one value, a policy over subgoals, one over actions.
import { z } from 'zod';
import { createSee, type Seen, views } from '../nets/index.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { goalRepresentation, lengthNormalized } from './goal-representation.js';
import { implicitValueLoss } from './implicit-values.js';
import {
  bootstrapConfig,
  goalConfig,
  goalDraw,
  isAhead,
  offlineConfig,
  offlineNetworks,
  offlineSettings,
  stepCost,
} from './offline.js';
import { gaussianActor, logProbability, weightedCloning } from './offline-actors.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: HiqlConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, config);
  const phi = goalRepresentation(networks, spec.inputs, config.representation);
  const v = parts.ensemble(2, networks.network({ inputs: phi.inputs, outputs: 1 }));
  const high = networks.policy()(config.representation);
  const low = gaussianActor('hiql', spec, networks.policy(phi.inputs), 'lowActor');
  const see = createSee(spec.inputs, normalize);

  const represent = (g: Graph) => {
    const parameters = views(g.input('representation', [phi.layout.size]), phi.layout);
    return (seen: Seen) => phi.encode(parameters, seen);
  };

  const learn = (g: Graph, rows: number): Learned => {
    const representation = g.input('representation', [phi.layout.size]);
    const value = g.input('value', [v.layout.size]);
    const target = g.input('targetValue', [v.layout.size]);
    const encode = represent(g);

    // Value of V(s, phi(s, g)), as GCIVL; phi has no target of its own.
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
    const worth = (state: Seen) => parts.average(v.values(value, state));

    // Low: the action, for what is achieved `subgoalSteps` later, by how much nearer it comes to that.
    const near = encode(see(g, rows, 'subgoal'));
    const lowAdvantage = worth(encode(see.next(g, rows, 'subgoal'))).sub(worth(near));
    const action = low.recorded(g, rows);
    const lowActor = g.input('lowActor', [low.layout.size]);
    const mean = low.mean(lowActor, { ...near, goal: near.goal.stopGradient() });
    const lowLoss = weightedCloning(lowAdvantage, logProbability(mean, action), config.lowAlpha);

    // High: phi of the state that many steps on the way to the goal, by how much nearer it is to the goal.
    const now = see(g, rows, 'actorGoal');
    const highAdvantage = worth(encode(see.achieving(g, rows, 'waypoint', 'actorGoal'))).sub(worth(encode(now)));
    const waypoint = encode(see(g, rows, 'waypoint')).goal.stopGradient();
    const highActor = g.input('highActor', [high.layout.size]);
    const highLoss = weightedCloning(
      highAdvantage,
      logProbability(high.mean(highActor, now), waypoint).mul(isAhead(g, rows, 'waypoint')),
      config.highAlpha,
    );
    return {
      gradients: {
        ...gradients(valueLoss, { representation, value }),
        ...gradients(lowLoss, { lowActor }),
        ...gradients(highLoss, { highActor }),
      },
      metrics: {
        value_loss: valueLoss,
        v_mean: parts.average(values).mean(),
        low_actor_loss: lowLoss,
        high_actor_loss: highLoss,
        action_error: mean.sub(action).abs().mean(),
      },
    };
  };

  /** What the low policy sees: the subgoal that the high one chooses, in place of the goal. */
  function seeSubgoal(g: Graph, rows: number): Seen {
    const seen = see(g, rows);
    const subgoal: Tensor = lengthNormalized(high.mean(g.input('highActor', [high.layout.size]), seen));
    return { ...seen, goal: subgoal };
  }

  const vectors = ['representation', 'value', 'lowActor', 'highActor'] as const;
  const networkOf = { representation: phi, value: v, lowActor: low, highActor: high };
  return {
    spec,
    state: {
      representation: parts.parameters(phi),
      value: parts.parameters(v),
      targetValue: { ...parts.parameters(v), copyOf: 'value' },
      lowActor: parts.parameters(low),
      highActor: parts.parameters(high),
      ...Object.assign({}, ...vectors.map((name) => moments(name, networkOf[name].layout))),
    },
    steps: (rows) => ({
      learn: updateStep('hiql', (g) => learn(g, rows), {
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
    policyVectors: ['lowActor', 'highActor'],
    actionNoise: low.space.size,
    act: low.act('hiql-act', seeSubgoal, config.explorationNoise),
    value: {
      vectors: ['representation', 'value'],
      program: (rows) =>
        program('hiql-value', (g) => ({
          value: parts.average(v.values(g.input('value', [v.layout.size]), represent(g)(see(g, rows)))),
        })),
    },
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

const alpha = (of: string) =>
  z.number().min(0).default(3).describe(`what multiplies the advantages that weigh ${of} (OGBench: 3)`);

const config = z.strictObject({
  ...offlineConfig,
  ...bootstrapConfig,
  expectile: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.7)
    .describe('how much more outcomes above the value count than those below (OGBench: 0.7); 0.5 is the mean'),
  lowAlpha: alpha('actions'),
  highAlpha: alpha('subgoals'),
  subgoalSteps: z
    .int()
    .min(1)
    .max(10_000)
    .default(25)
    .describe('steps to a subgoal (OGBench: 25; humanoids 100, manipulation 10)'),
  representation: z.int().min(1).max(1024).default(10).describe('numbers that goals are represented by (OGBench: 10)'),
  valueGoals: goalConfig('values', { current: 0.2, future: 0.5, random: 0.3, offsets: 'geometric' }, true),
  actorGoals: goalConfig('the high policy', { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

export type HiqlConfig = z.infer<typeof config>;

/** HIQL: offline, continuous actions; implicit values, subgoals some steps ahead, actions towards them. */
export const hiql: AgentDefinition<HiqlConfig> = {
  name: 'hiql',
  description: 'offline: implicit values, a policy over subgoals and one over actions',
  paper: 'Park et al. 2023, arXiv 2307.11949',
  learning: 'off-policy',
  actions: ['box'],
  needsGoals: true,
  settings: offlineSettings,
  config,
  create,
};
