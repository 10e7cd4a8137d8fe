// What a policy's network learns to tell besides its actions: numbers that are known while it learns, such as where things are.
import { UsageError } from '../errors.js';
import { createSee, type InputSpec, relate, remainder, type TargetSpec } from '../nets/index.js';
import type { GoalRelations } from '../relations.js';
import { concat, type Graph, type Tensor } from '../tensor/index.js';
import type { AgentSpec } from './agent-spec.js';
import { namedNumbers } from './unseen-numbers.js';

export interface ToldNumbers {
  /** How many. */
  readonly size: number;
  /** What the normaliser has to know of besides. */
  readonly targets: readonly TargetSpec[];
  /** The numbers of so many rows [rows, size], in deviations where numbers are normalised; programs of the learner only. */
  truth(g: Graph, rows: number, normalize: boolean | 'task', targets: readonly TargetSpec[]): Tensor;
}

/**
 * An auxiliary loss through the policy's own network (James et al. 2017, arXiv 1707.02267, section IV): gradients of where
 * things are reach what sees pictures long before those of actions do. `names` are numbers of the observation, `*` stands for
 * anything, and `remainder`: what is left to the goal. Where the environment says how they go together, the first of things
 * alike is the one that the goal is about (all 0, their means, where it is about none), and what is left of them is told once.
 * `seen`: the inputs that the policy has. @throws UsageError for a name that no number has, and where what is told is not known
 */
export function toldNumbers(
  spec: AgentSpec,
  seen: readonly InputSpec[],
  names: readonly string[],
): ToldNumbers | undefined {
  if (names.length === 0) return undefined;
  const { relations, observationNames } = spec;
  const known = [...spec.inputs, ...(spec.privileged ?? []), ...(spec.untold ?? [])];
  const of = (name: string) => known.find((input) => input.name === name);
  const [observation, goal] = [of('observation'), of('goal')];
  const related = goal && relations;
  const ofObservation = names.filter((name) => name !== remainder);
  if (ofObservation.length < names.length && !related) {
    throw new UsageError(
      `agent.tells names remainder, but ${goal ? 'this environment does not say how goals and observations go together' : 'there are no goals'}; leave it out.`,
    );
  }
  if (!observation)
    throw new UsageError(`agent.tells names ${names[0]}, but nothing is observed in numbers; leave it out.`);
  const columns = [...namedNumbers('tells', ofObservation, observationNames, related ? [remainder] : [])].sort(
    (a, b) => a - b,
  );
  const left = ofObservation.length < names.length && related ? leftOnce(related) : [];
  const needed = [observation, ...(related ? [goal] : [])];
  return {
    size: columns.length + left.reduce((sum, { size }) => sum + size, 0),
    targets: needed.filter(({ name, normalize }) => normalize && !seen.some((input) => input.name === name)),
    truth(g, rows, normalize, targets) {
      const plain = createSee(seen, normalize, targets, needed)(g, rows);
      const all = related ? relate(plain, g, rows, related, seen, { normalize, targets, sizes: needed }) : plain;
      const things = related?.things;
      const isThings = (i: number) =>
        things?.each.some(({ observation: from }) => i >= from && i < from + things.size) ?? false;
      const aboutOne = things && anyThing(g.input('goal', [rows, goal?.size ?? 0]), things);
      const told = columns.map((i) => {
        const number = all.observation.slice(1, i, i + 1);
        return aboutOne && isThings(i) ? number.mul(aboutOne) : number;
      });
      const rest = left.map(({ from, size }) =>
        from.map((at) => all[remainder].slice(1, at, at + size)).reduce((sum, piece) => sum.add(piece)),
      );
      return concat([...told, ...rest], 1);
    },
  };
}

/** 1 where a goal is about one of the things, else 0 [rows, 1]: which of them is the first says nothing then. */
const anyThing = (goal: Tensor, { each }: NonNullable<GoalRelations['things']>): Tensor =>
  each.map(({ counts }) => goal.slice(1, counts, counts + 1)).reduce((sum, one) => sum.add(one));

/** Where in `remainder` a group's numbers are; those of the same group of things alike, of which one counts at most, add up. */
function leftOnce({ groups, things }: GoalRelations): { from: number[]; size: number }[] {
  const found = new Map<number, { from: number[]; size: number }>();
  let at = 0;
  for (const { observation, size } of groups) {
    const thing = things?.each.find(
      (one) => observation >= one.observation && observation < one.observation + things.size,
    );
    const key = thing && things ? observation - thing.observation + things.each[0].observation : observation;
    const one = found.get(key) ?? { from: [], size };
    one.from.push(at);
    found.set(key, one);
    at += size;
  }
  return [...found.values()];
}

/** Mean squared error of what was told [rows, 1]. */
export const toldError = (told: Tensor, truth: Tensor): Tensor => told.sub(truth).square().mean(1, { keepDims: true });
