// Multi-task SAC (Yu et al. 2019, arXiv 1910.10897) with what later work adds: gradient surgery, BRC (Nauman et al. 2025, 2505.23150).
import { z } from 'zod';
import { UsageError } from '../errors.js';
import { distralCost } from '../multitask/index.js';
import { createSee, type InputSpec, noiseInput, type See, type Seen, views } from '../nets/index.js';
import { type Graph, grad, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { gradientConfig, gradientMethod } from './gradient-methods.js';
import * as parts from './parts.js';
import { logProbability, mode, sample } from './squashed-gaussian.js';
import { taskCriticConfig, taskCritics } from './task-critics.js';
import { taskEmbedding, taskInput, taskNetwork, taskNetworkConfig } from './task-networks.js';
import { perTask, weightsOf } from './task-values.js';
import { adamStep, type Learned, moments, updateStep } from './update-step.js';

function create(spec: AgentSpec, config: MtsacConfig, { normalize }: AgentOptions): Agent {
  const space = parts.boxActions('mtsac', spec);
  const task = taskInput(spec);
  const K = spec.tasks;
  const embedding = task && config.taskEmbedding > 0 ? taskEmbedding(spec, task, config.taskEmbedding) : undefined;
  const { inputs } = embedding ?? spec;
  const settings = embedding ? config : { ...config, taskEmbedding: 0 };
  const network = taskNetwork('actor', { inputs, outputs: 2 * space.size }, settings);
  const q = taskCritics(inputs, space.size, settings);
  const actorLayout = network.layout;
  const learnsTemperature = config.temperature === 'auto';
  const targetEntropy = config.targetEntropy ?? -space.size;
  const temperatures = config.taskTemperatures ? K : 1;
  const weights = weightsOf(config.taskWeights, K);
  if (config.taskWeights === 'temperature' && temperatures === 1 && task) {
    throw new UsageError(
      'agent.taskWeights is "temperature", which takes a temperature per task; set agent.taskTemperatures to true.',
    );
  }

  // What is seen of the task: its number, or its embedding.
  const table = (g: Graph) => g.input('taskEmbedding', [embedding?.layout.size ?? 0]);
  const plainSee = createSee(spec.inputs, normalize);
  const told = (g: Graph, seen: Seen) => (embedding ? embedding.apply(table(g), seen) : seen);
  const see: See = Object.assign((g: Graph, rows: number, goal?: string) => told(g, plainSee(g, rows, goal)), {
    next: (g: Graph, rows: number, goal?: string) => told(g, plainSee.next(g, rows, goal)),
    achieving: (g: Graph, rows: number, of: string, goal?: string) => told(g, plainSee.achieving(g, rows, of, goal)),
  });
  const policy = (actor: Tensor, seen: Seen) => network.apply(views(actor, actorLayout), seen);

  // Distral's pi_0 does not know the task.
  const distills = config.distill > 0;
  const taskless = { inputs: inputs.filter(({ role }) => role !== 'task'), outputs: 2 * space.size };
  const common = distills
    ? taskNetwork('actor', taskless, {
        ...config,
        network: config.network === 'bronet' ? 'bronet' : 'shared',
        taskEmbedding: 0,
      })
    : undefined;
  /** log pi_0 of what was drawn, [B, 1]. */
  const logCommon = (g: Graph, seen: Seen, u: Tensor): Tensor | undefined =>
    common && logProbability(common.apply(views(g.input('distilled', [common.layout.size]), common.layout), seen), u);
  /** What the policy pays for its choice, [B, 1]: alpha_k log pi, and with Distral alpha_k (log pi - distill log pi_0). */
  const cost = (own: Tensor, logOfCommon: Tensor | undefined, temperature: Tensor): Tensor =>
    logOfCommon ? distralCost(own, logOfCommon, config.distill, temperature) : own.mul(temperature);

  /** What both steps begin with: the batch, what belongs to each row's task, and the parameters before the step. */
  const begin = (g: Graph, rows: number) => {
    const of = (values: Tensor) => perTask(g, task, rows, values);
    const logTemperature = g.input('logTemperature', [temperatures]);
    return {
      batch: parts.batchInputs(g, rows, spec, parts.actionScale(g, space), see),
      actor: g.input('actor', [actorLayout.size]),
      critics: g.input('critics', [q.layout.size]),
      logTemperature,
      /** alpha_k [B, 1] */
      temperature: of(logTemperature.exp()).stopGradient(),
      logTemperatures: of(logTemperature),
      /** w_k [B, 1]; 1 where all weigh the same. */
      weigh: (loss: Tensor) => (weights ? loss.mul(of(weights(logTemperature))) : loss),
      of,
    };
  };

  /**
   * BRC's normaliser: rewards of task k are divided by (max |return_k| - alpha_k H E / 2) / limit, E = 1 / (1 - gamma),
   * so that returns with their entropy fit into the critics' bins.
   */
  function scaled(g: Graph, { batch, temperature, of }: ReturnType<typeof begin>): Tensor {
    if (!config.scaleRewards) return batch.reward;
    const largest = of(g.input('largestReturn', [K]));
    const entropy = temperature.mul(-targetEntropy / (1 - config.discount) / 2);
    return batch.reward.div(
      largest
        .add(entropy)
        .mul(1 / config.limit)
        .max(1e-6),
    );
  }

  /** Critics: y = r_k + gamma (1 - terminated) (Q'(s', a', k) - alpha_k log pi(a' | s', k)) */
  const learnCritics = (g: Graph, rows: number): Learned => {
    const from = begin(g, rows);
    const { batch, actor, critics, temperature, weigh } = from;
    const next = sample(policy(actor, batch.next), noiseInput(g, 'nextNoise', [rows, space.size], 'row'));
    const paid = cost(next.logProbability, logCommon(g, batch.next, next.u), temperature);
    const own = { ...batch, reward: scaled(g, from) };
    const { loss, values } = q.loss(critics, [batch.seen, batch.action], {
      targets: g.input('targetCritics', [q.layout.size]),
      next: [batch.next, next.action],
      target: (value) => parts.bootstrap(own, config, value.sub(paid)),
    });
    const total = weigh(loss).mean();
    const along = embedding ? [critics, table(g)] : [critics];
    const [ofCritics, ofTable] = grad(total, along);
    return {
      gradients: { critics: ofCritics, ...(embedding && { taskEmbedding: ofTable }) },
      metrics: { critic_loss: total, q_mean: values[0].mean(), ...(task && disagreement(g, task, rows, values)) },
    };
  };

  /** How far the critics are apart on each task's rows, of which a batch has as many. */
  function disagreement(g: Graph, { name, choices = 1 }: InputSpec, rows: number, [a, b]: readonly Tensor[]) {
    const own = g.input(name, [rows, 1]).reshape([rows]).oneHot(choices);
    const means = a.sub(b).abs().mul(own).mean([0]).mul(choices);
    return Object.fromEntries(
      means.split(new Array(choices).fill(1), 0).map((mean, k) => [`disagreement_${k}`, mean.sum()]),
    );
  }

  const learnActor = (g: Graph, rows: number): Learned => {
    // Actor: E[w_k (alpha_k log pi(a) - Q(s, a, k))]
    const { batch, actor, critics, logTemperature, logTemperatures, temperature, weigh } = begin(g, rows);
    const now = sample(policy(actor, batch.seen), noiseInput(g, 'noise', [rows, space.size], 'row'));
    const value = q.value(critics, [batch.seen, now.action]);
    const paid = cost(now.logProbability, logCommon(g, batch.seen, now.u), temperature);
    const loss = weigh(paid.sub(value)).mean();
    // pi_0 imitates the tasks' policies, and learns from nothing else.
    const imitation = logCommon(g, batch.seen, now.u.stopGradient())?.mean().neg();

    // Temperatures: raise task k's while its entropy is below the target
    const surplus = now.logProbability.add(targetEntropy).stopGradient();
    const temperatureLoss = logTemperatures.mul(surplus).mean().neg();
    return {
      gradients: {
        actor: grad(loss, [actor])[0],
        ...(learnsTemperature && { logTemperature: grad(temperatureLoss, [logTemperature])[0] }),
        ...(common && imitation && { distilled: grad(imitation, [g.input('distilled', [common.layout.size])])[0] }),
      },
      metrics: {
        actor_loss: loss,
        ent_coef: temperature.mean(),
        ent_coef_loss: temperatureLoss,
        entropy: surplus.mean().neg().add(targetEntropy),
        ...(imitation && { distilled_loss: imitation }),
      },
    };
  };

  const surgery = {
    critics: gradientMethod(config, K, { vector: 'critics', shared: q.shared, loss: 'critic_loss' }),
    actor: gradientMethod(config, K, { vector: 'actor', shared: network.shared, loss: 'actor_loss' }),
  };
  const decaying = { weightDecay: config.weightDecay };
  const step = (of: 'critics' | 'actor', learn: typeof learnCritics, rows: number, then: object) => {
    const method = surgery[of];
    const blocks = method ? K : 1;
    return updateStep(`mtsac-${of}`, (g) => learn(g, rows / blocks), {
      divisible: true,
      gradientClip: config.gradientClip,
      ...(method && { tasks: { count: K, combine: method.combine } }),
      optimizerSteps: [
        adamStep(of, config, decaying),
        ...(of === 'critics' && embedding ? [adamStep('taskEmbedding', config)] : []),
        ...(of === 'actor' && learnsTemperature ? [adamStep('logTemperature', config)] : []),
        ...(of === 'actor' && common ? [adamStep('distilled', config)] : []),
      ],
      ...then,
    });
  };
  const policyVectors = embedding ? ['actor', 'taskEmbedding'] : ['actor'];
  const start = config.temperature === 'auto' ? config.initialTemperature : config.temperature;
  const request = { ...parts.returnRequest(config).batch, ...(task && { balance: 'task' }) };
  return {
    spec,
    state: {
      actor: parts.parameters(network),
      critics: parts.parameters(q),
      targetCritics: { ...parts.parameters(q), copyOf: 'critics' },
      logTemperature: {
        size: temperatures,
        layout: [{ name: 'value', shape: [temperatures], offset: 0 }],
        init: () => new Float32Array(temperatures).fill(Math.log(start)),
      },
      ...(embedding && { taskEmbedding: embedding.vector, ...moments('taskEmbedding', embedding.layout) }),
      ...(common && { distilled: parts.parameters(common), ...moments('distilled', common.layout) }),
      ...moments('actor', actorLayout),
      ...moments('critics', q.layout),
      ...moments('logTemperature', { size: temperatures }),
      ...surgery.critics?.state,
      ...surgery.actor?.state,
    },
    steps: (rows) => ({
      critics: step('critics', learnCritics, rows, {
        averages: [{ vector: 'targetCritics', of: 'critics', tau: config.tau }],
      }),
      actor: step('actor', learnActor, rows, {}),
    }),
    updateNames: () => ['critics', 'actor'],
    ...(Object.keys(request).length > 0 && { batch: request }),
    ...(config.scaleRewards && { returns: { discount: config.discount } }),
    policyVectors,
    actionNoise: space.size,
    act: (rows, { deterministic }) =>
      program('mtsac-act', (g) => {
        const output = policy(g.input('actor', [actorLayout.size]), see(g, rows));
        const action = deterministic ? mode(output) : sample(output, g.input('noise', [rows, space.size])).action;
        return { action: parts.actionScale(g, space).fromUnit(action) };
      }),
    value: {
      vectors: [...policyVectors, 'critics'],
      program: (rows) =>
        program('mtsac-value', (g) => {
          const seen = see(g, rows);
          const action = mode(policy(g.input('actor', [actorLayout.size]), seen));
          return { value: q.value(g.input('critics', [q.layout.size]), [seen, action]) };
        }),
    },
    randomActionProbability: parts.randomActionSchedule(config),
    learner: { kind: 'updates' },
  };
}

const config = z.strictObject({
  ...taskNetworkConfig,
  ...taskCriticConfig,
  scaleRewards: z
    .boolean()
    .default(false)
    .describe("divide each task's rewards so that its largest return and its entropy reach limit (BRC: yes)"),
  ...gradientConfig,
  taskTemperatures: z
    .boolean()
    .default(true)
    .describe('a temperature per task (Meta-World: yes); false: one for all (BRC)'),
  distill: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe(
      "alpha of Distral: share of the temperature that holds every task's policy to a common one, distilled from them; 0: none",
    ),
  taskWeights: z
    .union([z.array(z.number().min(0)), z.literal('temperature')])
    .nullable()
    .default(null)
    .describe(
      'weights of the losses in the order of the tasks, scaled to mean 1; temperature: K softmax(-log alpha) (soft modularisation); null: all the same',
    ),
  learningRate: z.number().positive().max(1).default(3e-4).describe('Adam step size of everything (papers: 3e-4)'),
  learningRateDecay: z.int().min(0).default(0).describe('updates over which it falls linearly to 0; 0: never'),
  weightDecay: z
    .number()
    .min(0)
    .max(1)
    .default(0)
    .describe('weight decay of actor and critics, times the learning rate per update (AdamW; BRC: 1e-4)'),
  gradientClip: z.number().min(0).default(0).describe('longest gradient of a step; 0: any (Meta-World in JAX: 1)'),
  discount: z.number().min(0).lt(1).default(0.99).describe('gamma (papers: 0.99)'),
  ...parts.returnConfig,
  tau: z.number().gt(0).max(1).default(0.005).describe('share of the online critics in each target update'),
  temperature: z
    .union([z.literal('auto'), z.number().positive()])
    .default('auto')
    .describe('weight of the entropy: auto learns it'),
  initialTemperature: z.number().positive().default(1).describe('temperatures to begin with (BRC: 0.1)'),
  targetEntropy: z
    .number()
    .nullable()
    .default(null)
    .describe('nats; null: minus the number of action dimensions (Meta-World); BRC: half of that'),
  ...parts.randomActionConfig,
});

export type MtsacConfig = z.infer<typeof config>;

/** MTSAC: off-policy, continuous actions, many tasks. */
export const mtsac: AgentDefinition<MtsacConfig> = {
  name: 'mtsac',
  description: 'multi-task SAC: a temperature per task, gradient surgery, heads, modules, or large networks (BRC)',
  paper: 'Yu et al. 2019, arXiv 1910.10897',
  learning: 'off-policy',
  actions: ['box'],
  config,
  create,
};
