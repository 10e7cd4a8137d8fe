// How rare a sparse reward is: the chance that a random end point lies within eps of the goal.
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { ballShareInBox, log10UnitBall } from './ball-in-box.js';
import { type Correction, correctionTable, defineCalculator } from './calculator.js';
import { number, percent, powerOfTen, whole } from './format.js';

/**
 * Common logarithm of the chance that a point uniform in the box [0, sides[i]] lies within `eps` of `goal`, and the share
 * of the ball around the goal that lies inside. The logarithm, because in many dimensions the chance is below 1e-308.
 */
export function log10HitProbability(
  sides: readonly number[],
  goal: readonly number[],
  eps: number,
): { log10Probability: number; shareInside: number } {
  const farthest = Math.hypot(...goal.map((x, i) => Math.max(x, sides[i] - x)));
  if (farthest < eps) return { log10Probability: 0, shareInside: 10 ** -log10BallToBox(sides, eps) };
  const below = goal.map((x) => x / eps);
  const above = goal.map((x, i) => (sides[i] - x) / eps);
  const shareInside = ballShareInBox(below, above);
  const log10Probability = log10BallToBox(sides, eps) + Math.log10(shareInside);
  return { log10Probability: Math.min(log10Probability, 0), shareInside };
}

/** The chance by volumes alone, as if the ball stuck out nowhere; above 0 (a chance above 1) for a large eps. */
function log10BallToBox(sides: readonly number[], eps: number): number {
  return log10UnitBall(sides.length) + sides.reduce((sum, side) => sum + Math.log10(eps / side), 0);
}

/** Until the first success, when each trial succeeds with the same chance (geometric distribution). */
export function trialsToFirstSuccess(log10Probability: number): { mean: number; median: number } {
  const mean = 10 ** -log10Probability;
  // With few trials, the first count by which half of all runs have succeeded; with many, ln 2 / p.
  return { mean, median: mean > 1 ? Math.ceil(-Math.LN2 / Math.log1p(-1 / mean) - 1e-12) : 1 };
}

const PLACES = ['centre', 'face', 'edge', 'corner'] as const;
type Place = (typeof PLACES)[number];

/** At a face one coordinate is on the boundary, at an edge all but one, at a corner all. */
function goalAt(place: Place, sides: readonly number[]): number[] {
  const touching = { centre: 0, face: 1, edge: sides.length - 1, corner: sides.length }[place];
  return sides.map((side, i) => (i < touching ? 0 : side / 2));
}

const positive = z.number().positive();

const options = z.strictObject({
  dimensions: z.int().min(1).max(100).default(3).describe('dimensions of the goal space'),
  side: z
    .union([positive, z.array(positive)])
    .default(1)
    .describe('side of the box in metres: one number, or one for each dimension'),
  eps: positive.default(0.02).describe('the goal is reached within this distance, in metres'),
  position: z
    .union([z.enum(PLACES), z.array(z.number())])
    .default('centre')
    .describe("where the goal is; or its coordinates in metres from the box's lower corner"),
  trajectories: z.int().min(1).default(100).describe('trajectories in a batch'),
});

function boxSides({ dimensions, side }: z.output<typeof options>): number[] {
  const sides = typeof side === 'number' ? new Array<number>(dimensions).fill(side) : side;
  if (sides.length === dimensions) return sides;
  throw new UsageError(
    `side lists ${sides.length} numbers, but dimensions is ${dimensions}; give one for each, or one number.`,
  );
}

function goalOf({ position, dimensions }: z.output<typeof options>, sides: readonly number[]): number[] {
  if (typeof position === 'string') return goalAt(position, sides);
  if (position.length !== dimensions) {
    throw new UsageError(
      `position lists ${position.length} coordinates, but dimensions is ${dimensions}; give one for each.`,
    );
  }
  const outside = position.findIndex((x, i) => x < 0 || x > sides[i]);
  if (outside < 0) return position;
  throw new UsageError(
    `position: coordinate ${outside + 1} is ${position[outside]}; it must lie in the box, from 0 to ${sides[outside]}.`,
  );
}

function sizes(sides: readonly number[]): string {
  const equal = sides.every((side) => side === sides[0]);
  return equal
    ? `${sides.length} dimensions, ${number(sides[0])} m each`
    : `${sides.map((side) => number(side)).join(' x ')} m`;
}

export function lectureCorrections(): Correction[] {
  const { log10Probability } = log10HitProbability([1, 1, 1], [0.5, 0.5, 0.5], 0.02);
  const { mean } = trialsToFirstSuccess(log10Probability);
  return [
    {
      subject: 'batches of 100 trajectories to the first success (1 m cube, eps 2 cm)',
      printed: '30,000',
      right: `${whole(mean / 100)} (${whole(mean)} trajectories)`,
      why: `About 30,000 is the number of trajectories, 1 / ${powerOfTen(log10Probability)}; a batch holds a hundred of them.`,
    },
  ];
}

export const sparseReward = defineCalculator({
  name: 'sparse-reward',
  description: 'how rarely random exploration meets a sparse reward, in any dimension and place',
  options,
  compute(given) {
    const { eps, trajectories, dimensions, position } = given;
    const sides = boxSides(given);
    const describe = (label: string, goal: readonly number[]) => {
      const { log10Probability, shareInside } = log10HitProbability(sides, goal, eps);
      const { mean, median } = trialsToFirstSuccess(log10Probability);
      return {
        label,
        goal,
        shareInside,
        log10Probability,
        probability: 10 ** log10Probability,
        expectedSuccesses: trajectories * 10 ** log10Probability,
        /** Infinite (null in JSON) where beyond a double; 10^-log10Probability all the same. */
        meanTrials: mean,
        medianTrials: median,
        meanBatches: mean / trajectories,
      };
    };
    const goal = goalOf(given, sides);
    const named = PLACES.map((place) => describe(place, goalAt(place, sides)));
    const chosen = describe(typeof position === 'string' ? position : 'here', goal);
    // A cube of the same volume per dimension shows what the number of dimensions alone does.
    const cube = 10 ** (sides.reduce((sum, side) => sum + Math.log10(side), 0) / dimensions);
    return {
      sides,
      eps,
      trajectories,
      chosen,
      places: typeof position === 'string' ? named : [chosen, ...named],
      /** From the volumes alone: not capped, not cut by the box. */
      log10BallToBox: log10BallToBox(sides, eps),
      byDimension: Array.from({ length: Math.max(14, dimensions) }, (_, i) => {
        const box = new Array<number>(i + 1).fill(cube);
        return { dimensions: i + 1, ...log10HitProbability(box, goalAt('centre', box), eps) };
      }),
      /** The goal moves from a face (0) towards the middle; distance in units of eps. */
      nearFace: Array.from({ length: 21 }, (_, i) => {
        const distance = i / 20;
        const centre = goalAt('centre', sides);
        const moved = [Math.min(distance * eps, centre[0]), ...centre.slice(1)];
        return { distance, ...log10HitProbability(sides, moved, eps) };
      }),
      lecture: lectureCorrections(),
    };
  },
  table: ({ places, trajectories, sides, eps, byDimension, log10BallToBox: volumes, lecture }) => [
    {
      title: `A random end point in a box of ${sizes(sides)}, success within ${number(eps)} m`,
      columns: [
        'goal',
        'ball inside',
        'probability',
        `successes in ${whole(trajectories)}`,
        'mean trials to the first',
        'half of all runs by',
        `batches of ${whole(trajectories)}`,
      ],
      rows: places.map((place) => [
        place.label,
        percent(place.shareInside),
        powerOfTen(place.log10Probability),
        powerOfTen(place.log10Probability + Math.log10(trajectories)),
        Number.isFinite(place.meanTrials) ? whole(place.meanTrials) : powerOfTen(-place.log10Probability),
        Number.isFinite(place.medianTrials)
          ? whole(place.medianTrials)
          : powerOfTen(Math.log10(Math.LN2) - place.log10Probability),
        place.meanBatches >= 100 ? whole(place.meanBatches) : number(place.meanBatches, 3),
      ]),
      note: `The ball of radius eps has ${powerOfTen(volumes)} times the volume of the box. Where the goal is near the boundary, part of the ball lies outside and cannot be hit: half of it at a face, one part in 2^d at a corner. The chance is never above 1.`,
    },
    {
      title: 'The same eps in a cube of other dimensions, goal in the centre',
      columns: ['dimensions', 'probability', 'mean trials'],
      rows: byDimension
        .filter(({ dimensions: d }) => [1, 2, 3, 4, 6, 7, 10, 14, 20, 50, 100, sides.length].includes(d))
        .map(({ dimensions: d, log10Probability }) => [
          String(d),
          powerOfTen(log10Probability),
          powerOfTen(-log10Probability),
        ]),
      note: 'While eps is small against the side, each further dimension costs a factor of that order: this is why sparse rewards need hindsight.',
    },
    correctionTable(lecture),
  ],
});
