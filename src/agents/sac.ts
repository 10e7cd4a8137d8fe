// Soft actor-critic with learned temperature (Haarnoja et al. 2018, arXiv 1812.05905) on [s; g; a].
import * as z from 'zod';
import { inputNetwork, noiseInput, type Seen, views } from '../nets/index.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { criticInputs, privilegedCriticConfig, withPrivileged } from './critic-inputs.js';
import { type InputEncoders, inputEncoders, pictureConfig, sharedEncoderConfig } from './encoders.js';
import { goalRewardConfig, goalRewards } from './goal-rewards.js';
import * as parts from './parts.js';
import { mode, sample } from './squashed-gaussian.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

/** What SAC asks of its critics; TQC brings others. Targets are T numbers per row: here one, there the atoms kept. */
export interface SoftCritics extends Pick<parts.Critics, 'layout' | 'init'> {
  /** What targets take from the next state: [B, T], from the parameters of the target networks. */
  next(target: Tensor, seen: Seen, action: Tensor): Tensor;
  /** Loss against the targets y [B, T], and the mean value. */
  loss(critics: Tensor, seen: Seen, action: Tensor, y: Tensor): { loss: Tensor; mean: Tensor };
  /** What the actor improves: [B, 1]. */
  value(critics: Tensor, seen: Seen, action: Tensor): Tensor;
  /** The same without dropout. */
  learned(critics: Tensor, seen: Seen, action: Tensor): Tensor;
}

/** Makes the critics of what the agent's networks see. */
export type SoftCriticsOf = (encoders: InputEncoders, actions: number) => SoftCritics;

/** Several critics Q; their targets take the minimum of all or, as REDQ does, of some drawn at random. */
function minimumOfCritics({ inputs, encoderOf }: InputEncoders, action: number, config: SacConfig): SoftCritics {
  const sizes = { inputs, action };
  const { settings, learned } = parts.criticNetwork({ ...config, encoderOf });
  const q = parts.critics(config.critics, sizes, settings);
  const still = parts.critics(config.critics, sizes, learned);
  const together = config.actorValue === 'mean' ? parts.average : parts.smallest;
  const chosen = parts.chosenCritics('sac', config);
  return {
    layout: q.layout,
    init: q.init,
    next(target, ...input) {
      const draw = parts.drawOf(target.graph, chosen, config.critics);
      return parts.smallest(q.values(target, ...input, draw));
    },
    loss(critics, seen, action, y) {
      const values = q.values(critics, seen, action);
      return { loss: parts.criticLoss(values, y), mean: values[0].mean() };
    },
    value: (critics, ...input) => together(q.values(critics, ...input)),
    learned: (critics, ...input) => together(still.values(critics, ...input)),
  };
}

/** The soft actor-critic around critics of some kind. */
export function softActorCritic(
  name: string,
  of: AgentSpec,
  config: SoftConfig,
  criticsOf: SoftCriticsOf,
  { normalize }: AgentOptions,
): Agent {
  const apart = config.privilegedCritic;
  const spec = apart ? withPrivileged(name, of) : of;
  const space = parts.boxActions(name, spec);
  const encoders = inputEncoders(spec.inputs, config, normalize, spec.targets);
  const { see } = encoders;
  const ofCritics = apart ? criticInputs(spec, normalize) : encoders;
  const rewards = goalRewards(name, spec, config);
  const q = criticsOf(ofCritics, space.size);
  const network = inputNetwork(
    { inputs: encoders.inputs, outputs: 2 * space.size },
    { ...config, encoderOf: encoders.encoderOf },
  );
  const actorLayout = network.layout;
  const averaged = config.policyAverage > 0;
  const learnsTemperature = config.temperature === 'auto';
  const targetEntropy = config.targetEntropy ?? -space.size;
  const policy = (actor: Tensor, seen: Seen) => network.apply(views(actor, actorLayout), seen);

  /** The batch as the policy sees it, and as the critics do. */
  const batches = (g: Graph, rows: number) => {
    const inputs = parts.batchInputs(g, rows, spec, parts.actionScale(g, space), encoders.seeToLearn ?? see);
    const batch = { ...inputs, reward: rewards.reward(g, rows, inputs.reward) };
    return { batch, judged: apart ? { seen: ofCritics.see(g, rows), next: ofCritics.see.next(g, rows) } : batch };
  };

  /** What both steps begin with: the batch, and the parameters before the step. */
  const begin = (g: Graph, rows: number) => ({
    ...batches(g, rows),
    actor: g.input('actor', [actorLayout.size]),
    critics: g.input('critics', [q.layout.size]),
    temperature: g.input('logTemperature', [1]).exp(),
  });

  /** Critics: y = r + gamma (1 - terminated) (min Q'(s', a') - alpha log pi(a')) */
  const learnCritics = (g: Graph, rows: number): Learned => {
    const { batch, judged, actor, critics, temperature } = begin(g, rows);
    const target = g.input('targetCritics', [q.layout.size]);
    const next = sample(policy(actor, batch.next), noiseInput(g, 'nextNoise', [rows, space.size], 'row'));
    let nextValue = q.next(target, judged.next, next.action);
    if (config.entropyBackup) nextValue = nextValue.sub(next.logProbability.mul(temperature));
    let y = parts.bootstrap(batch, config, nextValue);
    if (config.boundTargets && !config.entropyBackup) y = parts.boundTarget(y, rewards.rewardRange, config.discount);
    const { loss, mean } = q.loss(critics, judged.seen, batch.action, y.stopGradient());
    return {
      gradients: gradients(loss, { critics, ...ofCritics.tensors(g) }),
      metrics: { critic_loss: loss, q_mean: mean },
    };
  };

  const learnActor = (g: Graph, rows: number): Learned => {
    // Actor: E[alpha log pi(a) - min Q(s, a)]
    const { batch, judged, actor, critics, temperature } = begin(g, rows);
    const now = sample(policy(actor, batch.seen), noiseInput(g, 'noise', [rows, space.size], 'row'));
    const value = q.value(critics, judged.seen, now.action);
    let loss = now.logProbability.mul(temperature).sub(value).mean();
    if (config.actionPenalty > 0) loss = loss.add(now.action.square().mean().mul(config.actionPenalty));

    // Temperature: raise it while the entropy is below its target
    const surplus = now.logProbability.add(targetEntropy).mean();
    const temperatureLoss = g.input('logTemperature', [1]).mul(surplus).neg();
    return {
      gradients: {
        // Where critics see no pictures, the actor alone learns to.
        ...gradients(loss, { actor, ...(apart && encoders.tensors(g)) }),
        ...(learnsTemperature && { logTemperature: surplus.neg().reshape([1]) }),
      },
      metrics: {
        actor_loss: loss,
        ent_coef: temperature,
        ent_coef_loss: temperatureLoss,
        entropy: surplus.neg().add(targetEntropy),
      },
    };
  };

  const stepOf = (update: number) => Math.floor(update / config.policyDelay);
  const steps = (rows: number) => ({
    ...rewards.steps(rows),
    critics: updateStep(`${name}-critics`, (g) => learnCritics(g, rows), {
      divisible: true,
      optimizerSteps: [adamStep('critics', config), ...ofCritics.optimizerSteps],
      averages: [{ vector: 'targetCritics', of: 'critics', tau: config.tau }],
    }),
    actor: updateStep(`${name}-actor`, (g) => learnActor(g, rows), {
      divisible: true,
      optimizerSteps: [
        ...['actor', ...(learnsTemperature ? ['logTemperature'] : [])].map((vector) =>
          adamStep(vector, config, { stepOf }),
        ),
        ...(apart ? encoders.optimizerSteps : []),
      ],
      averages: averaged ? [{ vector: 'averageActor', of: 'actor', tau: config.policyAverage }] : [],
    }),
  });
  return {
    spec,
    state: {
      ...encoders.state,
      actor: parts.parameters(network),
      ...(averaged && { averageActor: { ...parts.parameters(network), copyOf: 'actor' } }),
      critics: parts.parameters(q),
      targetCritics: { ...parts.parameters(q), copyOf: 'critics' },
      logTemperature: {
        size: 1,
        layout: [{ name: 'value', shape: [1], offset: 0 }],
        init: () =>
          Float32Array.of(Math.log(config.temperature === 'auto' ? config.initialTemperature : config.temperature)),
      },
      ...moments('actor', actorLayout),
      ...moments('critics', q.layout),
      ...moments('logTemperature', { size: 1 }),
      ...rewards.state,
    },
    steps,
    updateNames: (u) => [...rewards.stepNames, 'critics', ...(u % config.policyDelay === 0 ? ['actor'] : [])],
    ...parts.returnRequest(config),
    policyVectors: [...(averaged ? ['actor', 'averageActor'] : ['actor']), ...encoders.vectors],
    actionNoise: space.size,
    act: (rows, { deterministic }) =>
      program(`${name}-act`, (g) => {
        const parameters = deterministic && averaged ? 'averageActor' : 'actor';
        const output = policy(g.input(parameters, [actorLayout.size]), see(g, rows));
        const action = deterministic ? mode(output) : sample(output, g.input('noise', [rows, space.size])).action;
        return { action: parts.actionScale(g, space).fromUnit(action) };
      }),
    // Where critics see more than the policy, nobody can be asked where it acts.
    value: apart
      ? undefined
      : {
          vectors: [averaged ? 'averageActor' : 'actor', 'critics', ...encoders.vectors],
          program: (rows) =>
            program(`${name}-value`, (g) => {
              const seen = see(g, rows);
              const actor = g.input(averaged ? 'averageActor' : 'actor', [actorLayout.size]);
              const action = mode(policy(actor, seen));
              return { value: q.learned(g.input('critics', [q.layout.size]), seen, action) };
            }),
        },
    randomActionProbability: parts.randomActionSchedule(config),
    learner: { kind: 'updates' },
  };
}

/** Hyperparameters of the soft actor-critic around any critics. */
export const softConfig = {
  hidden: z
    .array(z.int().min(1).max(8192))
    .max(8)
    .default([256, 256])
    .describe('widths of the hidden layers of actor and critics (paper: 256, 256)'),
  ...parts.goalFormConfig,
  ...sharedEncoderConfig,
  ...pictureConfig,
  ...privilegedCriticConfig,
  ...goalRewardConfig,
  ...parts.criticConfig,
  policyDelay: z
    .int()
    .min(1)
    .max(1000)
    .default(1)
    .describe('critic updates per update of actor and temperature (paper: 1; REDQ: training.updatesPerStep)'),
  policyAverage: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      'share of the actor in each update of its running average, which acts where nothing is explored; 0: none',
    ),
  learningRate: z
    .number()
    .positive()
    .max(1)
    .default(3e-4)
    .describe('Adam step size of actor, critics and temperature (paper: 3e-4)'),
  learningRateDecay: z
    .int()
    .min(0)
    .default(0)
    .describe('updates over which the learning rate falls linearly to 0; 0: never'),
  discount: z.number().min(0).lt(1).default(0.99).describe('gamma (paper: 0.99; 50-step goal tasks: 0.95-0.98)'),
  ...parts.returnConfig,
  tau: z
    .number()
    .gt(0)
    .max(1)
    .default(0.005)
    .describe('share of the online critics in each target update (paper: 0.005)'),
  temperature: z
    .union([z.literal('auto'), z.number().positive()])
    .default('auto')
    .describe('weight of the entropy: auto learns it'),
  initialTemperature: z.number().positive().default(1).describe('temperature to begin with when learned (paper: 1)'),
  targetEntropy: z
    .number()
    .nullable()
    .default(null)
    .describe('nats; null: minus the number of action dimensions (paper)'),
  entropyBackup: z
    .boolean()
    .default(true)
    .describe("entropy in the critics' targets (paper: yes); without it targets are returns and can be bounded"),
  boundTargets: z
    .boolean()
    .default(true)
    .describe('clip targets to the possible returns; only without entropyBackup, where it is sound'),
  actionPenalty: z
    .number()
    .min(0)
    .default(0)
    .describe("weight of the mean squared action in the actor's loss (paper: 0)"),
  ...parts.randomActionConfig,
};

const shared = z.strictObject(softConfig);
export type SoftConfig = z.infer<typeof shared>;

const config = z.strictObject({
  critics: z.int().min(1).max(100).default(2).describe('critics (paper: 2; REDQ: 10)'),
  ...parts.ensembleConfig,
  actorValue: z
    .enum(['min', 'mean'])
    .default('min')
    .describe('what the actor improves: the minimum of all critics (paper) or their mean (REDQ)'),
  ...softConfig,
});

export type SacConfig = z.infer<typeof config>;

/** SAC: off-policy, continuous actions, entropy-regularised. */
export const sac: AgentDefinition<SacConfig> = {
  name: 'sac',
  description: 'soft actor-critic with learned temperature; the default for continuous actions',
  paper: 'Haarnoja et al. 2018, arXiv 1812.05905',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create: (spec, settings, options) =>
    softActorCritic('sac', spec, settings, (...seen) => minimumOfCritics(...seen, settings), options),
};
