// Rewards for goals that are pictures: from the distance of embeddings, learned or random, in place of the environment's own.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { createSee, type InputSpec, inputNetwork, type Seen, views } from '../nets/index.js';
import type { Graph, Tensor } from '../tensor/index.js';
import type { Agent, UpdateStep } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { chooseEncoders, type EncoderSettings } from './encoder-settings.js';
import * as parts from './parts.js';
import { adamStep, gradients, moments, updateStep } from './update-step.js';

export const goalRewardConfig = {
  goalReward: z
    .enum(['env', 'learned', 'random'])
    .default('env')
    .describe(
      'what rewards are made of where goals are pictures: env: what the environment computes of its state; learned: the distance of embeddings in which actions are displacements; random: of frozen random ones',
    ),
  goalRewardTolerance: z
    .number()
    .positive()
    .nullable()
    .default(0.5)
    .describe(
      'of learned and random: distance at which the reward is 0 and beyond which it is -1, for learned in full steps; null: minus the distance',
    ),
};

interface Config {
  readonly goalReward: 'env' | 'learned' | 'random';
  readonly goalRewardTolerance: number | null;
  readonly encoders: EncoderSettings;
  readonly nStep: number;
  readonly learningRate: number;
  readonly learningRateDecay: number;
}

/** What an agent adds to its own to have such rewards. */
export interface GoalRewards {
  readonly state: Agent['state'];
  /** Learns the embedding, before the agent's own steps. */
  steps(rows: number): Readonly<Record<string, UpdateStep>>;
  readonly stepNames: readonly string[];
  /** [rows, 1], of what the action led to under the batch's goal; the environment's where nothing else is asked for. */
  reward(g: Graph, rows: number, given: Tensor): Tensor;
  readonly rewardRange: readonly [number, number];
}

const VECTOR = 'embedding';
/** Numbers of a random embedding. */
const RANDOM_SIZE = 32;

/** What another input says of where to look is not there: the picture of a goal has no such input beside it. */
function refuseBy(name: string, goalReward: string, settings: EncoderSettings): void {
  for (const [input, { kind, by }] of Object.entries(settings)) {
    if (typeof by !== 'string') continue;
    const fix = kind === 'film' ? 'take another kind, such as convolution' : 'leave it out';
    throw new UsageError(
      `${name}: agent.goalReward is "${goalReward}", whose embeddings see pictures alone, but agent.encoders.${input}.by is "${by}"; ${fix}, or leave agent.goalReward at "env".`,
    );
  }
}

/**
 * `learned`: f(s') - f(s) = a, the inverse model of an action (Agrawal et al. 2016, arXiv 1606.07419; Pathak et al. 2017,
 * arXiv 1705.05363) with the difference of two embeddings as its head. So f is in units of full steps, whatever an action
 * does not move counts for nothing, and a distance is how many steps lie between two pictures. `random`: the same network
 * as it was drawn, its numbers normalised; the baseline of Nair et al. 2018 (arXiv 1807.04742) and others.
 */
export function goalRewards(name: string, spec: AgentSpec, config: Config): GoalRewards {
  const { goalReward, goalRewardTolerance: tolerance } = config;
  if (goalReward === 'env') {
    return {
      state: {},
      steps: () => ({}),
      stepNames: [],
      reward: (_g, _rows, given) => given,
      rewardRange: spec.rewardRange,
    };
  }
  const goals = spec.inputs.filter(({ shows }) => shows !== undefined);
  if (goals.length === 0) {
    throw new UsageError(
      `${name}: agent.goalReward is "${goalReward}", but no goal is a picture here; set env.camera.goal=true, or leave it at "env".`,
    );
  }
  if (spec.successEndsEpisode) {
    throw new UsageError(
      `${name}: agent.goalReward is "${goalReward}", but episodes end where the environment's state says that the goal is reached, and that end would be learned from; set env.successEndsEpisode=false, or leave it at "env".`,
    );
  }
  if (config.nStep > 1) {
    throw new UsageError(
      `${name}: agent.goalReward "${goalReward}" is of single steps, but agent.nStep is ${config.nStep}; set it to 1.`,
    );
  }
  const cameras = goals.map(({ shows }) => spec.inputs.find((input) => input.name === shows) as InputSpec);
  const size = goalReward === 'learned' ? parts.boxActions(name, spec).size : RANDOM_SIZE;
  const settings = Object.fromEntries(
    Object.entries(config.encoders).filter(([of]) => cameras.some((one) => one.name === of)),
  );
  refuseBy(name, goalReward, settings);
  const network = inputNetwork(
    { inputs: cameras, outputs: size },
    { goalForm: 'concat', hidden: [], encoder: [], encoderOf: chooseEncoders(cameras, settings) },
  );
  const look = createSee(cameras, false);
  const lookAtBoth = createSee([...cameras, ...goals], false);
  const vector = (g: Graph) => g.input(VECTOR, [network.layout.size]);
  const embed = (g: Graph, seen: Seen) => {
    const y = network.apply(views(vector(g), network.layout), seen);
    return goalReward === 'learned' ? y : y.layerNorm();
  };
  /** The goal's pictures as if the camera saw them. */
  const wanted = (seen: Seen): Seen =>
    Object.fromEntries(goals.map(({ name: goal, shows }) => [shows as string, seen[goal]]));

  const learn = (rows: number) =>
    updateStep(
      `${name}-embedding`,
      (g) => {
        const action = parts.actionScale(g, parts.boxActions(name, spec)).toUnit(g.input('action', [rows, size]));
        const moved = embed(g, look.next(g, rows)).sub(embed(g, look(g, rows)));
        const loss = moved.sub(action).square().mean();
        return { gradients: gradients(loss, { [VECTOR]: vector(g) }), metrics: { embedding_loss: loss } };
      },
      { divisible: true, optimizerSteps: [adamStep(VECTOR, config)] },
    );
  const learns = goalReward === 'learned';
  return {
    state: { [VECTOR]: parts.parameters(network), ...(learns && moments(VECTOR, network.layout)) },
    steps: (rows): Record<string, UpdateStep> => (learns ? { embedding: learn(rows) } : {}),
    stepNames: learns ? ['embedding'] : [],
    reward(g, rows) {
      const seen = lookAtBoth.next(g, rows);
      const apart = embed(g, seen)
        .sub(embed(g, wanted(seen)))
        .square();
      const distance = (learns ? apart.sum([1], { keepDims: true }) : apart.mean([1], { keepDims: true }))
        .add(1e-12)
        .sqrt();
      const reward = tolerance === null ? distance.neg() : distance.lessEqual(tolerance).cast(g.dtype).sub(1);
      return reward.stopGradient();
    },
    rewardRange: tolerance === null ? [Number.NEGATIVE_INFINITY, 0] : [-1, 0],
  };
}
