// Learner of off-policy agents: replay with hindsight, running normalisation, update programs on sampled batches.
import { normalizerSize } from '../agents/agent.js';
import { createRandom, mixSeed } from '../random.js';
import { createNormalizer } from '../replay/index.js';
import { bytesOf, float32Of, float64Of, uint32Of } from './bytes.js';
import { createExperience } from './experience.js';
import type { Learner, LearnerParts } from './learner.js';
import { adopted, adoptVectors, policyOf, restoreVectors, saveVectors } from './learner-state.js';
import { identityNormalizer } from './policy-vectors.js';
import { createUpdater } from './updater.js';

export async function createOffPolicyLearner(options: LearnerParts): Promise<Learner> {
  const { config, rules, agent, spec, runtime } = options;
  const { normalize } = config.training;
  const experience = createExperience(config, rules);
  const { replay, batch } = experience;
  const statistics = createNormalizer({ observation: spec.observation, goal: spec.goal });
  const normalizer = new Float32Array(normalizerSize(spec));
  normalizer.set(identityNormalizer(spec));
  const noise = createRandom(mixSeed(config.seed, 'learner'));
  const { observation, goal, action, nextObservation, reward, terminated } = batch;
  const updater = await createUpdater({
    agent,
    runtime,
    threads: config.runtime.threads,
    random: noise,
    batch: { observation, goal, action, nextObservation, reward, terminated, normalizer },
    nextBatch: experience.sample,
  });
  const policy = () => policyOf(agent, updater, normalizer);

  return {
    async cycle(transitions, updates) {
      const ended = experience.insert(transitions);
      // Once per cycle with new episodes: a fixed cadence, so that a policy's inputs do not shift under it in between.
      if (ended && normalize) {
        statistics.absorb(replay, rules);
        statistics.write(normalizer);
      }
      const count = replay.ring.transitions > 0 ? updates : 0;
      await updater.update(count);
      const metrics = { ...updater.takeMetrics(), ...experience.takeMetrics() };
      return { policy: policy(), updates: count, metrics };
    },
    async save() {
      const stored = experience.save();
      return {
        parts: {
          ...saveVectors(updater),
          ...stored.parts,
          normalizer: bytesOf(normalizer),
          statistics: statistics.save(),
          noise: bytesOf(noise.save()),
          updates: bytesOf(Float64Array.of(updater.updates)),
        },
        replay: stored.replay,
      };
    },
    async restore(parts, segments) {
      restoreVectors(updater, parts);
      experience.restore(parts, segments);
      normalizer.set(float32Of(parts.normalizer));
      statistics.restore(parts.statistics);
      noise.restore(uint32Of(parts.noise));
      updater.updates = float64Of(parts.updates)[0];
      return policy();
    },
    async adopt(parts) {
      adoptVectors(agent, updater, parts);
      const theirs = adopted(parts, 'normalizer', normalizer.length);
      if (normalize) {
        normalizer.set(theirs);
        statistics.restore(parts.statistics, { newReplay: true });
      }
      return policy();
    },
    dispose: () => updater.dispose(),
  };
}
