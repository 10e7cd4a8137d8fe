// Multi-task SAC (Yu et al. 2019, arXiv 1910.10897) with what later work adds: gradient surgery, BRC (Nauman et al. 2025, 2505.23150).
import { UsageError } from '../errors.js';
import { distralCost, ewcPenalty, fisherProgram } from '../multitask/index.js';
import { type InputSpec, noiseInput, type See, type Seen, views } from '../nets/index.js';
import { type Graph, grad, program, type Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import { inputEncoders } from './encoders.js';
import { gradientMethod } from './gradient-methods.js';
import { type MtsacConfig, mtsacConfig } from './mtsac-config.js';
import * as parts from './parts.js';
import { gaussian, logProbability, mode, sample } from './squashed-gaussian.js';
import { taskCritics } from './task-critics.js';
import { taskEmbedding, taskInput, taskNetwork } from './task-networks.js';
import { perTask, weightsOf } from './task-values.js';
import { adamStep, gradients, type Learned, moments, updateStep, zeros } from './update-step.js';

function create(spec: AgentSpec, config: MtsacConfig, { normalize }: AgentOptions): Agent {
  const space = parts.boxActions('mtsac', spec);
  const task = taskInput(spec);
  const K = spec.tasks;
  const encoders = inputEncoders(spec.inputs, config, normalize);
  if (task) refuseTaskEncoder(config, task);
  if (config.ewc > 0 && encoders.vectors.length > 0) {
    throw new UsageError(
      `agent.ewc ${config.ewc} does not go with encoders that all networks share: it holds the actor, and they follow the critics; set agent.sharedEncoder to false, or agent.ewc to 0.`,
    );
  }
  const embedding =
    task && config.taskEmbedding > 0 ? taskEmbedding(encoders.inputs, task, config.taskEmbedding) : undefined;
  const { inputs } = embedding ?? encoders;
  const settings = { ...config, encoderOf: encoders.encoderOf, ...(!embedding && { taskEmbedding: 0 }) };
  const network = taskNetwork('actor', { inputs, outputs: 2 * space.size }, settings);
  const q = taskCritics(inputs, space.size, settings);
  const actorLayout = network.layout;
  const { size } = actorLayout;
  const holds = config.ewc > 0;
  const [fisher, anchor] = ['actor.fisher', 'actor.anchor'];
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
  const plainSee = encoders.see;
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
        ...settings,
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
    const along = { critics, ...(embedding && { taskEmbedding: table(g) }), ...encoders.tensors(g) };
    return {
      gradients: gradients(total, along),
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
    const held = holds && ewcPenalty(actor, g.input(anchor, [size]), g.input(fisher, [size]), config.ewc);
    // pi_0 imitates the tasks' policies, and learns from nothing else.
    const imitation = logCommon(g, batch.seen, now.u.stopGradient())?.mean().neg();

    // Temperatures: raise task k's while its entropy is below the target
    const surplus = now.logProbability.add(targetEntropy).stopGradient();
    const temperatureLoss = logTemperatures.mul(surplus).mean().neg();
    return {
      gradients: {
        actor: grad(held ? loss.add(held) : loss, [actor])[0],
        ...(learnsTemperature && { logTemperature: grad(temperatureLoss, [logTemperature])[0] }),
        ...(common && imitation && { distilled: grad(imitation, [g.input('distilled', [common.layout.size])])[0] }),
      },
      metrics: {
        actor_loss: loss,
        ...(held && { ewc_loss: held }),
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
        ...(of === 'critics' ? encoders.optimizerSteps : []),
        ...(of === 'actor' && learnsTemperature ? [adamStep('logTemperature', config)] : []),
        ...(of === 'actor' && common ? [adamStep('distilled', config)] : []),
      ],
      ...then,
    });
  };
  const policyVectors = ['actor', ...(embedding ? ['taskEmbedding'] : []), ...encoders.vectors];
  const start = config.temperature === 'auto' ? config.initialTemperature : config.temperature;
  const request = { ...parts.returnRequest(config).batch, ...(task && { balance: 'task' }) };
  return {
    spec,
    state: {
      ...encoders.state,
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
      ...(holds && { [fisher]: zeros(size), [anchor]: zeros(size) }),
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
    ...(holds && {
      consolidation: {
        vector: 'actor',
        fisher,
        anchor,
        shared: network.shared,
        program: () => fisherProgram(size, (g, parameters) => gaussian(policy(parameters, see(g, 1)))),
      },
    }),
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

/** A task that heads or an embedding stand for has no encoder beside them. */
function refuseTaskEncoder({ encoders, network, taskEmbedding }: MtsacConfig, { name }: InputSpec): void {
  if (!(name in encoders)) return;
  const instead =
    network === 'multi-head' ? 'agent.network "multi-head", which has a head per task and does not see it' : undefined;
  const other = taskEmbedding > 0 ? `agent.taskEmbedding ${taskEmbedding}, which stands for it` : instead;
  if (other) throw new UsageError(`agent.encoders.${name} does not go with ${other}; leave one of them out.`);
}

/** MTSAC: off-policy, continuous actions, many tasks. */
export const mtsac: AgentDefinition<MtsacConfig> = {
  name: 'mtsac',
  description: 'multi-task SAC: a temperature per task, gradient surgery, heads, modules, or large networks (BRC)',
  paper: 'Yu et al. 2019, arXiv 1910.10897',
  learning: 'off-policy',
  actions: ['box'],
  config: mtsacConfig,
  create,
};
