// Learner of on-policy agents: the transitions of each iteration are one rollout, learned from for a few epochs and forgotten.

import { generalizedAdvantages } from '../agents/advantages.js';
import type { Agent, Rollouts } from '../agents/agent.js';
import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { UsageError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import { type EpisodePiece, noPieces, rowLayout } from '../replay/index.js';
import { createUpdater } from '../updates/updater.js';
import { createInputStatistics } from './input-statistics.js';
import type { Learner, LearnerParts } from './learner.js';
import { adoptVectors, policyOf, restoreVectors, saveVectors } from './learner-state.js';
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
  const carry = new Float64Array(config.envs);

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
    order(pieces, rollout);
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

  return {
    policy: async () => policy(),
    async load() {
      throw new UsageError(
        `${config.agent.name} learns from what its own policy does; it cannot learn from recorded episodes.`,
      );
    },
    async learn(given) {
      if (given.pieces.length === 0) return { policy: policy(), updates: 0, owed: 0, metrics: {} };
      ({ rows, pieces } = given);
      bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
      await readRollout();
      const updates = await learnFromRollout();
      const metrics = { ...updater.takeMetrics(), explained_variance: explainedVariance(rollout) };
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
      return { policy: policy(), updates, owed: 0, metrics };
    },
    beginTask: async () => undefined, // rollouts are of the task that is practised, and of no other
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

/**
 * Puts transitions in the order of time, then of environments: what is learned must not depend on where episodes end.
 * Writes each one's row in the message, its environment and how its episode ended.
 */
function order(pieces: readonly EpisodePiece[], { row, env, terminated, ended }: Rollout): void {
  const byEnv = pieces.toSorted((a, b) => a.env - b.env); // those of one environment stay in the order of time
  /** Transitions of each time, then where the next of that time goes. */
  const places = new Int32Array(row.length + 1);
  const each = (visit: (piece: EpisodePiece, step: number, time: number) => void) => {
    let time = 0;
    for (const [i, piece] of byEnv.entries()) {
      if (piece.env !== byEnv[i - 1]?.env) time = 0;
      for (let step = 0; step < piece.steps; step++) visit(piece, step, time++);
    }
  };
  each((_piece, _step, time) => {
    places[time + 1]++;
  });
  for (let time = 1; time < places.length; time++) places[time] += places[time - 1];
  each((piece, step, time) => {
    const n = places[time]++;
    const end = step === piece.steps - 1 ? piece.end : undefined;
    row[n] = piece.first + step;
    env[n] = piece.env;
    terminated[n] = end === 'terminated' ? 1 : 0;
    ended[n] = end ? 1 : 0;
  });
}

/** A rollout has what happened, in no such parts. */
function refuseTasks(steps: ReturnType<Agent['steps']>): void {
  const count = taskBlocks(steps);
  if (count === undefined) return;
  throw new UsageError(
    `an on-policy agent has a step with gradients of ${count} tasks, but rollouts have no equal parts of tasks; leave \`tasks\` out, or learn off-policy.`,
  );
}

type Rollout = ReturnType<typeof createRollout>;

function createRollout(count: number) {
  const column = () => new Float32Array(count);
  return {
    row: new Int32Array(count),
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
function explainedVariance({ returns, advantage }: Rollout): number {
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
