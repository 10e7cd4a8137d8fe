// The bias of hindsight under chance: a coin is flipped, and relabelling only ever keeps the outcomes that came.
import * as z from 'zod';
import { createRandom, mixSeed } from '../random.js';
import { defineCalculator } from './calculator.js';
import { number } from './format.js';
import { drawTransitions, type Path, pathRules, storePaths } from './hindsight-buffer.js';

/**
 * Value that hindsight learns for "heads" after one flip, where heads comes with probability `chance` and is the original
 * goal in a share `wanted` of the episodes. Of n episodes, n wanted bring the goal heads as an original (a share `chance`
 * of them successes) and n k chance as a relabelled one (all of them successes).
 */
export const learnedValue = (chance: number, k: number, wanted = 0.5): number =>
  (chance * (wanted + k)) / (wanted + k * chance);

const HEADS = 1;
const TAILS = -1;

/** Ways to take goals: biased hindsight, and what avoids the bias. */
export const coinMethods = ['none', 'future', 'random', 'future, weighted'] as const;
export type CoinMethod = (typeof coinMethods)[number];

interface CoinOptions {
  readonly chance: number;
  readonly wanted: number;
  readonly k: number;
  readonly episodes: number;
  readonly samples: number;
}

/**
 * Learns Q(heads) from one simulated buffer as the mean of the targets that the sampler gives, which is where tabular
 * Q-learning with step size 1/n ends. `future, weighted` weights a transition by p(g) / p(g given s'), both counted in the
 * samples: the importance weight that makes goals independent of the outcome (Schramm et al. 2022, USHER).
 */
export function learnCoin(method: CoinMethod, options: CoinOptions, seed: number): number {
  const { chance, wanted, k, episodes, samples } = options;
  const random = createRandom(seed);
  const paths = Array.from({ length: episodes }, (): Path => {
    const outcome = random.uniform() < chance ? HEADS : TAILS;
    return {
      achieved: Float32Array.of(0, outcome),
      goal: Float32Array.of(random.uniform() < wanted ? HEADS : TAILS),
    };
  });
  const rules = pathRules(1, 1, 0.5);
  const strategy = method === 'future, weighted' ? 'future' : method;
  /** Samples by [goal is heads][outcome is heads]. */
  const counts = [
    [0, 0],
    [0, 0],
  ];
  const relabel = { strategy, k: strategy === 'none' ? 0 : k };
  drawTransitions(
    storePaths(rules, paths),
    rules,
    relabel,
    { samples, random },
    ({ goal, 'next.achieved': reached }) => {
      for (let i = 0; i < goal.length; i++) counts[goal[i] > 0 ? 1 : 0][reached[i] > 0 ? 1 : 0]++;
    },
  );
  const [missed, reached] = counts[1];
  if (method !== 'future, weighted') return reached / (missed + reached);
  const weight = (outcome: 0 | 1) => {
    const all = counts[0][0] + counts[0][1] + missed + reached;
    const goalShare = (missed + reached) / all;
    return goalShare / (counts[1][outcome] / (counts[0][outcome] + counts[1][outcome]));
  };
  return (reached * weight(1)) / (missed * weight(0) + reached * weight(1));
}

const methodNames: Record<CoinMethod, string> = {
  none: 'none',
  future: 'future (final and episode alike)',
  random: 'random: goals of other episodes',
  'future, weighted': 'future, importance weights',
};

const KS = [0, 1, 2, 4, 8, 16] as const;
const CHANCES = [0.1, 0.25, 0.5, 0.75, 0.9] as const;

const options = z.strictObject({
  chance: z.number().gt(0).lt(1).default(0.5).describe('probability of heads: the true value of the goal heads'),
  k: z.number().min(0).max(1000).default(4).describe('relabelled goals per original one'),
  wanted: z.number().gt(0).max(1).default(0.5).describe('share of episodes whose original goal is heads'),
  episodes: z.int().min(100).max(100_000).default(1000).describe('episodes in a simulated buffer'),
  samples: z.int().min(1000).max(1e7).default(10_000).describe('transitions drawn from it'),
  runs: z.int().min(2).max(1000).default(20).describe('independent buffers; the spread over them gives the error'),
  seed: z.int().min(0).default(0).describe('seed of the simulation'),
});

export const hindsightBias = defineCalculator({
  name: 'hindsight-bias',
  description: 'how hindsight overrates goals that chance decides (a coin flip), and what avoids it',
  options,
  compute(given) {
    const { chance, k, wanted, runs, seed } = given;
    const methods = coinMethods.map((method) => {
      const values = Array.from({ length: runs }, (_, run) => learnCoin(method, given, mixSeed(seed, method, run)));
      const mean = values.reduce((sum, value) => sum + value, 0) / runs;
      const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (runs - 1);
      return {
        method,
        expected: method === 'future' ? learnedValue(chance, k, wanted) : chance,
        simulated: mean,
        /** Standard error of `simulated`. */
        simulatedError: Math.sqrt(variance / runs),
      };
    });
    return {
      chance,
      k,
      wanted,
      trueValue: chance,
      methods,
      /** Learned by `future` in closed form, for other k and chances and the same `wanted`. */
      learned: CHANCES.map((other) => ({
        chance: other,
        values: KS.map((count) => ({ k: count, value: learnedValue(other, count, wanted) })),
      })),
    };
  },
  table: ({ chance, k, wanted, trueValue, methods, learned }) => [
    {
      title: `One flip, heads with probability ${number(chance)}, heads wanted in ${number(wanted)} of the episodes, k = ${number(k)}`,
      columns: ['goals', 'true Q(heads)', 'learned, expected', 'learned, simulated'],
      rows: methods.map(({ method, expected, simulated, simulatedError }) => [
        methodNames[method],
        number(trueValue),
        number(expected),
        `${number(simulated)} +- ${number(simulatedError, 2)}`,
      ]),
      note: 'A relabelled flip always shows the outcome that came, never that it might not have come: p (w + k) / (w + k p) instead of p. Goals drawn independently of the outcome (random) or importance weights p(g) / p(g given next state) (USHER, Schramm et al. 2022) remove the bias; a smaller k lessens it. With deterministic dynamics there is none.',
    },
    {
      title: 'Learned with future, by closed form',
      columns: ['true value', ...KS.map((count) => `k = ${count}`)],
      rows: learned.map(({ chance: other, values }) => [number(other), ...values.map(({ value }) => number(value))]),
      note: 'The more goals are relabelled and the rarer the outcome is, the more it is overrated.',
    },
  ],
});
