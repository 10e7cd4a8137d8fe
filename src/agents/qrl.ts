// Quasimetric RL (QRL: Wang et al. 2023, arXiv 2304.01203): steps between states as a distance that is stretched but for single steps.
import * as z from 'zod';
import { box } from '../envs/space.js';
import { UsageError } from '../errors.js';
import { createSee, type InputNetwork, jointNetworks, layout, seeAsObservation, views } from '../nets/index.js';
import { type Graph, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import {
  goalConfig,
  goalDraws,
  goalInputs,
  isAhead,
  offlineConfig,
  offlineDefinition,
  offlineNetworks,
  stateInputs,
} from './offline.js';
import { actingBy, gaussianActor, logProbability, pulledCloning } from './offline-actors.js';
import { COMPONENT, iqe, mrn } from './quasimetrics.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

/** One number to learn, 0 at first. */
const number = (name: string) => ({
  layout: layout([{ name, shape: [1] }]),
  init: () => new Float32Array(1),
});

/** Whether a goal is a whole state: there is one part of the state, and the goal is as large. */
function isGoalState({ inputs }: AgentSpec): boolean {
  const states = stateInputs(inputs);
  const [goal, ...others] = goalInputs(inputs);
  return states.length === 1 && others.length === 0 && states[0].size === goal.size && states[0].dtype === 'float32';
}

function create(spec: AgentSpec, config: QrlConfig, { normalize }: AgentOptions): Agent {
  const { latent, quasimetric } = config;
  if (latent % COMPONENT !== 0) {
    throw new UsageError(`qrl: agent.latent is ${latent}; make it a multiple of ${COMPONENT}.`);
  }
  const networks = offlineNetworks(spec, config);
  const pi = gaussianActor('qrl', spec, networks.policy());
  const phi = networks.network({ inputs: stateInputs(spec.inputs), outputs: latent });
  // Goals that are not states have an encoder of their own.
  const shared = config.goals === 'state' || (config.goals === 'auto' && isGoalState(spec));
  if (config.goals === 'state' && !isGoalState(spec)) {
    throw new UsageError('qrl: agent.goals is state, but goals here are not as large as the state; use own, or auto.');
  }
  const psi = networks.network({ inputs: goalInputs(spec.inputs), outputs: latent });
  const all = jointNetworks<string>({
    phi,
    ...(!shared && { psi }),
    ...(quasimetric === 'iqe' && { mixing: number('value') }),
  });
  const code = {
    ...box(latent),
    name: 'code',
    role: 'state',
    shape: [latent],
    dtype: 'float32',
    normalize: false,
  } as const;
  const dynamics: InputNetwork = networks.network({ inputs: [code], action: pi.space.size, outputs: latent });
  const see = createSee(spec.inputs, normalize);

  /** Encoders and the distance between what they give, of these parameters. */
  function space(g: Graph, rows: number, flat: Tensor) {
    const own = all.views(flat);
    return {
      now: () => phi.apply(own.phi, see(g, rows)),
      next: () => phi.apply(own.phi, see.next(g, rows)),
      goal: (name: string) =>
        shared
          ? phi.apply(own.phi, seeAsObservation(g, rows, spec.inputs, normalize, name))
          : psi.apply(own.psi, see(g, rows, name)),
      distance: (x: Tensor, y: Tensor) => (quasimetric === 'iqe' ? iqe(x, y, own.mixing[0]) : mrn(x, y)),
    };
  }

  /** phi(s') foreseen from phi(s) and an action [B, A]. */
  const foresee = (model: Tensor, x: Tensor, action: Tensor) =>
    x.add(dynamics.apply(views(model, dynamics.layout), { code: x }, action));

  const learnDistances = (g: Graph, rows: number): Learned => {
    const distance = g.input('distance', [all.layout.size]);
    const model = g.input('dynamics', [dynamics.layout.size]);
    const logLambda = g.input('logLambda', [1]);
    const of = space(g, rows, distance);
    const [now, next] = [of.now(), of.next()];

    // Stretch what is far, as long as no step is longer than 1: the constraint's multiplier lambda rises while it is.
    const far = of.distance(now, of.goal('valueGoal'));
    const stretch = far.mul(-0.01).add(5).softplus().mul(100).mean();
    const step = of.distance(now, next);
    let excess = step.sub(1).relu().square().mean();
    // A state is at the goal that it achieves: a constraint of its own where goals are not states.
    if (!shared) {
      const off = of.distance(now, of.goal('ownGoal')).square();
      excess = excess.add(off.mul(isAhead(g, rows, 'ownGoal')).mean());
    }
    const lambda = logLambda.exp();
    const valueLoss = stretch.add(excess.mul(lambda.stopGradient()));
    const lambdaLoss = lambda.mul(excess.stopGradient().neg().add(config.margin));

    // The model of the encoded next state, off by as little as the distance says, both ways.
    const foreseen = foresee(model, now, pi.recorded(g, rows));
    const dynamicsLoss = of.distance(next, foreseen).add(of.distance(foreseen, next)).mean().mul(0.5);
    const loss = valueLoss.add(dynamicsLoss).add(lambdaLoss);
    return {
      gradients: gradients(loss.sum(), { distance, dynamics: model, logLambda }),
      metrics: {
        value_loss: valueLoss,
        dynamics_loss: dynamicsLoss,
        lambda,
        step_distance: step.mean(),
        goal_distance: far.mean(),
      },
    };
  };

  /** DDPG+BC on -d(phi(s'), psi(g)) with phi(s') as foreseen for the policy's action. */
  const learnActor = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [pi.layout.size]);
    const of = space(g, rows, g.input('distance', [all.layout.size]));
    const mean = pi.mean(actor, see(g, rows, 'actorGoal'));
    const done = pi.recorded(g, rows);
    const foreseen = foresee(g.input('dynamics', [dynamics.layout.size]), of.now(), mean.clip(-1, 1));
    const q = of.distance(foreseen, of.goal('actorGoal')).neg();
    const loss = pulledCloning(q, logProbability(mean, done), config.alpha);
    return {
      gradients: gradients(loss, { actor }),
      metrics: { actor_loss: loss, action_error: mean.sub(done).abs().mean() },
    };
  };

  return {
    spec,
    state: trained({ distance: all, dynamics, logLambda: number('value'), actor: pi }),
    steps: (rows) => ({
      actor: updateStep('qrl-actor', (g) => learnActor(g, rows), {
        divisible: false,
        optimizerSteps: [adamStep('actor', config)],
      }),
      distances: updateStep('qrl-distances', (g) => learnDistances(g, rows), {
        divisible: true,
        optimizerSteps: ['distance', 'dynamics', 'logLambda'].map((vector) => adamStep(vector, config)),
      }),
    }),
    // The actor first: as in the reference it sees the distances before they move.
    updateNames: () => ['actor', 'distances'],
    batch: {
      goals: {
        ...goalDraws(config),
        ...(!shared && { ownGoal: { current: 1 } }),
      },
    },
    ...actingBy('qrl', pi, see, config),
    value: {
      vectors: ['distance'],
      program: (rows) =>
        program('qrl-value', (g) => {
          const of = space(g, rows, g.input('distance', [all.layout.size]));
          return { value: of.distance(of.now(), of.goal('goal')).neg() };
        }),
    },
  };
}

const config = z.strictObject({
  ...offlineConfig,
  quasimetric: z
    .enum(['iqe', 'mrn'])
    .default('iqe')
    .describe('the kind of distance: iqe, lengths covered by intervals (paper); mrn, which takes half the time'),
  latent: z
    .int()
    .min(8)
    .max(4096)
    .default(64)
    .describe('numbers that states and goals are encoded to, a multiple of 8 (OGBench: 512)'),
  goals: z
    .enum(['auto', 'state', 'own'])
    .default('auto')
    .describe('encoder of goals: that of states (OGBench, whose goals are states), their own; auto: by their size'),
  margin: z
    .number()
    .positive()
    .max(10)
    .default(0.05)
    .describe('by how much the mean squared excess of steps may exceed 0 (OGBench: 0.05)'),
  alpha: z
    .number()
    .min(0)
    .default(0.0003)
    .describe(
      'weight of cloning against following the distance (OGBench: point mazes 0.0003, ant mazes 0.003, cubes 0.3)',
    ),
  discount: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.99)
    .describe('of geometric offsets of goals; distances are not discounted'),
  valueGoals: goalConfig('the distance', { current: 0, future: 0, random: 1, offsets: 'geometric' }),
  actorGoals: goalConfig('the policy', { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

export type QrlConfig = z.infer<typeof config>;

/** QRL: offline, continuous actions; a quasimetric of steps between states, a model of it, a policy that shortens it. */
export const qrl: AgentDefinition<QrlConfig> = {
  name: 'qrl',
  description: 'offline: a quasimetric of the steps between states, policy by DDPG+BC through a model of it',
  paper: 'Wang et al. 2023, arXiv 2304.01203; offline: Park et al. 2025, arXiv 2410.20092',
  ...offlineDefinition,
  config,
  create,
};
