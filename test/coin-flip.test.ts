// Hindsight's bias in whole runs: a fair coin is asked to show a side, and goals from the flip itself make luck look like skill.
import { expect, it } from 'vitest';
import { float32Of } from '../src/bytes.js';
import { arrayState } from '../src/envs/goal-env.js';
import { box, defineEnv, discrete, goalRules, targetState } from '../src/envs/index.js';
import { learnedValue } from '../src/lab/hindsight-bias.js';
import { createMemoryStore } from '../src/runs/memory-store.js';
import { readCheckpoint } from '../src/runs/run-reader.js';
import { train } from '../src/training/index.js';

const HEADS = 1;
const TAILS = -1;

/** One step: the one action flips a fair coin; the goal, either side alike, is reached where the coin shows it. */
const coin = defineEnv({
  name: 'test/coin',
  create: () => {
    const state = new Float64Array(1);
    const side = box(1, TAILS, HEADS);
    const { rewardRange, ...rules } = goalRules(targetState(side, 0.5), 'zero-one');
    return {
      ...rules,
      ...arrayState(state),
      spec: {
        name: 'test/coin',
        observation: side,
        achieved: side,
        goal: side,
        action: discrete(1),
        maxEpisodeSteps: 1,
        rewardRange,
        successEndsEpisode: true,
        info: [],
      },
      reset(random, now) {
        state[0] = 0;
        now.observation[0] = 0;
        now.achieved[0] = 0;
        now.goal[0] = random.below(2) === 0 ? TAILS : HEADS;
      },
      step(_action, now, random) {
        state[0] = random.below(2) === 0 ? TAILS : HEADS;
        now.observation[0] = state[0];
        now.achieved[0] = state[0];
      },
    };
  },
});

const FLIPS = 3000;

/** Q(heads) as the agent has it after the run, its updates drawn from all flips. */
async function learned(relabel: string): Promise<number> {
  const store = createMemoryStore();
  const { runDir, envSteps } = await train({
    env: coin,
    agent: 'tabular',
    relabel,
    steps: FLIPS,
    seed: 1,
    store,
    // Step size 1/n, so that a value is the mean of its targets. Nothing comes after the flip, hence discount 0.
    config: {
      agent: { discount: 0, learningRate: 1, visitPower: 1, states: 4, goals: 4 },
      training: { batchSize: 64, updatesPerStep: 0.5 },
      evaluation: { every: 0, episodes: 1 },
    },
  });
  const { state } = await readCheckpoint(store, runDir.slice(store.location.length + 1), envSteps);
  const of = (name: string) => float32Of(state[`learner.vector.${name}`]);
  return of('values')[of('states').indexOf(0) * 4 + of('goals').indexOf(HEADS)];
}

it.each([
  { relabel: 'none', expected: 0.5 },
  { relabel: 'future:1', expected: learnedValue(0.5, 1) },
  { relabel: 'future:4', expected: 0.9 },
  { relabel: 'final:4', expected: 0.9 },
  // The remedy: goals that do not depend on the flip's outcome.
  { relabel: 'random:4', expected: 0.5 },
])('$relabel: the true value is 0.5, learned is $expected', async ({ relabel, expected }) => {
  // Share of heads among the flips: one standard deviation is 0.009, with hindsight less.
  expect(Math.abs((await learned(relabel)) - expected)).toBeLessThan(4 * Math.sqrt(0.25 / FLIPS) + 0.005);
});
