// Experience that off-policy learners draw from: the replay, its sampler with hindsight, and the batch that it fills.

import { heldOutRegion, isInside } from '../acting/training-goals.js';
import { FAILED, TERMINATED, TRUNCATED, transitionLayout } from '../acting/transitions.js';
import { bytesOf, uint32Of } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { createRandom, mixSeed } from '../random.js';
import { type Batch, createBatch, createReplay, createSampler, parseRelabel, type Replay } from '../replay/index.js';
import type { LearnerState } from './learner.js';

export interface Experience {
  readonly replay: Replay;
  readonly batch: Batch;
  /** Stores transitions (see transitions.ts); true when an episode ended. */
  insert(transitions: Float32Array): boolean;
  /** Fills the batch; there must be a whole episode. */
  sample(): void;
  /** Share of the rows since the last call that had the best possible reward; empty when there were none. */
  takeMetrics(): Record<string, number>;
  /** Parts `staging` and `sampling`, and the episodes since the last save. */
  save(): LearnerState;
  restore(parts: LearnerState['parts'], segments: readonly Uint8Array[]): void;
}

export function createExperience(config: TrainConfig, rules: GoalRules & { readonly spec: EnvSpec }): Experience {
  const { batchSize } = config.training;
  const replay = createReplay(rules.spec, config.replay.capacity);
  const heldOut = heldOutRegion(config, rules.spec);
  const sampler = createSampler(replay, rules, {
    ...parseRelabel(config.relabel),
    unmetGoals: config.replay.unmetGoals,
    allowGoal: heldOut && ((goal) => !isInside(heldOut, goal)),
  });
  const batch = createBatch(rules.spec, batchSize);
  // A stream of its own: what is sampled does not depend on how much noise an agent draws.
  const sampling = createRandom(mixSeed(config.seed, 'replay'));
  const bestReward = rules.spec.rewardRange[1];
  const share = { best: 0, rows: 0 };
  let exported = 0;

  return {
    replay,
    batch,
    insert: (transitions) => insert(replay, rules.spec, transitions),
    sample() {
      sampler.sample(sampling, batch);
      for (let i = 0; i < batchSize; i++) if (batch.reward[i] >= bestReward) share.best++;
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
      return { parts: { staging: replay.saveStaging(), sampling: bytesOf(sampling.save()) }, replay: segment };
    },
    restore(parts, segments) {
      for (const segment of segments) replay.importEpisodes(segment);
      replay.restoreStaging(parts.staging);
      sampling.restore(uint32Of(parts.sampling));
      exported = replay.ring.nextSerial;
    },
  };
}

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
