// Contrastive RL (CRL: Eysenbach et al. 2022, arXiv 2206.07568) as offline learning has it (Park et al. 2025, arXiv 2410.20092).
import * as z from 'zod';
import { createSee, jointNetworks, type Seen } from '../nets/index.js';
import type { Graph, Tensor } from '../tensor/index.js';
import type { Agent, AgentDefinition, AgentOptions } from './agent.js';
import type { AgentSpec } from './agent-spec.js';
import {
  goalConfig,
  goalDraws,
  goalInputs,
  isAhead,
  type OfflineNetworks,
  offlineConfig,
  offlineDefinition,
  offlineNetworks,
  stateInputs,
} from './offline.js';
import { actingBy, gaussianActor, logProbability, pulledCloning } from './offline-actors.js';
import * as parts from './parts.js';
import { adamStep, gradients, type Learned, trained, updateStep } from './update-step.js';

/** A pair of encoders phi(s, a) and psi(g) into one space, per member. */
function contrastiveCritics(
  { network }: OfflineNetworks,
  { inputs }: AgentSpec,
  action: number,
  { critics: count, latent }: CrlConfig,
) {
  const phi = network({ inputs: stateInputs(inputs), action, outputs: latent });
  const psi = network({ inputs: goalInputs(inputs), outputs: latent });
  const members = Array.from({ length: count }, (_, i) => `q${i + 1}`);
  const all = jointNetworks(
    Object.fromEntries(members.flatMap((q) => [[`${q}.phi`, phi] as const, [`${q}.psi`, psi] as const])),
  );
  return {
    ...all,
    /** Of each member: phi(s, a) and psi(g) [B, latent]. */
    encode(critics: Tensor, seen: Seen, a: Tensor): { states: Tensor; goals: Tensor }[] {
      const own = all.views(critics);
      return members.map((q) => ({
        states: phi.apply(own[`${q}.phi`], seen, a),
        goals: psi.apply(own[`${q}.psi`], seen),
      }));
    },
  };
}

function create(spec: AgentSpec, config: CrlConfig, { normalize }: AgentOptions): Agent {
  const networks = offlineNetworks(spec, config);
  const pi = gaussianActor('crl', spec, networks.policy());
  const q = contrastiveCritics(networks, spec, pi.space.size, config);
  const see = createSee(spec.inputs, normalize);
  const scale = 1 / Math.sqrt(config.latent);

  /** Each state's own goal against those of all other rows. */
  const learnCritics = (g: Graph, rows: number): Learned => {
    const critics = g.input('critics', [q.layout.size]);
    const same = Float32Array.from({ length: rows * rows }, (_, i) => (i % (rows + 1) === 0 ? 1 : 0));
    const own = g.constant(same, [rows, rows]).mul(isAhead(g, rows, 'valueGoal'));
    const logits = q
      .encode(critics, see(g, rows, 'valueGoal'), pi.recorded(g, rows))
      .map(({ states, goals }) => states.matmul(goals.transpose([1, 0])).mul(scale));
    // Binary cross-entropy with the labels `own`: softplus(x) - label x.
    const losses = logits.map((x) => x.softplus().sub(own.mul(x)).mean());
    const loss = parts.average(losses);
    const correct = logits[0].greater(0).equal(own.greater(0)).cast(g.dtype).mean();
    return { gradients: gradients(loss, { critics }), metrics: { critic_loss: loss, accuracy: correct } };
  };

  /** DDPG+BC on phi(s, a)^T psi(g) / sqrt(d), the logarithm of how much likelier g is reached from (s, a) than by chance. */
  const learnActor = (g: Graph, rows: number): Learned => {
    const actor = g.input('actor', [pi.layout.size]);
    const seen = see(g, rows, 'actorGoal');
    const mean = pi.mean(actor, seen);
    const done = pi.recorded(g, rows);
    const ofMembers = q
      .encode(g.input('critics', [q.layout.size]), seen, mean.clip(-1, 1))
      .map(({ states, goals }) => states.mul(goals).sum([1], { keepDims: true }).mul(scale));
    const loss = pulledCloning(parts.smallest(ofMembers), logProbability(mean, done), config.alpha);
    return {
      gradients: gradients(loss, { actor }),
      metrics: { actor_loss: loss, action_error: mean.sub(done).abs().mean() },
    };
  };

  return {
    spec,
    state: trained({ critics: q, actor: pi }),
    steps: (rows) => ({
      actor: updateStep('crl-actor', (g) => learnActor(g, rows), {
        divisible: false,
        optimizerSteps: [adamStep('actor', config)],
      }),
      critics: updateStep('crl-critics', (g) => learnCritics(g, rows), {
        divisible: false,
        optimizerSteps: [adamStep('critics', config)],
      }),
    }),
    // The actor first: as in the reference it sees the critics before they move.
    updateNames: () => ['actor', 'critics'],
    batch: { goals: goalDraws(config) },
    ...actingBy('crl', pi, see, config),
  };
}

const config = z.strictObject({
  ...offlineConfig,
  critics: z
    .int()
    .min(1)
    .max(100)
    .default(2)
    .describe('pairs of encoders, of which the policy follows the smallest (OGBench: 2)'),
  latent: z.int().min(1).max(4096).default(64).describe('numbers that states and goals are encoded to (OGBench: 512)'),
  discount: z
    .number()
    .gt(0)
    .lt(1)
    .default(0.99)
    .describe('how far ahead goals lie: P(n) ~ discount^n (OGBench: 0.99; its giant mazes: 0.995)'),
  alpha: z
    .number()
    .min(0)
    .default(0.03)
    .describe('weight of cloning against following the critics (OGBench: point mazes 0.03, ant mazes 0.1, cubes 3)'),
  valueGoals: goalConfig('the critics', { current: 0, future: 1, random: 0, offsets: 'geometric' }),
  actorGoals: goalConfig('the policy', { current: 0, future: 1, random: 0, offsets: 'uniform' }),
});

export type CrlConfig = z.infer<typeof config>;

/** CRL: offline, continuous actions; critics tell a state's own future from others', a policy follows them near the data. */
export const crl: AgentDefinition<CrlConfig> = {
  name: 'crl',
  description: 'offline: contrastive critics of what is reached later, policy by DDPG+BC',
  paper: 'Eysenbach et al. 2022, arXiv 2206.07568; offline: Park et al. 2025, arXiv 2410.20092',
  ...offlineDefinition,
  config,
  create,
};
