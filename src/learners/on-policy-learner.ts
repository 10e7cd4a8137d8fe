// Learner of on-policy agents: the transitions of each iteration are one rollout, learned from for a few epochs and forgotten;
// with a model of the world, rollouts that are imagined follow each real one.

import { generalizedAdvantages } from '../agents/advantages.js';
import type { Agent, Rollouts } from '../agents/agent.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { UsageError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import { type EpisodePieces, noPieces, rowLayout } from '../replay/index.js';
import { createUpdater } from '../updates/updater.js';
import { createImaginedRollouts } from './imagined-rollouts.js';
import { createInputStatistics } from './input-statistics.js';
import type { Learner, LearnerParts } from './learner.js';
import { adoptVectors, policyOf, restoreVectors, saveVectors } from './learner-state.js';
import { createRollout, explainedVariance, orderByTime } from './rollout.js';
import { createShuffle } from './shuffle.js';
import { inputColumns, taskBlocks } from './updater-inputs.js';

export async function createOnPolicyLearner(options: LearnerParts, rollouts: Rollouts): Promise<Learner> {
  const { config, rules, agent, spec, runtime } = options;
  const { batchSize } = config.training;
  refuseTasks(agent.steps(batchSize));
  const layout = rowLayout(rules.spec);
  const { width } = layout;
  const statistics = createInputStatistics(spec, config.training.normalize);
  const normalizer = statistics.vector;
  const noise = createRandom(mixSeed(config.seed, 'learner'));
  const shuffle = createShuffle(createRandom(mixSeed(config.seed, 'replay')));
  const imagined = await createImaginedRollouts(options);
  const carry = new Float64Array(Math.max(config.envs, imagined?.envs ?? 0));

  /** What both programs read of a transition, that which evaluates actions and those that learn: [batchSize, size]. */
  const names = [...inputColumns(spec), 'action'];
  /** Where in the rows it is: in that of the action, or in the one after it. */
  const places = names.map((name) => {
    const { offset, size, dtype } = layout.column(name.replace('next.', ''));
    const column = dtype === 'uint8' ? new Uint8Array(batchSize * size) : new Float32Array(batchSize * size);
    const unit = dtype === 'uint8' ? 4 : 1;
    return { name, column, size, unit, offset: unit * (name.startsWith('next.') ? width + offset : offset) };
  });
  const inputs = Object.fromEntries(places.map(({ name, column }) => [name, column]));
  const columns = (size: number) => new Float32Array(batchSize * size);
  const batch = {
    ...inputs,
    advantage: columns(1),
    returns: columns(1),
    oldLogProbability: columns(1),
    oldValue: columns(1),
    normalizer,
  };
  let rollout = createRollout(0);
  let { rows, pieces } = noPieces();
  let bytes = new Uint8Array(rows.buffer);

  /** Copies transition `n` of the rollout into row `i` of the programs' common inputs. */
  function gather(n: number, i: number): void {
    const row = rollout.row[n] * width;
    for (const { column, size, unit, offset } of places) {
      const source = unit === 1 ? rows : bytes;
      const from = unit * row + offset;
      for (let j = 0; j < size; j++) column[i * size + j] = source[from + j];
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
    const count = pieces.reduce((sum, { steps }) => sum + steps, 0);
    if (rollout.reward.length !== count) rollout = createRollout(count);
    orderByTime(pieces, rollout);
    const { offset } = layout.column('reward');
    for (let n = 0; n < count; n++) rollout.reward[n] = rows[rollout.row[n] * width + offset];
    // Copies: where threads share updates, the vectors lie in memory that ONNX Runtime does not take.
    const parameters = Object.fromEntries(updater.names.map((name) => [name, updater.vector(name).slice()]));
    const all: Record<string, Float32Array> = { ...parameters, ...inputs, normalizer };
    const given = Object.fromEntries(evaluateActions.inputs.map(({ name }) => [name, all[name]]));
    for (let first = 0; first < count; first += batchSize) {
      const some = Math.min(batchSize, count - first);
      for (let i = 0; i < some; i++) gather(first + i, i);
      const judged = await evaluateActions.run(given);
      for (const name of ['value', 'nextValue', 'logProbability'] as const) {
        rollout[name].set((judged[name] as Float32Array).subarray(0, some), first);
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

  /** Learns from pieces of the present policy's episodes, real or imagined. Returns the number of updates. */
  async function learnFrom(given: EpisodePieces): Promise<number> {
    ({ rows, pieces } = given);
    if (pieces.length === 0) return 0;
    bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
    await readRollout();
    return learnFromRollout();
  }

  return {
    policy: async () => policy(),
    async load() {
      throw new UsageError(
        `${config.agent.name} learns from what its own policy does; it cannot learn from recorded episodes.`,
      );
    },
    async learn(given) {
      if (given.pieces.length === 0) return { policy: policy(), updates: 0, owed: 0, metrics: {} };
      let updates = await learnFrom(given);
      const explained = explainedVariance(rollout);
      // Afterwards: during the updates the inputs must be those of the policy that acted.
      statistics.learn((inputs) => {
        const offsets = spec.inputs.filter((input) => input.normalize).map(({ name }) => layout.column(name).offset);
        const task = layout.column('task');
        for (const row of rollout.row) {
          inputs.take(
            rows,
            offsets.map((offset) => row * width + offset),
            task.size > 0 ? rows[row * width + task.offset] : 0,
          );
        }
      });
      const told = await imagined?.take(given);
      for (let round = 0; imagined && round < config.model.rounds; round++) {
        updates += await learnFrom(await imagined.imagine(policy()));
      }
      const metrics = { ...updater.takeMetrics(), explained_variance: explained, ...told };
      return { policy: policy(), updates, owed: 0, metrics };
    },
    beginTask: async () => undefined, // rollouts are of the task that is practised, and of no other
    async save() {
      const kept = imagined?.save();
      return {
        parts: {
          ...saveVectors(updater),
          ...statistics.save(),
          ...kept?.parts,
          shuffle: bytesOf(shuffle.random.save()),
          noise: bytesOf(noise.save()),
          updates: bytesOf(Float64Array.of(updater.updates)),
        },
        replay: kept?.replay ?? new Uint8Array(0),
      };
    },
    async restore(parts, segments) {
      restoreVectors(updater, parts);
      imagined?.restore(parts, segments);
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
      await imagined?.dispose();
      await evaluateActions.dispose();
      await updater.dispose();
    },
  };
}

/** A rollout has what happened, in no such parts. */
function refuseTasks(steps: ReturnType<Agent['steps']>): void {
  const count = taskBlocks(steps);
  if (count === undefined) return;
  throw new UsageError(
    `an on-policy agent has a step with gradients of ${count} tasks, but rollouts have no equal parts of tasks; leave \`tasks\` out, or learn off-policy.`,
  );
}
