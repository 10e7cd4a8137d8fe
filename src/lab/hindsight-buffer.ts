// A small buffer of paths for the lab's experiments: the library's own replay and hindsight sampler, without a simulation.
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { box, discrete } from '../envs/space.js';
import type { Random } from '../random.js';
import {
  type Batch,
  createBatch,
  createReplay,
  createSampler,
  type RelabelStrategy,
  type Replay,
} from '../replay/index.js';

/** A path of achieved goals, [T + 1, dimensions] row-major, and the goal that was asked for. */
export interface Path {
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
}

/** Reward 1 within less than `eps` of the goal, else 0; episodes of exactly `steps` steps that success does not end. */
export function pathRules(dimensions: number, steps: number, eps: number): GoalRules & { readonly spec: EnvSpec } {
  const spec: EnvSpec = {
    name: 'paths',
    observation: box(dimensions),
    achieved: box(dimensions),
    goal: box(dimensions),
    action: discrete(1),
    maxEpisodeSteps: steps,
    rewardRange: [0, 1],
    successEndsEpisode: false,
    info: [],
  };
  const within = (achieved: Float32Array, desired: Float32Array, out: Float32Array | Uint8Array) => {
    for (let i = 0; i < out.length; i++) {
      let squares = 0;
      for (let j = i * dimensions; j < (i + 1) * dimensions; j++) squares += (achieved[j] - desired[j]) ** 2;
      out[i] = Math.sqrt(squares) < eps ? 1 : 0;
    }
  };
  return {
    spec,
    computeReward: (achieved, desired, _info, out) => within(achieved, desired, out),
    computeSuccess: (achieved, desired, _info, out) => within(achieved, desired, out),
    goalFrom: (achieved, out) => out.set(achieved),
  };
}

export function storePaths({ spec }: { readonly spec: EnvSpec }, paths: readonly Path[]): Replay {
  const replay = createReplay(spec, paths.length * spec.maxEpisodeSteps);
  const action = new Float32Array(spec.maxEpisodeSteps);
  for (const { achieved, goal } of paths) {
    replay.addEpisode({ columns: { observation: achieved, achieved, goal, action }, failed: false });
  }
  return replay;
}

const BATCH = 1000;

/** Draws `samples` transitions (rounded up to whole batches) as a learner would and shows each batch to `look`. */
export function drawTransitions(
  replay: Replay,
  rules: GoalRules & { readonly spec: EnvSpec },
  relabel: RelabelStrategy,
  { samples, random }: { samples: number; random: Random },
  look: (columns: Batch['columns']) => void,
): void {
  const sampler = createSampler(replay, rules, relabel);
  const batch = createBatch(rules.spec, BATCH);
  for (let drawn = 0; drawn < samples; drawn += BATCH) {
    sampler.sample(random, batch);
    look(batch.columns);
  }
}
