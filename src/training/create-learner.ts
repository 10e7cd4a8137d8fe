// The learner: replay with hindsight, running normalisation, and the agent's updates, behind one asynchronous interface.
import { normalizerSize } from '../agents/agent.js';
import { type EnvSpec, loadEnv, parseEnvOptions } from '../envs/index.js';
import { RunError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import {
  createBatch,
  createNormalizer,
  createReplay,
  createSampler,
  parseRelabel,
  type Replay,
} from '../replay/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { bytesOf, float32Of, float64Of, uint32Of } from './bytes.js';
import { createAgent } from './create-agent.js';
import type { Learner, LearnerSetup } from './learner.js';
import { identityNormalizer, type PolicyVectors } from './policy-vectors.js';
import { FAILED, TERMINATED, TRUNCATED, transitionLayout } from './transitions.js';
import { createUpdater } from './updater.js';

/** Builds the learner that a configuration describes; loads the environment's rules, not its simulation. */
export async function createLearner({ config, definition }: LearnerSetup, runtime: Runtime): Promise<Learner> {
  const env = definition ?? (await loadEnv(config.env.name));
  const rules = env.rules(parseEnvOptions(env, config.env.options));
  const { agent, spec } = createAgent(config, rules.spec);
  const { batchSize, normalize } = config.training;

  const replay = createReplay(rules.spec, config.replay.capacity);
  const relabel = parseRelabel(config.relabel);
  const sampler = createSampler(replay, rules, relabel);
  const batch = createBatch(rules.spec, batchSize);
  const statistics = createNormalizer({ observation: spec.observation, goal: spec.goal });
  const normalizer = new Float32Array(normalizerSize(spec));
  normalizer.set(identityNormalizer(spec));

  // Streams of their own: what is sampled does not depend on how much noise an agent draws.
  const sampling = createRandom(mixSeed(config.seed, 'replay'));
  const noise = createRandom(mixSeed(config.seed, 'learner'));
  const share = { best: 0, rows: 0 };
  const bestReward = rules.spec.rewardRange[1];
  const updater = await createUpdater({
    agent,
    runtime,
    threads: config.runtime.threads,
    random: noise,
    batch: { ...numbersOf(batch), normalizer },
    nextBatch() {
      sampler.sample(sampling, batch);
      for (let i = 0; i < batchSize; i++) if (batch.reward[i] >= bestReward) share.best++;
      share.rows += batchSize;
    },
  });
  let exported = 0;

  const policy = (): PolicyVectors => ({
    normalizer: normalizer.slice(),
    ...Object.fromEntries(agent.policyVectors.map((name) => [name, updater.vector(name).slice()])),
  });

  function takeMetrics(): Record<string, number> {
    if (share.rows === 0) return {};
    const metrics = { ...updater.takeMetrics(), best_reward_share: share.best / share.rows };
    share.best = 0;
    share.rows = 0;
    return metrics;
  }

  return {
    async cycle(transitions, updates) {
      const ended = insert(replay, rules.spec, transitions);
      // Once per cycle with new episodes: a fixed cadence, so that a policy's inputs do not shift under it in between.
      if (ended && normalize) {
        statistics.absorb(replay, rules);
        statistics.write(normalizer);
      }
      const count = replay.ring.transitions > 0 ? updates : 0;
      await updater.update(count);
      return { policy: policy(), updates: count, metrics: takeMetrics() };
    },
    async save() {
      const vectors = Object.fromEntries(
        updater.names.map((name) => [`vector.${name}`, bytesOf(updater.vector(name))]),
      );
      const segment = replay.exportEpisodes(exported);
      exported = replay.ring.nextSerial;
      return {
        parts: {
          ...vectors,
          normalizer: bytesOf(normalizer),
          statistics: statistics.save(),
          staging: replay.saveStaging(),
          sampling: bytesOf(sampling.save()),
          noise: bytesOf(noise.save()),
          updates: bytesOf(Float64Array.of(updater.updates)),
        },
        replay: segment,
      };
    },
    async restore(parts, segments) {
      for (const name of updater.names) updater.setVector(name, float32Of(parts[`vector.${name}`]));
      normalizer.set(float32Of(parts.normalizer));
      for (const segment of segments) replay.importEpisodes(segment);
      replay.restoreStaging(parts.staging);
      statistics.restore(parts.statistics);
      sampling.restore(uint32Of(parts.sampling));
      noise.restore(uint32Of(parts.noise));
      updater.updates = float64Of(parts.updates)[0];
      exported = replay.ring.nextSerial;
      return policy();
    },
    async adopt(parts) {
      for (const name of updater.names) {
        const { layout, size } = agent.state[name];
        const bytes = parts[`vector.${name}`];
        if (layout.length === 0) continue;
        if (!bytes || bytes.length !== 4 * size) throw mismatch(name, size, bytes?.length);
        updater.setVector(name, float32Of(bytes));
      }
      if (parts.normalizer?.length !== 4 * normalizer.length) {
        throw mismatch('normalizer', normalizer.length, parts.normalizer?.length);
      }
      if (normalize) {
        normalizer.set(float32Of(parts.normalizer));
        statistics.restore(parts.statistics, { newReplay: true });
      }
      return policy();
    },
    dispose: () => updater.dispose(),
  };
}

/** The batch's arrays that update programs read, by their input names. */
function numbersOf(batch: ReturnType<typeof createBatch>): Record<string, Float32Array> {
  const { observation, goal, action, nextObservation, reward, terminated } = batch;
  return { observation, goal, action, nextObservation, reward, terminated };
}

/** Puts transitions (see transitions.ts) into the replay; true when an episode ended. */
function insert(replay: Replay, spec: EnvSpec, transitions: Float32Array): boolean {
  const layout = transitionLayout(spec);
  let ended = false;
  for (let at = 0; at < transitions.length; at += layout.stride) {
    const env = transitions[at];
    const flags = transitions[at + 1];
    const part = (from: number, to: number) => transitions.subarray(at + from, at + to);
    replay.add(env, {
      observation: part(layout.observation, layout.achieved),
      achieved: part(layout.achieved, layout.goal),
      goal: part(layout.goal, layout.action),
      action: part(layout.action, layout.reward),
      info: part(layout.info, layout.nextObservation),
      nextObservation: part(layout.nextObservation, layout.nextAchieved),
      nextAchieved: part(layout.nextAchieved, layout.stride),
      failed: (flags & FAILED) !== 0,
    });
    if (flags & (TERMINATED | TRUNCATED)) {
      replay.endEpisode(env);
      ended = true;
    }
  }
  return ended;
}

function mismatch(name: string, size: number, bytes: number | undefined): RunError {
  const found = bytes === undefined ? 'does not have it' : `has ${bytes / 4}`;
  return new RunError(
    `init: "${name}" needs ${size} numbers here, but the other run ${found}; use the same environment, agent and network sizes.`,
  );
}
