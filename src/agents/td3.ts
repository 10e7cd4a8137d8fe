// Twin delayed deep deterministic policy gradient (Fujimoto et al. 2018, arXiv 1802.09477) on [s; g; a].
import * as z from 'zod';
import { noiseInput } from '../nets/index.js';
import type { Graph, Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { deterministicConfig, deterministicPolicy } from './deterministic.js';
import { inputEncoders } from './encoders.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, moments, updateStep } from './update-step.js';

/** What the actor minimises, of Q1(s, pi(s)), its unit actions and those of the batch. */
export interface ActorLoss {
  of(q: Tensor, action: Tensor, recorded: Tensor): Tensor;
  /** Whether it is a mean over rows (see UpdateStep). */
  readonly divisible: boolean;
}

const follow: ActorLoss = { of: (q) => q.mean().neg(), divisible: true };

/** TD3 around an actor's loss of some kind. */
export function twinDelayed(
  name: string,
  spec: AgentSpec,
  config: Td3Config,
  { normalize }: AgentOptions,
  actorLoss: ActorLoss,
): Agent {
  const encoders = inputEncoders(spec.inputs, config, normalize);
  const pi = deterministicPolicy(name, spec, config, encoders);
  const { space } = pi;
  const { inputs, encoderOf } = encoders;
  const { settings, learned } = parts.criticNetwork({ ...config, encoderOf });
  const sizes = { inputs, action: space.size };
  const q = parts.critics(config.critics, sizes, settings);
  const still = parts.critics(config.critics, sizes, learned);
  const chosen = parts.chosenCritics(name, config);

  /** What both steps begin with: the batch, and the parameters before the step. */
  const begin = (g: Graph, rows: number) => ({
    batch: parts.batchInputs(g, rows, spec, parts.actionScale(g, space), encoders.see),
    critics: g.input('critics', [q.layout.size]),
  });

  /** Critics: y = r + gamma (1 - terminated) min Q'(s', pi'(s') + clipped noise) */
  const learnCritics = (g: Graph, rows: number): Learned => {
    const { batch, critics } = begin(g, rows);
    const targetActor = g.input('targetActor', [pi.layout.size]);
    const targetCritics = g.input('targetCritics', [q.layout.size]);
    const smoothing = noiseInput(g, 'nextNoise', [rows, space.size], 'row')
      .mul(config.targetNoise)
      .clip(-config.targetNoiseClip, config.targetNoiseClip);
    const nextAction = pi.unit(targetActor, batch.next).action.add(smoothing).clip(-1, 1);
    const draw = parts.drawOf(g, chosen, config.critics);
    const nextValue = parts.smallest(q.values(targetCritics, batch.next, nextAction, draw));
    let y = parts.bootstrap(batch, config, nextValue);
    if (config.boundTargets) y = parts.boundTarget(y, spec.rewardRange, config.discount);
    const values = q.values(critics, batch.seen, batch.action);
    const loss = parts.criticLoss(values, y.stopGradient());
    const metrics = { critic_loss: loss, q_mean: values[0].mean() };
    return { gradients: gradients(loss, { critics, ...encoders.tensors(g) }), metrics };
  };

  /** Actor, every `policyDelay` updates: TD3 maximises Q1(s, pi(s)). */
  const learnActor = (g: Graph, rows: number): Learned => {
    const { batch, critics } = begin(g, rows);
    const actor = g.input('actor', [pi.layout.size]);
    const { action, penalty } = pi.unit(actor, batch.seen);
    const [worth] = q.values(critics, batch.seen, action);
    const loss = penalty(actorLoss.of(worth, action, batch.action));
    return { gradients: gradients(loss, { actor }), metrics: { actor_loss: loss } };
  };

  const { policyDelay, tau } = config;
  const stepOf = (update: number) => Math.floor(update / policyDelay);
  return {
    spec,
    state: {
      ...encoders.state,
      actor: parts.parameters(pi),
      targetActor: { ...parts.parameters(pi), copyOf: 'actor' },
      critics: parts.parameters(q),
      targetCritics: { ...parts.parameters(q), copyOf: 'critics' },
      ...moments('actor', pi.layout),
      ...moments('critics', q.layout),
    },
    steps: (rows) => ({
      critics: updateStep(`${name}-critics`, (g) => learnCritics(g, rows), {
        divisible: true,
        optimizerSteps: [adamStep('critics', config), ...encoders.optimizerSteps],
      }),
      // All targets follow in the same updates.
      actor: updateStep(`${name}-actor`, (g) => learnActor(g, rows), {
        divisible: actorLoss.divisible,
        optimizerSteps: [adamStep('actor', config, { stepOf })],
        averages: [
          { vector: 'targetActor', of: 'actor', tau },
          { vector: 'targetCritics', of: 'critics', tau },
        ],
      }),
    }),
    updateNames: (u) => (u % policyDelay === 0 ? ['critics', 'actor'] : ['critics']),
    ...parts.returnRequest(config),
    policyVectors: ['actor', ...encoders.vectors],
    actionNoise: space.size,
    act: pi.act,
    value: pi.value('critics', q.layout.size, (critics, seen, action) =>
      parts.smallest(still.values(critics, seen, action)),
    ),
    randomActionProbability: parts.randomActionSchedule(config),
    learner: { kind: 'updates' },
  };
}

/** Hyperparameters of TD3 around any actor's loss. */
export const td3Config = {
  ...deterministicConfig,
  critics: z.int().min(1).max(100).default(2).describe('critics (paper: 2; REDQ: 10)'),
  ...parts.ensembleConfig,
  ...parts.criticConfig,
  policyDelay: z.int().min(1).max(1000).default(2).describe('critic updates per actor and target update (paper: 2)'),
  targetNoise: z
    .number()
    .min(0)
    .max(2)
    .default(0.2)
    .describe('deviation of the noise on target actions, in unit actions (paper: 0.2)'),
  targetNoiseClip: z.number().min(0).max(2).default(0.5).describe('bound of that noise (paper: 0.5)'),
};

const config = z.strictObject(td3Config);

export type Td3Config = z.infer<typeof config>;

/** TD3: off-policy, continuous actions, deterministic policy, twin critics. */
export const td3: AgentDefinition<Td3Config> = {
  name: 'td3',
  description: 'twin delayed DDPG: minimum of two critics, delayed actor, smoothed targets',
  paper: 'Fujimoto et al. 2018, arXiv 1802.09477',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create: (spec, settings, options) => twinDelayed('td3', spec, settings, options, follow),
};
