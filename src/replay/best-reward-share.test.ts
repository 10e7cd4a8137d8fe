// The share of sampled transitions that are successes: the exact formulas where no path comes back, exact counts where it does.
import { expect, test } from 'vitest';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { grid } from '../envs/grid/index.js';
import { parseEnvOptions } from '../envs/index.js';
import { positiveRatio } from '../lab/positive-ratio.js';
import { createRandom } from '../random.js';
import { createBatch } from './batch.js';
import type { RelabelStrategyName } from './relabel.js';
import { createReplay, type Replay } from './replay.js';
import type { Episode } from './rows.js';
import { createSampler } from './sampler.js';
import { code, codedEpisode, codedRules, codedSpec } from './testing.js';

const strategies = ['none', 'future', 'final', 'episode', 'random'] as const;
const SAMPLES = 60_000;

/** Share of successes among the transitions that the sampler draws. */
function measured(replay: Replay, rules: GoalRules, strategy: RelabelStrategyName, k: number): number {
  const sampler = createSampler(replay, rules, { strategy, k: strategy === 'none' ? 0 : k });
  const batch = createBatch(replay.spec, 1000);
  const random = createRandom(k);
  let successes = 0;
  for (let n = 0; n < SAMPLES; n += batch.size) {
    sampler.sample(random, batch);
    for (let i = 0; i < batch.size; i++) {
      const { success, reward } = batch.columns;
      successes += success[i];
      // Sparse rewards: a success, and nothing else, has the best one.
      if (reward[i] >= replay.spec.rewardRange[1] !== (success[i] === 1)) throw new Error('reward');
    }
  }
  return successes / SAMPLES;
}

/** 4.5 standard deviations: one false alarm in 150,000. */
const bound = (share: number) => 4.5 * Math.sqrt((share * (1 - share)) / SAMPLES) + 1e-12;

const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0);

const episodeLengths = [{ lengths: [50, 50, 50] }, { lengths: [1, 7, 50, 20, 3, 1] }];
const cases = episodeLengths.flatMap((given) => strategies.flatMap((strategy) => ({ ...given, strategy })));

test.each(cases)(
  '$strategy on paths that do not come back, of lengths $lengths: the formulas',
  ({ lengths, strategy }) => {
    const transitions = sum(lengths);
    for (const solved of [0, 1]) {
      const replay = createReplay(codedSpec(Math.max(...lengths)), 1000);
      // The first episode reaches its own goal in its last step, or none does.
      for (const [i, steps] of lengths.entries()) {
        replay.addEpisode(codedEpisode(i, steps, solved === 1 && i === 0 ? { goal: code(0, steps) } : {}));
      }
      for (const k of [1, 2, 4, 8, 16]) {
        // Each episode has its T transitions of all; `random` gets a transition's own goal once among all that are stored.
        const originals = solved / transitions / (strategy === 'none' ? 1 : 1 + k);
        const share =
          strategy === 'random'
            ? k / (1 + k) / transitions
            : sum(lengths.map((steps) => (steps / transitions) * positiveRatio(strategy, steps, k)));
        expect(Math.abs(measured(replay, codedRules, strategy, k) - share - originals)).toBeLessThan(
          bound(share + originals),
        );
      }
    }
  },
);

test('T = 50, k = 4: 7.2% with future, 1.6% with final and episode', () => {
  const replay = createReplay(codedSpec(50), 500);
  for (let i = 0; i < 10; i++) replay.addEpisode(codedEpisode(i, 50));
  for (const [strategy, share] of [
    ['future', 0.071987],
    ['final', 0.016],
    ['episode', 0.016],
  ] as const) {
    expect(Math.abs(measured(replay, codedRules, strategy, 4) - share)).toBeLessThan(bound(share));
  }
});

test('a point that stays where it is succeeds with every goal of its own episode: k / (1 + k)', () => {
  const replay = createReplay(codedSpec(20), 200);
  for (let i = 0; i < 5; i++) {
    const { columns, failed } = codedEpisode(i, 20);
    replay.addEpisode({ columns: { ...columns, achieved: new Float32Array(21).fill(code(i, 7)) }, failed });
  }
  for (const strategy of ['future', 'final', 'episode'] as const) {
    expect(Math.abs(measured(replay, codedRules, strategy, 4) - 0.8)).toBeLessThan(bound(0.8));
  }
  // A goal from anywhere is its own episode's once in five times.
  expect(Math.abs(measured(replay, codedRules, 'random', 4) - 0.8 / 5)).toBeLessThan(bound(0.8 / 5));
});

/** The sampler's expected share: every transition with every goal that it may get, judged by the environment's rules. */
function counted(
  episodes: readonly Episode[],
  { spec, ...rules }: GoalRules & { readonly spec: EnvSpec },
  strategy: RelabelStrategyName,
  k: number,
): number {
  const { size } = spec.achieved;
  const success = new Uint8Array(1);
  const row = (values: ArrayLike<number>, i: number) =>
    Float32Array.from({ length: size }, (_, j) => values[i * size + j]);
  const hit = (achieved: Float32Array, goal: Float32Array) => {
    rules.computeSuccess(achieved, goal, new Float32Array(0), success);
    return success[0];
  };
  let [originals, relabelled, transitions] = [0, 0, 0];
  for (const { columns } of episodes) {
    const { achieved, goal } = columns;
    const steps = achieved.length / size - 1;
    transitions += steps;
    for (let t = 1; t <= steps; t++) {
      originals += hit(row(achieved, t), row(goal, 0));
      const first = strategy === 'future' ? t : strategy === 'final' ? steps : 1;
      const hits = Array.from({ length: steps - first + 1 }, (_, i) => hit(row(achieved, t), row(achieved, first + i)));
      relabelled += sum(hits) / hits.length;
    }
  }
  const share = strategy === 'none' ? 0 : k / (1 + k);
  return (share * relabelled + (1 - share) * originals) / transitions;
}

test('random walks on the grid come back: the share is what counting says, far above the formulas', async () => {
  const STEPS = 30;
  const options = { map: '...../...../.....', maxEpisodeSteps: STEPS };
  const env = await grid.create(parseEnvOptions(grid, options));
  const random = createRandom(5);
  const replay = createReplay(env.spec, 1000);
  const episodes = Array.from({ length: 20 }, (_, i): Episode => {
    let now = env.reset(i === 0 ? { seed: 3 } : {});
    const goal = now.goal.slice();
    const observations = [...now.observation];
    const actions: number[] = [];
    do {
      actions.push(random.below(4));
      now = env.step([actions[actions.length - 1]]);
      observations.push(...now.observation);
    } while (actions.length < STEPS);
    // On the grid what is achieved is what is observed: the cell.
    const path = Float32Array.from(observations);
    const columns = { observation: path, achieved: path, goal, action: Float32Array.from(actions) };
    return { columns, failed: false };
  });
  for (const episode of episodes) replay.addEpisode(episode);
  const originals = counted(episodes, env, 'none', 0);
  for (const strategy of ['none', 'future', 'final', 'episode'] as const) {
    const expected = counted(episodes, env, strategy, 4);
    expect(Math.abs(measured(replay, env, strategy, 4) - expected)).toBeLessThan(bound(expected));
    if (strategy !== 'none') expect(expected).toBeGreaterThan(1.5 * positiveRatio(strategy, STEPS, 4, originals));
  }
});
