// Learner of off-policy agents: replay with hindsight, running normalisation, updates from sampled batches.

import { bytesOf, float64Of, uint32Of } from '../bytes.js';
import { createRandom, mixSeed } from '../random.js';
import { createTaskHindsight, type Replay } from '../replay/index.js';
import { createUpdater, type Updater } from '../updates/updater.js';
import { createConsolidator } from './consolidate.js';
import { createExperience } from './experience.js';
import { createGradientMonitor } from './gradient-monitor.js';
import { createInputStatistics } from './input-statistics.js';
import { createLanguageLearning } from './language-learning.js';
import type { Learner, LearnerParts } from './learner.js';
import { adoptVectors, policyOf, restoreVectors, saveVectors } from './learner-state.js';
import { createModelLearning, type ModelLearning } from './model-learning.js';
import { createOwedUpdates } from './owed-updates.js';
import { createReturnStatistics } from './return-statistics.js';
import { batchOf } from './updater-inputs.js';

/** Updates whose metrics are still to be told, and these. */
type Untold = readonly [updates: number, sums: Updater['sums']];

const encode = (untold: Untold): Uint8Array => new TextEncoder().encode(JSON.stringify(untold));
const decode = (bytes: Uint8Array): Untold => JSON.parse(new TextDecoder().decode(bytes)) as Untold;

const none: Readonly<Record<string, number>> = {};

export async function createOffPolicyLearner(options: LearnerParts): Promise<Learner> {
  const { config, rules, agent, spec, runtime } = options;
  const { names, request } = batchOf(agent, config.training.batchSize);
  const model = await createModelLearning(options);
  const experience = createExperience(config, rules, names, request, model?.replay);
  const { replay, batch } = experience;
  const statistics = createInputStatistics(spec, config.training.normalize);
  const normalizer = statistics.vector;
  const returns = agent.returns && createReturnStatistics(rules.spec, agent.returns.discount);
  const noise = createRandom(mixSeed(config.seed, 'learner'));
  const given: Readonly<Record<string, Float32Array>> = {
    normalizer,
    ...(returns && { largestReturn: returns.vector }),
  };
  const updater = await createUpdater({
    agent,
    rows: config.training.batchSize,
    runtime,
    threads: config.runtime.threads,
    random: noise,
    batch: { ...batch.columns, ...given },
    nextBatch: experience.sample,
  });
  // Copies, for ONNX Runtime's native code refuses the memory that threads share.
  const inputs = (name: string) => (name in agent.state ? updater.vector(name).slice() : given[name]);
  const monitor = await createGradientMonitor({ config, rules, agent, runtime, experience, inputs });
  const { groups } = options;
  const between =
    groups && createTaskHindsight(replay, rules, { groups, copies: config.tasks.hindsight, seed: config.seed });
  const language = await createLanguageLearning(options, replay, normalizer);
  const consolidator =
    agent.consolidation && createConsolidator({ agent, runtime, experience, updater, inputs: { normalizer } });
  const owed = createOwedUpdates();
  const policy = () => policyOf(agent, updater, normalizer);
  let isStopped = false;
  /** Updates before the learner was stopped, whose metrics come with those of the next. */
  let untold = 0;

  /** Fits the model and imagines; planners then plan with what was fitted. */
  async function renew(of: ModelLearning, replays: readonly Replay[]): Promise<Readonly<Record<string, number>>> {
    const told = await of.renew(policy(), replays);
    if (agent.plans) for (const name of ['elites', 'scales'] as const) updater.setVector(name, of[name]);
    return told;
  }

  return {
    policy: async () => policy(),
    async load(episodes, rows) {
      const from = experience.data?.ring.nextSerial ?? 0;
      const data = experience.load(episodes, rows);
      statistics.learn((inputs) => inputs.absorbFrom(data, rules, from));
      returns?.absorbFrom(data, from);
    },
    async learn(pieces, updates, most = updates) {
      const first = replay.ring.nextSerial;
      const ended = replay.insert(pieces);
      if (ended) between?.relabel(first);
      const said = (ended && (await language?.take(first))) || none;
      // Once per iteration with new episodes: a fixed cadence, so that a policy's inputs do not shift under it in between.
      if (ended) {
        statistics.learn((inputs) => inputs.absorb(replay, rules));
        returns?.absorb(replay);
      }
      const real = experience.data ? [replay, experience.data] : [replay];
      const learned = model?.isDue(pieces, updates) ? await renew(model, real) : none;
      const count = owed.take(updates, most, experience.ready());
      const before = updater.updates;
      const updated = await updater.update(count, () => isStopped);
      if (updated < count) {
        untold += updated;
        return { policy: policy(), updates: updated, owed: owed.count, metrics: none, isStopped: true };
      }
      const measured = (await monitor?.measure(before - untold, updater.updates)) ?? none;
      const metrics = { ...updater.takeMetrics(), ...experience.takeMetrics(), ...learned, ...measured, ...said };
      // A planner learns by its model's fits alone.
      const done = agent.plans && learned !== none ? 1 : count;
      const result = { policy: policy(), updates: done, owed: owed.count, metrics, told: done + untold };
      untold = 0;
      return result;
    },
    // A model is fitted between two calls: where they end decides when.
    ...(!model && {
      stop() {
        isStopped = true;
      },
    }),
    async beginTask(task) {
      if (experience.task !== undefined) await consolidator?.(experience.task);
      experience.focus(task);
    },
    async save() {
      const stored = experience.save();
      return {
        parts: {
          ...saveVectors(updater),
          ...stored.parts,
          ...statistics.save(),
          ...returns?.save(),
          ...model?.save(),
          ...language?.save(),
          noise: bytesOf(noise.save()),
          updates: bytesOf(Float64Array.of(updater.updates)),
          owed: owed.save(),
          ...(untold > 0 && { untold: encode([untold, updater.sums]) }),
        },
        replay: stored.replay,
      };
    },
    async restore(parts, segments) {
      restoreVectors(updater, parts);
      experience.restore(parts, segments);
      statistics.restore(parts);
      returns?.restore(parts);
      model?.restore(parts);
      language?.restore(parts);
      noise.restore(uint32Of(parts.noise));
      updater.updates = float64Of(parts.updates)[0];
      owed.restore(parts.owed);
      if (parts.untold) [untold, updater.sums] = decode(parts.untold);
      return policy();
    },
    async adopt(parts) {
      adoptVectors(agent, updater, parts);
      statistics.adopt(parts);
      returns?.adopt(parts);
      return policy();
    },
    async dispose() {
      await model?.dispose();
      await language?.dispose();
      await monitor?.dispose();
      await updater.dispose();
    },
  };
}
