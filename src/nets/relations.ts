// What networks see of a goal in relation to the state: how much is left to it, and the thing that it is about first.
import type { GoalRelations } from '../relations.js';
import { concat, type Graph, type Tensor } from '../tensor/index.js';
import { CLIP, type InputSpec, type Seen, scales, type TargetSpec } from './input.js';

/** The name of the input that holds what is left to the goal. */
export const remainder = 'remainder';

/** What is left, as an input of networks; programs make it of observation and goal. */
export const remainderInput = ({ groups }: GoalRelations): InputSpec => {
  const size = groups.reduce((sum, group) => sum + group.size, 0);
  return { name: remainder, role: 'state', size, shape: [size], dtype: 'float32', normalize: false };
};

/**
 * What is seen, with two changes. `remainder` is the goal less what is, 0 where that does not count, in deviations of the
 * observed numbers where these are normalised. Of things alike, the one that the goal is about and the first one have
 * changed places.
 */
export function relate(
  seen: Seen,
  g: Graph,
  rows: number,
  { groups, things }: GoalRelations,
  inputs: readonly InputSpec[],
  {
    normalize,
    targets,
    sizes = inputs,
  }: {
    readonly normalize: boolean | 'task';
    readonly targets?: readonly TargetSpec[];
    /** Observation and goal, where they are not both among the inputs. */
    readonly sizes?: readonly InputSpec[];
  },
): Seen {
  const size = (name: string) => sizes.find((input) => input.name === name)?.size ?? 0;
  const raw = (name: string) => g.input(name, [rows, size(name)]);
  const [observation, goal] = [raw('observation'), raw('goal')];
  const scale = normalize ? scales(g, rows, inputs, targets).observation?.[1] : undefined;
  const counted = (column: number) => goal.slice(1, column, column + 1);
  const left = groups.map((group): Tensor => {
    const from = group.observation;
    const wanted = goal.slice(1, group.goal, group.goal + group.size);
    const difference = wanted.sub(observation.slice(1, from, from + group.size));
    const scaled = scale
      ? difference.mul(scale.slice(scale.shape.length - 1, from, from + group.size)).clip(-CLIP, CLIP)
      : difference;
    return group.counts === undefined ? scaled : scaled.mul(counted(group.counts));
  });
  return {
    ...seen,
    ...(things && { observation: wantedFirst(seen.observation, things, counted) }),
    [remainder]: concat(left, 1),
  };
}

/** What is left to a state that was shown, as an input of networks, in the numbers of the observation. */
export const leftToShown = ({ size }: Pick<InputSpec, 'size'>): InputSpec => ({
  name: remainder,
  role: 'state',
  size,
  shape: [size],
  dtype: 'float32',
  normalize: false,
});

/** The last moment of a demonstration of states [rows, moments, size] less what is, in deviations where these are known. */
export function untilShown(
  g: Graph,
  rows: number,
  demonstration: Pick<InputSpec, 'name' | 'shape'>,
  inputs: readonly InputSpec[],
  { normalize, targets }: { readonly normalize: boolean | 'task'; readonly targets?: readonly TargetSpec[] },
): Tensor {
  const [moments, size] = demonstration.shape;
  const last = g
    .input(demonstration.name, [rows, moments, size])
    .slice(1, moments - 1, moments)
    .reshape([rows, size]);
  const left = last.sub(g.input('observation', [rows, size]));
  const scale = normalize ? scales(g, rows, inputs, targets).observation?.[1] : undefined;
  return scale ? left.mul(scale).clip(-CLIP, CLIP) : left;
}

/** The same of a demonstration [rows, moments, size] in the numbers of the observation [rows, size] as they are seen. */
export function untilSeen(demonstration: Tensor, observation: Tensor): Tensor {
  const [rows, moments, size] = demonstration.shape;
  return demonstration
    .slice(1, moments - 1, moments)
    .reshape([rows, size])
    .sub(observation)
    .clip(-CLIP, CLIP);
}

function wantedFirst(
  observation: Tensor,
  { size, each }: NonNullable<GoalRelations['things']>,
  counted: (column: number) => Tensor,
): Tensor {
  const [first, ...others] = each;
  const numbers = (from: number) => observation.slice(1, from, from + size);
  const stands = numbers(first.observation);
  const moved = new Map([[first.observation, stands]]);
  for (const { observation: from, counts } of others) {
    const [own, wanted] = [numbers(from), counted(counts)];
    moved.set(first.observation, (moved.get(first.observation) ?? stands).add(wanted.mul(own.sub(stands))));
    moved.set(from, own.add(wanted.mul(stands.sub(own))));
  }
  const pieces: Tensor[] = [];
  let at = 0;
  const until = (end: number) => {
    if (end > at) pieces.push(observation.slice(1, at, end));
  };
  for (const [from, now] of [...moved].sort(([a], [b]) => a - b)) {
    until(from);
    pieces.push(now);
    at = from + size;
  }
  until(observation.shape[1]);
  return concat(pieces, 1);
}
