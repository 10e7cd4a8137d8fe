// Learner of on-policy agents: the transitions of each iteration are one rollout, learned from for a few epochs and forgotten.

import { TERMINATED, TRUNCATED, transitionLayout } from '../acting/transitions.js';
import { generalizedAdvantages } from '../agents/advantages.js';
import type { Rollouts } from '../agents/agent.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { actionSize } from '../envs/env.js';
import { createRandom, mixSeed } from '../random.js';
import { createUpdater } from '../updates/updater.js';
import { createInputStatistics } from './input-statistics.js';
import type { Learner, LearnerParts } from './learner.js';
import { adoptVectors, policyOf, restoreVectors, saveVectors } from './learner-state.js';
import { createShuffle } from './shuffle.js';

export async function createOnPolicyLearner(options: LearnerParts, rollouts: Rollouts): Promise<Learner> {
  const { config, rules, agent, spec, runtime } = options;
  const { batchSize } = config.training;
  const layout = transitionLayout(rules.spec);
  const statistics = createInputStatistics(spec, config.training.normalize);
  const normalizer = statistics.vector;
  const noise = createRandom(mixSeed(config.seed, 'learner'));
  const shuffle = createShuffle(createRandom(mixSeed(config.seed, 'replay')));
  const carry = new Float64Array(config.envs);

  const columns = (width: number) => new Float32Array(batchSize * width);
  /** What both programs read of a transition: that which evaluates actions, and those that learn. */
  const inputs = {
    observation: columns(rules.spec.observation.size),
    'next.observation': columns(rules.spec.observation.size),
    goal: columns(rules.spec.goal.size),
    action: columns(actionSize(spec.action)),
  };
  const places = (Object.keys(inputs) as (keyof typeof inputs)[]).map((name) => ({
    column: inputs[name],
    width: inputs[name].length / batchSize,
    offset: layout[name === 'next.observation' ? 'nextObservation' : name],
  }));
  const batch = {
    ...inputs,
    advantage: columns(1),
    returns: columns(1),
    oldLogProbability: columns(1),
    oldValue: columns(1),
    normalizer,
  };
  let rollout = createRollout(0);
  let transitions: Float32Array = new Float32Array(0);

  /** Copies transition `row` into row `i` of the programs' common inputs. */
  function gather(row: number, i: number): void {
    for (const { column, width, offset } of places) {
      const from = row * layout.stride + offset;
      for (let j = 0; j < width; j++) column[i * width + j] = transitions[from + j];
    }
  }

  const updater = await createUpdater({
    agent,
    rows: batchSize,
    runtime,
    threads: config.runtime.threads,
    random: noise,
    batch,
    nextBatch() {
      for (let i = 0; i < batchSize; i++) {
        const row = shuffle.next();
        gather(row, i);
        batch.advantage[i] = rollout.advantage[row];
        batch.returns[i] = rollout.returns[row];
        batch.oldLogProbability[i] = rollout.logProbability[row];
        batch.oldValue[i] = rollout.value[row];
      }
    },
  });
  // In one thread, so that the bytes do not depend on how many there are.
  const evaluateActions = await runtime.compile(rollouts.evaluateActions(batchSize), { threads: 1 });
  const policy = () => policyOf(agent, updater, normalizer);

  /** Fills the rollout: what happened, and what the parameters that acted say about it. */
  async function readRollout(): Promise<void> {
    const count = transitions.length / layout.stride;
    if (rollout.reward.length !== count) rollout = createRollout(count);
    for (let row = 0; row < count; row++) {
      const at = row * layout.stride;
      const flags = transitions[at + 1];
      rollout.env[row] = transitions[at];
      rollout.reward[row] = transitions[at + layout.reward];
      rollout.terminated[row] = flags & TERMINATED ? 1 : 0;
      rollout.ended[row] = flags & (TERMINATED | TRUNCATED) ? 1 : 0;
    }
    // Copies: where threads share updates, the vectors lie in memory that ONNX Runtime does not take.
    const parameters = Object.fromEntries(updater.names.map((name) => [name, updater.vector(name).slice()]));
    const all: Record<string, Float32Array> = { ...parameters, ...inputs, normalizer };
    const given = Object.fromEntries(evaluateActions.inputs.map(({ name }) => [name, all[name]]));
    for (let first = 0; first < count; first += batchSize) {
      const rows = Math.min(batchSize, count - first);
      for (let i = 0; i < rows; i++) gather(first + i, i);
      const judged = await evaluateActions.run(given);
      for (const name of ['value', 'nextValue', 'logProbability'] as const) {
        rollout[name].set((judged[name] as Float32Array).subarray(0, rows), first);
      }
    }
    generalizedAdvantages(rollout, rollouts, carry, rollout.advantage);
    for (let row = 0; row < count; row++) rollout.returns[row] = rollout.advantage[row] + rollout.value[row];
  }

  /** Epochs of shuffled batches, fewer when the policy has moved far enough. Returns the number of updates. */
  async function learnFromRollout(): Promise<number> {
    const count = rollout.reward.length;
    const updates = Math.max(1, Math.round((rollouts.epochs * count) / batchSize));
    shuffle.begin(count);
    for (let update = 1; update <= updates; update++) {
      await updater.update(1);
      const { targetKl } = rollouts;
      if (targetKl !== null && updater.latest('approx_kl') > 1.5 * targetKl) return update;
    }
    return updates;
  }

  return {
    async learn(given) {
      if (given.length === 0) return { policy: policy(), updates: 0, metrics: {} };
      transitions = given;
      await readRollout();
      const updates = await learnFromRollout();
      const metrics = { ...updater.takeMetrics(), explained_variance: explainedVariance(rollout) };
      // Afterwards: during the updates the inputs must be those of the policy that acted.
      statistics.learn((inputs) => {
        for (let at = 0; at < given.length; at += layout.stride) {
          inputs.take(given, at + layout.observation, at + layout.goal);
        }
      });
      return { policy: policy(), updates, metrics };
    },
    async save() {
      return {
        parts: {
          ...saveVectors(updater),
          ...statistics.save(),
          shuffle: bytesOf(shuffle.random.save()),
          noise: bytesOf(noise.save()),
          updates: bytesOf(Float64Array.of(updater.updates)),
        },
        replay: new Uint8Array(0),
      };
    },
    async restore(parts) {
      restoreVectors(updater, parts);
      statistics.restore(parts);
      shuffle.random.restore(uint32Of(parts.shuffle));
      noise.restore(uint32Of(parts.noise));
      updater.updates = float64Of(parts.updates)[0];
      return policy();
    },
    async adopt(parts) {
      adoptVectors(agent, updater, parts);
      statistics.adopt(parts);
      return policy();
    },
    async dispose() {
      await evaluateActions.dispose();
      await updater.dispose();
    },
  };
}

function createRollout(count: number) {
  const column = () => new Float32Array(count);
  return {
    env: column(),
    reward: column(),
    terminated: column(),
    ended: column(),
    value: column(),
    nextValue: column(),
    logProbability: column(),
    advantage: column(),
    returns: column(),
  };
}

/** 1 - Var(returns - values) / Var(returns): 1 for a perfect critic, 0 for one that knows only the mean. */
function explainedVariance({ returns, advantage }: ReturnType<typeof createRollout>): number {
  const total = variance(returns);
  return total > 0 ? 1 - variance(advantage) / total : 0;
}

function variance(values: Float32Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / values.length;
}
