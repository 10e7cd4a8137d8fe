// The spec of a task family: spaces wide enough for all members, and what its members say they have in common.
import { UsageError } from '../../errors.js';
import type { EnvSpec } from '../env.js';
import { type Box, box, type Discrete } from '../space.js';
import { hasGoals, hasSuccess } from '../spec.js';

/** The parts of a Markov decision process that tasks can have in common: states, actions, dynamics, reward, starts. */
export const sharedParts = ['S', 'A', 'T', 'r', 'p0'] as const;
export type SharedPart = (typeof sharedParts)[number];

export interface MemberSpec {
  readonly task: string;
  readonly spec: EnvSpec;
  readonly shares: readonly SharedPart[];
}

/** @throws UsageError for members that do not go together, naming them */
export function familySpec(name: string, members: readonly MemberSpec[]): EnvSpec {
  if (members.length === 0) throw new UsageError(`task family ${name} has no members; give at least one.`);
  const specs = members.map(({ spec }) => spec);
  for (const { task, spec } of members) {
    if (spec.tasks) throw new UsageError(`${name}: member ${task} has tasks of its own; make each of them a member.`);
    if (spec.info.includes('task'))
      throw new UsageError(`${name}: member ${task} has an info column "task"; rename it.`);
  }
  const alike = (what: string, of: (spec: EnvSpec) => boolean) => {
    const odd = members.find(({ spec }) => of(spec) !== of(specs[0]));
    if (!odd) return;
    const [yes, no] = of(specs[0]) ? [members[0], odd] : [odd, members[0]];
    throw new UsageError(`${name}: ${what} in member ${yes.task}, but not in ${no.task}; make them alike.`);
  };
  alike('there are goals', hasGoals);
  alike('there is a notion of success', hasSuccess);
  alike('success ends episodes', ({ successEndsEpisode }) => successEndsEpisode);
  checkShares(name, members);
  const goals = hasGoals(specs[0]);
  const parts = union(name, members, 'part', ({ parts }) => parts);
  const columns = union(name, members, 'column', ({ columns }) => columns);
  const goalPictures: Record<string, string> = Object.assign({}, ...specs.map((spec) => spec.goalPictures));
  const info = [...new Set(specs.flatMap((spec) => spec.info))];
  const privileged = [...new Set(specs.flatMap((spec) => spec.privileged ?? []))];
  // What all members say alike holds for the family: theirs are the first numbers of what it shows.
  const relations = specs.every((spec) => same(spec.relations, specs[0].relations)) ? specs[0].relations : undefined;
  return {
    name,
    observation: padded(specs.map(({ observation }) => observation)),
    ...(Object.keys(parts).length > 0 && { parts }),
    ...(privileged.length > 0 && { privileged }),
    ...(Object.keys(goalPictures).length > 0 && { goalPictures }),
    achieved: goals ? withTask(padded(specs.map(({ achieved }) => achieved)), members.length) : box(0),
    goal: padded(specs.map(({ goal }) => goal)),
    tasks: members.map(({ task }) => task),
    ...(Object.keys(columns).length > 0 && { columns }),
    action: commonActions(name, members),
    maxEpisodeSteps: Math.max(...specs.map(({ maxEpisodeSteps }) => maxEpisodeSteps)),
    ...(new Set(specs.map(({ maxEpisodeSteps }) => maxEpisodeSteps)).size > 1 && {
      taskSteps: specs.map(({ maxEpisodeSteps }) => maxEpisodeSteps),
    }),
    rewardRange: [
      Math.min(...specs.map(({ rewardRange }) => rewardRange[0])),
      Math.max(...specs.map(({ rewardRange }) => rewardRange[1])),
    ],
    successEndsEpisode: specs[0].successEndsEpisode,
    ...(relations && { relations }),
    info: goals ? [...info, 'task'] : info,
    ...(specs[0].success !== undefined && { success: specs[0].success }),
  };
}

/** Whether two descriptions say the same. Not by their texts: a picture's bounds are thousands of numbers, of each member. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((one, i) => same(one, b[i]));
  const [one, other] = [a, b] as Readonly<Record<string, unknown>>[];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].every((name) => same(one[name], other[name]));
}

/** A box for all: where one has fewer numbers it shows zeros. Bounds hold for every one of them. */
function padded(boxes: readonly Box[], absent: number | undefined = 0): Box {
  if (boxes.every((one) => same(one, boxes[0]))) return boxes[0];
  const widest = boxes.reduce((a, b) => (b.size > a.size ? b : a));
  const bound = (of: (one: Box, j: number) => number, choose: (...bounds: number[]) => number) =>
    Array.from({ length: widest.size }, (_, j) =>
      choose(...boxes.flatMap((one) => (j < one.size ? [of(one, j)] : absent === undefined ? [] : [absent]))),
    );
  const names = boxes.every((one) => one.names?.every((name, j) => name === widest.names?.[j]))
    ? widest.names
    : undefined;
  return {
    kind: 'box',
    size: widest.size,
    low: bound(({ low }, j) => low[j], Math.min),
    high: bound(({ high }, j) => high[j], Math.max),
    ...(names && { names }),
  };
}

/** What is achieved is known with its task, so that goals can be made of it by the rules of that task. */
function withTask({ size, low, high, names }: Box, tasks: number): Box {
  return {
    kind: 'box',
    size: size + 1,
    low: [...low, 0],
    high: [...high, tasks - 1],
    ...(names && { names: [...names, 'task'] }),
  };
}

function commonActions(name: string, members: readonly MemberSpec[]): Box | Discrete {
  const spaces = members.map(({ spec }) => spec.action);
  const boxes = spaces.filter((space) => space.kind === 'box');
  const choices = spaces.filter((space) => space.kind === 'discrete');
  if (choices.length === 0) return padded(boxes, undefined);
  if (boxes.length === 0) return choices.reduce((a, b) => (b.n > a.n ? b : a));
  const [numbers, choice] = (['box', 'discrete'] as const).map(
    (kind) => members.find(({ spec }) => spec.action.kind === kind)?.task,
  );
  throw new UsageError(
    `${name}: actions of ${numbers} are numbers, those of ${choice} choices; a family needs one kind.`,
  );
}

function union<Part>(
  name: string,
  members: readonly MemberSpec[],
  what: string,
  of: (spec: EnvSpec) => Readonly<Record<string, Part>> | undefined,
): Record<string, Part> {
  const all: Record<string, Part> = {};
  for (const { task, spec } of members) {
    for (const [key, part] of Object.entries(of(spec) ?? {})) {
      if (key in all && !same(all[key], part)) {
        throw new UsageError(
          `${name}: ${what} "${key}" of ${task} has another shape or bounds than in a member before.`,
        );
      }
      all[key] = part;
    }
  }
  return all;
}

/** What is declared to be shared must be equal where equality can be seen; dynamics and starts are taken at the word. */
function checkShares(name: string, members: readonly MemberSpec[]): void {
  const seen: Partial<Record<SharedPart, { task: string; value: unknown }>> = {};
  for (const { task, spec, shares } of members) {
    const unknown = shares.find((part) => !sharedParts.includes(part));
    if (unknown !== undefined) {
      throw new UsageError(`${name}: member ${task} shares "${unknown}"; it must be among ${sharedParts.join(', ')}.`);
    }
    const needs: Partial<Record<SharedPart, readonly SharedPart[]>> = { T: ['S', 'A'], p0: ['S'] };
    for (const part of shares) {
      const missing = needs[part]?.find((needed) => !shares.includes(needed));
      if (missing)
        throw new UsageError(`${name}: member ${task} shares ${part} but not ${missing}; declare ${missing} too.`);
    }
    const { observation, parts, action, achieved, goal, info } = spec;
    const values = { S: { observation, parts }, A: action, r: { achieved, goal, info } };
    for (const part of ['S', 'A', 'r'] as const) {
      if (!shares.includes(part)) continue;
      const first = seen[part] ?? { task, value: values[part] };
      seen[part] = first;
      if (same(first.value, values[part])) continue;
      const what = { S: 'observations', A: 'actions', r: 'goals or info columns' }[part];
      throw new UsageError(
        `${name}: ${first.task} and ${task} declare that they share ${part}, but their ${what} differ; make them equal or leave ${part} out.`,
      );
    }
  }
}
