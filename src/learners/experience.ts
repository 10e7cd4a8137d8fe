// Experience that off-policy learners draw from: the replay, its sampler with hindsight, and the batch that it fills.

import { heldOutRegion, isInside } from '../acting/training-goals.js';
import { bytesOf, uint32Of } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { createRandom, mixSeed } from '../random.js';
import {
  type Batch,
  type BatchRequest,
  createBatch,
  createReplay,
  createSampler,
  parseRelabel,
  type Replay,
} from '../replay/index.js';
import type { LearnerState } from './learner.js';

export interface Experience {
  readonly replay: Replay;
  readonly batch: Batch;
  /** Whether there is something to draw. */
  ready(): boolean;
  /** Fills the batch; it must be ready. */
  sample(): void;
  /** Share of the rows since the last call that had the best possible reward; empty when there were none. */
  takeMetrics(): Record<string, number>;
  /** Parts `staging` and `sampling`, and the episodes since the last save. */
  save(): LearnerState;
  restore(parts: LearnerState['parts'], segments: readonly Uint8Array[]): void;
}

/** `names` and `request`: of the batch (see createBatch). */
export function createExperience(
  config: TrainConfig,
  rules: GoalRules & { readonly spec: EnvSpec },
  names: readonly string[],
  request: BatchRequest = {},
): Experience {
  const { batchSize } = config.training;
  const replay = createReplay(rules.spec, config.replay.capacity);
  const heldOut = heldOutRegion(config, rules.spec);
  const sampler = createSampler(replay, rules, {
    ...parseRelabel(config.relabel),
    unmetGoals: config.replay.unmetGoals,
    allowGoal: heldOut && ((goal) => !isInside(heldOut, goal)),
  });
  const batch = createBatch(rules.spec, batchSize, names, request);
  // Returns over several steps have no best value that counts successes.
  const reward = request.nStep ? undefined : batch.columns.reward;
  // A stream of its own: what is sampled does not depend on how much noise an agent draws.
  const sampling = createRandom(mixSeed(config.seed, 'replay'));
  const bestReward = rules.spec.rewardRange[1];
  const share = { best: 0, rows: 0 };
  let exported = 0;

  return {
    replay,
    batch,
    ready: () => sampler.starts(batch) > 0,
    sample() {
      sampler.sample(sampling, batch);
      if (!reward) return;
      for (let i = 0; i < batchSize; i++) if (reward[i] >= bestReward) share.best++;
      share.rows += batchSize;
    },
    takeMetrics() {
      if (share.rows === 0) return {};
      const metrics = { best_reward_share: share.best / share.rows };
      share.best = 0;
      share.rows = 0;
      return metrics;
    },
    save() {
      const segment = replay.exportEpisodes(exported);
      exported = replay.ring.nextSerial;
      const generator = Uint32Array.of(...sampling.save(), ...sampler.save());
      return { parts: { staging: replay.saveStaging(), sampling: bytesOf(generator) }, replay: segment };
    },
    restore(parts, segments) {
      for (const segment of segments) replay.importEpisodes(segment);
      replay.restoreStaging(parts.staging);
      const generator = uint32Of(parts.sampling);
      const words = sampling.save().length;
      sampling.restore(generator.subarray(0, words));
      sampler.restore(generator.subarray(words));
      exported = replay.ring.nextSerial;
    },
  };
}
