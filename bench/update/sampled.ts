// Batches as training draws them: from 5,000 stored transitions, four of five with a goal of hindsight.
import { box, discrete, type EnvSpec, type GoalRules } from '../../src/envs/index.js';
import { createRandom } from '../../src/random.js';
import { createBatch, createReplay, createSampler, parseRelabel } from '../../src/replay/index.js';
import type { UpdateCase } from './cases.js';

const STORED = 5000;
const STEPS = 50;

export interface SampledBatches {
  readonly columns: Readonly<Record<string, Float32Array | Uint8Array>>;
  /** Fills the columns. */
  sample(): void;
}

/** The names are those of the agent's batch. */
export function sampledBatches(of: UpdateCase, names: readonly string[]): SampledBatches {
  const { observation, goal, action, batch: rows } = of;
  const spec: EnvSpec = {
    name: 'bench/random-goals',
    observation: box(observation),
    achieved: box(goal),
    goal: box(goal),
    action: of.agent === 'dqn' ? discrete(action) : box(action, -1, 1),
    maxEpisodeSteps: STEPS,
    rewardRange: [-1, 0],
    successEndsEpisode: false,
    info: [],
  };
  const isNear = (a: Float32Array, b: Float32Array, row: number) => {
    let sum = 0;
    for (let i = row * goal; i < (row + 1) * goal; i++) sum += (a[i] - b[i]) ** 2;
    return sum <= 1;
  };
  const rules: GoalRules = {
    computeReward(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = isNear(achieved, desired, i) ? 0 : -1;
    },
    computeSuccess(achieved, desired, _info, out) {
      for (let i = 0; i < out.length; i++) out[i] = isNear(achieved, desired, i) ? 1 : 0;
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
  const random = createRandom(4);
  const normal = (size: number) => {
    const out = new Float32Array(size);
    random.fillNormal(out);
    return out;
  };
  const replay = createReplay(spec, STORED);
  while (replay.ring.transitions < STORED) {
    const actions =
      of.agent === 'dqn' ? Float32Array.from({ length: STEPS }, () => random.below(action)) : normal(STEPS * action);
    const columns = {
      observation: normal((STEPS + 1) * observation),
      achieved: normal((STEPS + 1) * goal),
      goal: normal(goal),
      action: actions,
    };
    replay.addEpisode({ columns, failed: false });
  }
  const sampler = createSampler(replay, rules, parseRelabel('future:4'));
  const batch = createBatch(spec, rows, names);
  return { columns: batch.columns, sample: () => sampler.sample(random, batch) };
}
