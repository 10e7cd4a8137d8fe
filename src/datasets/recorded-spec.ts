// The spec of data whose environment is not here, as `recorded` has it, and which episodes are held out to judge policies by.
import type { EnvSpec } from '../envs/env.js';
import { RECORDED } from '../envs/index.js';
import { type Box, box } from '../envs/space.js';
import { UsageError } from '../errors.js';
import { type DataSet, partsOf } from './data-set.js';
import { type ColumnMapping, sourceSize } from './mapping.js';

/** Transitions that are read at a time. */
const PART = 50_000;

/** A spec for learning from data alone, and where its columns come from. */
export interface RecordedSpec {
  readonly spec: EnvSpec;
  readonly columns: ColumnMapping;
}

/**
 * Goals are what the data call `achieved` or, where they have no such column, whole observations; `mapping` may say
 * otherwise. The data's own are taken where they are of the same size: what others mean only their environment knows. Actions without bounds have those that occur.
 * @throws UsageError where there is nothing that goals could be
 */
export async function recordedSpec(data: DataSet, mapping: ColumnMapping = {}): Promise<RecordedSpec> {
  const { observation, achieved, goal, action } = data.spec;
  const source = mapping.achieved ?? (achieved.size > 0 ? 'achieved' : 'observation');
  const size = sourceSize(data, source);
  if (size === 0) {
    throw new UsageError(
      `${data.name} has no vector that goals could be made of; name one: --set data.columns.achieved=SOURCE.`,
    );
  }
  const whole = source === 'achieved' ? achieved : source === 'observation' ? observation : box(size);
  const ownGoals = goal.size === size && data.columns.includes('goal');
  const { relations, ...facts } = data.spec;
  return {
    spec: {
      ...facts,
      ...(ownGoals && relations && { relations }), // which are about the numbers of these
      name: RECORDED,
      achieved: whole,
      goal: ownGoals ? goal : whole,
      action: action.kind === 'box' ? await bounded(data, action) : action,
      maxEpisodeSteps: data.steps.reduce((most, steps) => Math.max(most, steps), 1),
      rewardRange: [-1, 0],
      successEndsEpisode: false,
      success: false,
      info: [],
    },
    columns: { achieved: source, ...(!ownGoals && { goal: `${source}.last` }) },
  };
}

/** With the bounds that occur, where the file tells none. */
async function bounded(data: DataSet, action: Box): Promise<Box> {
  if ([...action.low, ...action.high].every(Number.isFinite)) return action;
  const low = new Array<number>(action.size).fill(Infinity);
  const high = new Array<number>(action.size).fill(-Infinity);
  for (const [from, to] of partsOf(data.steps, PART)) {
    const { columns } = await data.read(from, to, ['action']);
    for (let i = 0; i < columns.action.length; i++) {
      const j = i % action.size;
      low[j] = Math.min(low[j], columns.action[i]);
      high[j] = Math.max(high[j], columns.action[i]);
    }
  }
  // What never changes has no range of its own.
  return { ...action, low, high: high.map((bound, j) => (bound > low[j] ? bound : low[j] + 1)) };
}

/** Episodes that are held out at most. */
const MOST = 50;

/**
 * Numbers of the episodes that are held out: a tenth of them, at most 50, spread evenly.
 * @throws UsageError for a single episode
 */
export function heldOutEpisodes({ name, steps }: Pick<DataSet, 'name' | 'steps'>): ReadonlySet<number> {
  const count = steps.length;
  if (count < 2) {
    throw new UsageError(
      `${name} holds a single episode, so that none can be held out to judge policies by; name an environment to evaluate in (--env ENV), or record more.`,
    );
  }
  const out = Math.min(MOST, Math.ceil(count / 10));
  return new Set(Array.from({ length: out }, (_, i) => Math.floor(((i + 0.5) * count) / out)));
}
