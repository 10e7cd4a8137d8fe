// Hierarchical implicit Q-learning (HIQL: Park et al. 2023, arXiv 2307.11949): one value, a policy over subgoals, one over actions.
import * as z from 'zod';
import { createSee, type Seen } from '../nets/index.js';
import type { Graph, Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { lengthNormalized } from './goal-representation.js';
import { bootstrapGoals, isAhead, offlineConfig, offlineDefinition, offlineNetworks } from './offline.js';
import { actingBy, gaussianActor, logProbability, weightedCloning } from './offline-actors.js';
import { representedConfig, representedValues, subgoalDraws } from './represented-values.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: HiqlConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, config);
  const see = createSee(spec.inputs, normalize);
  const values = representedValues(networks, spec, config, see);
  const high = networks.policy()(config.representation);
  const low = gaussianActor('hiql', spec, networks.policy(values.phi.inputs), 'lowActor');

  const learn = (g: Graph, rows: number): Learned => {
    const value = values.learn(g, rows);
    const encode = values.encoder(g);
    const worth = (state: Seen) => values.worth(g, state);

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
        ...value.gradients,
        ...gradients(lowLoss, { lowActor }),
        ...gradients(highLoss, { highActor }),
      },
      metrics: {
        ...value.metrics,
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

  const policies = { lowActor: low, highActor: high };
  const vectors = ['representation', 'value', ...Object.keys(policies)];
  return {
    spec,
    state: { ...values.state, ...trained(policies) },
    steps: (rows) => ({
      learn: updateStep('hiql', (g) => learn(g, rows), {
        divisible: true,
        optimizerSteps: vectors.map((name) => adamStep(name, config)),
        averages: [{ vector: 'targetValue', of: 'value', tau: config.tau }],
      }),
    }),
    updateNames: () => ['learn'],
    batch: { goals: subgoalDraws(config) },
    ...actingBy('hiql', low, seeSubgoal, config),
    policyVectors: ['lowActor', 'highActor'],
    value: values.estimate('hiql-value'),
  };
}

const alpha = (of: string) =>
  z.number().min(0).default(3).describe(`what multiplies the advantages that weigh ${of} (OGBench: 3)`);

const config = z.strictObject({
  ...offlineConfig,
  ...representedConfig,
  lowAlpha: alpha('actions'),
  highAlpha: alpha('subgoals'),
  ...bootstrapGoals('the high policy'),
});

export type HiqlConfig = z.infer<typeof config>;

/** HIQL: offline, continuous actions; implicit values, subgoals some steps ahead, actions towards them. */
export const hiql: AgentDefinition<HiqlConfig> = {
  name: 'hiql',
  description: 'offline: implicit values, a policy over subgoals and one over actions',
  paper: 'Park et al. 2023, arXiv 2307.11949',
  ...offlineDefinition,
  config,
  create,
};
