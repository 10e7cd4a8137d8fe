// What stands for an environment's spec where a file of another program says which columns there are.
import type { EnvSpec } from '../envs/env.js';
import { type Box, box, type Discrete } from '../envs/space.js';
import { UsageError } from '../errors.js';

/** What other programs call our columns; a name's dots and slashes are underscores here. */
const names: Readonly<Record<string, string>> = {
  observations: 'observation',
  observation_state: 'observation',
  obs: 'observation',
  actions: 'action',
  rewards: 'reward',
  next_reward: 'reward',
  achieved_goal: 'achieved',
  desired_goal: 'goal',
};

/** Our name for a column of theirs. */
export function columnName(theirs: string): string {
  const plain = theirs.replace(/[./]/g, '_');
  return Object.hasOwn(names, plain) ? names[plain] : plain;
}

/** A column that was found in a file. */
export interface ForeignColumn {
  /** Ours (see `columnName`). */
  readonly name: string;
  /** Of one value. */
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'uint8';
  readonly per: 'state' | 'transition' | 'episode';
  /** Part of what the policy sees, beside `observation`. */
  readonly isPart?: boolean;
  readonly low?: readonly number[];
  readonly high?: readonly number[];
}

export interface ForeignFacts {
  /** The environment, where the file tells. */
  readonly name: string;
  readonly columns: readonly ForeignColumn[];
  /** Actions that are one of n choices; absent: vectors. */
  readonly choices?: number;
  readonly tasks?: readonly string[];
  readonly maxEpisodeSteps: number;
}

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

const own = ['observation', 'achieved', 'goal', 'action', 'reward', 'task'];

/** @throws UsageError where there is nothing to see or to do */
export function foreignSpec(file: string, { name, columns, choices, tasks, maxEpisodeSteps }: ForeignFacts): EnvSpec {
  const find = (wanted: string) => columns.find((column) => column.name === wanted);
  const parts = Object.fromEntries(
    columns.filter(({ isPart }) => isPart).map((column) => [column.name, asBox(column)]),
  );
  const action = find('action');
  if (!action) throw new UsageError(`${file} has no actions, so that nothing can be learned from it.`);
  const observation = find('observation');
  if (!observation && Object.keys(parts).length === 0) {
    throw new UsageError(`${file} has no observations, so that nothing can be learned from it.`);
  }
  const space: Box | Discrete = choices === undefined ? asBox(action) : { kind: 'discrete', n: choices };
  return {
    name,
    observation: observation ? asBox(observation) : box(0),
    ...(Object.keys(parts).length > 0 && { parts }),
    achieved: asBox(find('achieved')),
    goal: asBox(find('goal')),
    ...(tasks && { tasks }),
    columns: Object.fromEntries(
      columns
        .filter((column) => !column.isPart && !own.includes(column.name))
        .map(({ name: column, shape, dtype, per }) => [column, { shape, dtype, per }]),
    ),
    action: space,
    maxEpisodeSteps,
    rewardRange: [-Infinity, Infinity],
    successEndsEpisode: false,
    info: [],
  };
}

function asBox(column: ForeignColumn | undefined): Box {
  if (!column) return box(0);
  const { shape, dtype, low, high } = column;
  const size = sizeOf(shape);
  const bounds = (given: readonly number[] | undefined, otherwise: number): readonly number[] =>
    given?.length === size ? given : new Array<number>(size).fill(otherwise);
  return {
    kind: 'box',
    size,
    low: bounds(low, dtype === 'uint8' ? 0 : -Infinity),
    high: bounds(high, dtype === 'uint8' ? 255 : Infinity),
    ...(shape.length > 1 && { shape }),
    ...(dtype === 'uint8' && { dtype }),
  };
}
