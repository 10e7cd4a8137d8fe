// How many of a learner's transitions are successes under hindsight: formulas, exact counts and what the sampler draws.
import * as z from 'zod';
import { createRandom, mixSeed, type Random } from '../random.js';
import { type Correction, correctionTable, defineCalculator } from './calculator.js';
import { number, percent } from './format.js';
import { drawTransitions, type Path, pathRules, storePaths } from './hindsight-buffer.js';

/** Strategies that take goals from the transition's own episode, and none. */
export const ownEpisodeStrategies = ['none', 'future', 'final', 'episode'] as const;
export type OwnEpisodeStrategy = (typeof ownEpisodeStrategies)[number];

/** H_n = 1 + 1/2 + ... + 1/n. */
export function harmonic(n: number): number {
  let sum = 0;
  for (let i = n; i >= 1; i--) sum += 1 / i;
  return sum;
}

/** Share of relabelled transitions: k / (1 + k). */
export const relabelledShare = (strategy: OwnEpisodeStrategy, k: number): number =>
  strategy === 'none' ? 0 : k / (1 + k);

/**
 * Share of transitions with reward 1 where the T achieved goals of an episode lie further than eps apart, so that a
 * relabelled transition succeeds only with the goal that it achieved itself. `future` finds it among T - t goals
 * (t = 0..T-1), which averages to H_T / T; `episode` among T; `final` at the last step only. `originalSuccess` is the
 * share of original transitions with reward 1.
 */
export function positiveRatio(strategy: OwnEpisodeStrategy, steps: number, k: number, originalSuccess = 0): number {
  const relabelled = relabelledShare(strategy, k);
  const hit = strategy === 'future' ? harmonic(steps) / steps : 1 / steps;
  return relabelled * hit + (1 - relabelled) * originalSuccess;
}

/** The expected share of the sampler on these very paths: every transition with every goal it may get. */
export function countPositives(
  paths: readonly Path[],
  { strategy, k }: { strategy: OwnEpisodeStrategy; k: number },
  { dimensions, eps }: { dimensions: number; eps: number },
): { share: number; originalSuccess: number } {
  let [original, hits, transitions] = [0, 0, 0];
  for (const { achieved, goal } of paths) {
    const steps = achieved.length / dimensions - 1;
    const near = (i: number, other: Float32Array, j: number) => {
      let squares = 0;
      for (let axis = 0; axis < dimensions; axis++) {
        squares += (achieved[i * dimensions + axis] - other[j * dimensions + axis]) ** 2;
      }
      return Math.sqrt(squares) < eps ? 1 : 0;
    };
    transitions += steps;
    for (let i = 1; i <= steps; i++) {
      original += near(i, goal, 0);
      if (strategy === 'none') continue;
      const first = strategy === 'future' ? i : strategy === 'final' ? steps : 1;
      let found = 0;
      for (let j = first; j <= steps; j++) found += near(i, achieved, j);
      hits += found / (steps - first + 1);
    }
  }
  const relabelled = relabelledShare(strategy, k);
  const originalSuccess = original / transitions;
  return { share: relabelled * (hits / transitions) + (1 - relabelled) * originalSuccess, originalSuccess };
}

/** The share of successes among `samples` transitions that the learners' own sampler draws from these paths. */
export function samplePositives(
  paths: readonly Path[],
  { strategy, k }: { strategy: OwnEpisodeStrategy; k: number },
  { dimensions, eps, samples, seed }: { dimensions: number; eps: number; samples: number; seed: number },
): { positives: number; relabelled: number; drawn: number } {
  const steps = paths[0].achieved.length / dimensions - 1;
  const rules = pathRules(dimensions, steps, eps);
  const relabel = { strategy, k: strategy === 'none' ? 0 : k };
  const random = createRandom(seed);
  let [positives, relabelled, drawn] = [0, 0, 0];
  drawTransitions(storePaths(rules, paths), rules, relabel, { samples, random }, (batch) => {
    drawn += batch.reward.length;
    for (let i = 0; i < batch.reward.length; i++) {
      positives += batch.reward[i];
      relabelled += batch.relabelled[i];
    }
  });
  return { positives, relabelled, drawn };
}

/** Paths that never come back, or random walks on a lattice, where every coordinate moves by one stride each step. */
export const pathKinds = ['straight', 'random walk'] as const;
export type PathKind = (typeof pathKinds)[number];

interface PathOptions {
  readonly episodes: number;
  readonly steps: number;
  readonly stride: number;
  readonly dimensions: number;
  /** Share of episodes whose original goal is a place that the path passes; the others' goal is out of reach. */
  readonly solved: number;
}

export function createPaths(kind: PathKind, random: Random, options: PathOptions): Path[] {
  const { episodes, steps, stride, dimensions, solved } = options;
  return Array.from({ length: episodes }, () => {
    const achieved = new Float32Array((steps + 1) * dimensions);
    // Places are counted in strides, so that coming back is exact.
    const place = new Int32Array(dimensions);
    for (let i = 1; i <= steps; i++) {
      for (let axis = 0; axis < dimensions; axis++) {
        place[axis] += kind === 'straight' || random.below(2) === 1 ? 1 : -1;
        achieved[i * dimensions + axis] = place[axis] * stride;
      }
    }
    const goal = new Float32Array(dimensions).fill(1e9);
    if (random.uniform() < solved) {
      const at = (1 + random.below(steps)) * dimensions;
      goal.set(achieved.subarray(at, at + dimensions));
    }
    return { achieved, goal };
  });
}

export function lectureCorrections(): Correction[] {
  const at = (strategy: OwnEpisodeStrategy) => percent(positiveRatio(strategy, 50, 4), 2);
  return [
    {
      subject: 'positive ratio at T = 50, k = 4',
      printed: percent(relabelledShare('future', 4)),
      right: `${at('future')} with future, ${at('final')} with final and episode`,
      why: 'k/(1+k) is the share of relabelled transitions, and a relabelled transition has reward 1 only where it really reaches its new goal.',
    },
  ];
}

const options = z.strictObject({
  steps: z.int().min(1).max(1000).default(50).describe('steps of an episode, T'),
  k: z.number().min(0).max(1000).default(4).describe('relabelled goals per original one'),
  eps: z.number().positive().default(0.05).describe('a goal counts as reached within less than this'),
  stride: z.number().positive().default(0.1).describe('length of a step along each axis'),
  dimensions: z.int().min(1).max(6).default(1).describe('dimensions of the space in which the paths run'),
  solved: z.number().min(0).max(1).default(0).describe('share of episodes that pass their original goal'),
  episodes: z.int().min(1).max(2000).default(200).describe('episodes in the simulated buffer'),
  samples: z.int().min(1000).max(1e7).default(200_000).describe('transitions to draw from it for each strategy'),
  seed: z.int().min(0).default(0).describe('seed of the simulation'),
});

export const positiveRatioCalculator = defineCalculator({
  name: 'positive-ratio',
  description: 'how many transitions succeed under each hindsight strategy: formula, count and simulation',
  options,
  compute(given) {
    const { steps, k, eps, stride, dimensions, samples, seed } = given;
    const results = pathKinds.flatMap((kind) => {
      const paths = createPaths(kind, createRandom(mixSeed(seed, kind)), given);
      return ownEpisodeStrategies.map((strategy) => {
        const { share: counted, originalSuccess } = countPositives(paths, { strategy, k }, { dimensions, eps });
        const drawing = { dimensions, eps, samples, seed: mixSeed(seed, kind, strategy) };
        const { positives, relabelled, drawn } = samplePositives(paths, { strategy, k }, drawing);
        return {
          path: kind,
          strategy,
          originalSuccess,
          relabelledShare: relabelledShare(strategy, k),
          /** For paths that do not revisit. */
          formula: positiveRatio(strategy, steps, k, originalSuccess),
          counted,
          simulated: positives / drawn,
          /** One standard deviation of `simulated` around `counted`. */
          simulatedError: Math.sqrt((counted * (1 - counted)) / drawn),
          simulatedRelabelled: relabelled / drawn,
        };
      });
    });
    const moved = stride * Math.sqrt(dimensions);
    return { steps, k, distinct: moved > eps, results, lecture: lectureCorrections() };
  },
  table({ steps, k, distinct, results, lecture }) {
    const notes: Record<PathKind, string> = {
      straight: distinct
        ? 'All achieved goals are further apart than eps: the formulas hold. future: k/(1+k) H_T/T, final and episode: k/(1+k) 1/T; original successes add p/(1+k).'
        : 'A step is not longer than eps, so that neighbouring goals count as reached too: the formulas, which take them as distinct, are too low.',
      'random walk':
        'A path that comes back reaches goals of its past and future again, so that more relabelled transitions succeed than the formulas say.',
    };
    return [
      ...pathKinds.map((kind) => ({
        title: `Transitions with reward 1, ${kind === 'straight' ? 'straight paths' : 'random walks'}, T = ${steps}, k = ${number(k)}`,
        columns: ['strategy', 'relabelled', 'formula', 'counted', 'drawn by the sampler', 'counted / formula'],
        rows: results
          .filter(({ path }) => path === kind)
          .map((result) => [
            result.strategy,
            percent(result.relabelledShare),
            percent(result.formula),
            percent(result.counted),
            `${percent(result.simulated)} +- ${percent(result.simulatedError, 2)}`,
            result.formula > 0 ? number(result.counted / result.formula, 3) : '-',
          ]),
        note: notes[kind],
      })),
      correctionTable(lecture),
    ];
  },
});
