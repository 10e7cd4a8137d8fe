// What is to be done for a batch, worked out once from the names and the request that it was created with.
import type { Values } from '../envs/columns.js';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { UsageError } from '../errors.js';
import { type Batch, batchEntries, type GoalOutput, goalNames } from './batch.js';
import { createEpisodeIndex, type EpisodeIndex } from './episode-index.js';
import { type Copy, createGather } from './gather.js';
import { createGoalDrawer, type GoalDrawer } from './goal-draws.js';
import { failedColumn, type RowColumn } from './layout.js';
import { createOutcome } from './outcome.js';
import type { GoalDraw } from './request.js';
import type { Ring } from './ring.js';

/** A goal of the batch: how it is drawn, and the arrays of what is so under it. */
export interface GoalPlan {
  readonly drawer: GoalDrawer;
  /** Of a goal on the way: where it leads. */
  readonly towards?: GoalPlan;
  /** Copies what is asked about the states that the goals were achieved in, at the rows given. */
  readonly gather: (at: Int32Array, size: number) => void;
  /** What shows the goal: to be replaced where it is relabelled, by this column of the row that achieved it. */
  readonly pictures: readonly { readonly column: RowColumn; readonly out: Values }[];
  /** Row that achieved each row's goal; its own row where that is the original. */
  readonly rows: Int32Array;
  readonly goal: Float32Array;
  readonly relabelled: Uint8Array;
  /** Where wanted. */
  readonly offset?: Float32Array;
  /** Whether reward, termination or success are wanted. */
  readonly scored: boolean;
  readonly reward: Float32Array;
  readonly terminated: Float32Array;
  readonly success: Uint8Array;
}

export interface BatchPlan {
  readonly goals: readonly GoalPlan[];
  /** Those that are not always the original. */
  readonly relabelling: readonly GoalPlan[];
  /** The row of each transition. */
  readonly at: Int32Array;
  /** The row of the last action of each return; `at` itself without returns over several steps. */
  readonly lastAt: Int32Array;
  /** Copies what belongs to the first row (and the second, without longer returns), and to the last action's. */
  readonly gather: (at: Int32Array, size: number) => void;
  readonly gatherLast?: (at: Int32Array, size: number) => void;
  readonly nextAchieved: Float32Array;
  readonly info: Float32Array;
  readonly discount?: Float32Array;
  readonly weight?: Float32Array;
  /** [size]: values of the column that rows weigh by. */
  readonly weighed?: Values;
  /** Absent: rows are drawn from all that are stored. */
  readonly index?: EpisodeIndex;
  /** Share of each value's rows that come from episodes that were successes; absent: as they come. */
  readonly successes?: number;
  /** Rows of a block, where the batch is to consist of blocks of one value. */
  readonly blockRows?: number;
}

export function planBatch(
  spec: EnvSpec,
  ring: Ring,
  rules: GoalRules,
  { size, columns, request }: Batch,
  hindsight: GoalDraw,
): BatchPlan {
  const { layout } = ring;
  const copies: Copy[] = [];
  const later: Copy[] = [];
  const names = Object.keys(columns);
  const entries = batchEntries(spec, request);
  const floats = (name: string, width: number) =>
    (columns[name] as Float32Array | undefined) ?? new Float32Array(size * width);
  const after = request.nStep ? later : copies;

  for (const [name, out] of Object.entries(columns)) {
    const entry = entries.get(name);
    if (entry?.kind === 'column') copies.push({ column: entry.column, out, ahead: 0 });
    else if (entry?.kind === 'next') after.push({ column: entry.column, out, ahead: 1 });
    else if (entry?.kind === 'window') {
      const slots = (request.window ?? 1) + (entry.column.per === 'state' ? 1 : 0);
      for (let slot = 0; slot < slots; slot++) copies.push({ column: entry.column, out, ahead: slot, slot, slots });
    }
  }

  const drawn = goalNames(request);
  const outputs = new Map<string, GoalOutput[]>();
  const achieving = new Map<string, Copy[]>();
  const pictures = new Map<string, GoalPlan['pictures']>();
  for (const name of names) {
    const entry = entries.get(name);
    if (entry?.kind === 'goal') outputs.set(entry.goal, [...(outputs.get(entry.goal) ?? []), entry.output]);
    if (entry?.kind === 'picture') {
      copies.push({ column: entry.column, out: columns[name], ahead: 0 });
      const own = { column: entry.achieved, out: columns[name] };
      pictures.set(entry.goal, [...(pictures.get(entry.goal) ?? []), own]);
    }
    if (entry?.kind === 'achieving') {
      const { column } = entry;
      achieving.set(entry.goal, [...(achieving.get(entry.goal) ?? []), { column, out: columns[name], ahead: 0 }]);
    }
  }
  // The episode's own goal, where others are drawn but it is asked about.
  const all = (outputs.has('goal') || pictures.has('goal')) && !drawn.includes('goal') ? [...drawn, 'goal'] : drawn;
  const scoredOutputs: readonly GoalOutput[] = ['reward', 'terminated', 'success'];
  const goals: GoalPlan[] = [];
  const planGoal = (name: string): GoalPlan => {
    const draw = request.goals ? (request.goals[name] ?? { original: 1 }) : hindsight;
    const prefix = name === 'goal' ? '' : `${name}.`;
    const bytes = (output: string) => (columns[prefix + output] as Uint8Array | undefined) ?? new Uint8Array(size);
    const plan: GoalPlan = {
      drawer: createGoalDrawer(ring, name, draw),
      towards: 'towards' in draw ? goals[all.indexOf(draw.towards ?? '')] : undefined,
      gather: createGather(ring, achieving.get(name) ?? []),
      pictures: pictures.get(name) ?? [],
      rows: new Int32Array(size),
      goal: floats(name, spec.goal.size),
      relabelled: bytes('relabelled'),
      offset: columns[`${name}.offset`]?.fill(-1) as Float32Array | undefined,
      scored: outputs.get(name)?.some((output) => scoredOutputs.includes(output)) ?? false,
      reward: floats(`${prefix}reward`, 1),
      terminated: floats(`${prefix}terminated`, 1),
      success: bytes('success'),
    };
    if ('towards' in draw && !plan.towards) {
      throw new UsageError(
        `goal ${name} leads towards "${draw.towards}", which is no goal named before it; those are ${all.slice(0, goals.length).join(', ') || 'none'}.`,
      );
    }
    if (plan.drawer.relabels && !rules.goalFrom) {
      throw new UsageError(
        `goal ${name} is drawn from achievements, but ${spec.name} has no goalFrom(achieved, out); add it to the environment or draw only the original.`,
      );
    }
    copies.push({ column: layout.column('goal'), out: plan.goal, ahead: 0 });
    // Returns over several steps are summed up, and end where the world does, by themselves (returns.ts).
    if (!request.nStep) copies.push({ column: failedColumn, out: plan.terminated, ahead: 0 });
    if (!request.nStep && spec.goal.size === 0) {
      copies.push({ column: layout.column('reward'), out: plan.reward, ahead: 0 });
    }
    return plan;
  };
  for (const name of all) goals.push(planGoal(name));

  const scored = goals.some((goal) => goal.scored) && spec.goal.size > 0;
  const nextAchieved = floats('next.achieved', spec.achieved.size);
  const info = floats('info', spec.info.length);
  if (scored && !request.nStep) {
    if (!columns['next.achieved']) copies.push({ column: layout.column('achieved'), out: nextAchieved, ahead: 1 });
    if (!columns.info) copies.push({ column: layout.column('info'), out: info, ahead: 0 });
  }

  const episodeColumn = (setting: string, name: string) => {
    const column = layout.column(name);
    if (column.per === 'episode' && column.size === 1) return column;
    const known = layout.columns.filter((c) => c.per === 'episode' && c.size === 1).map((c) => c.name);
    throw new UsageError(
      `${setting} is "${name}", which is no column of one number per episode of ${spec.name}; those are ${known.join(', ') || 'none'}.`,
    );
  };
  const { balance, blocks, successes, weights, window = 1 } = request;
  let weighed: Values | undefined;
  if (weights !== undefined) {
    const column = episodeColumn('weights', weights);
    weighed = columns[weights] ?? (column.dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size));
    if (weighed !== columns[weights]) copies.push({ column, out: weighed, ahead: 0 });
  }
  const indexed = balance !== undefined || successes !== undefined || window > 1;
  const at = new Int32Array(size);
  return {
    goals,
    relabelling: goals.filter(({ drawer }) => drawer.relabels),
    at,
    lastAt: request.nStep ? new Int32Array(size) : at,
    gather: createGather(ring, copies),
    gatherLast: request.nStep && createGather(ring, later),
    nextAchieved: request.nStep ? new Float32Array(nextAchieved.length) : nextAchieved,
    info: request.nStep ? new Float32Array(info.length) : info,
    discount: columns.discount as Float32Array | undefined,
    weight: columns.weight as Float32Array | undefined,
    weighed,
    index: indexed
      ? createEpisodeIndex(ring, {
          ...(balance !== undefined && { column: episodeColumn('balance', balance) }),
          steps: window,
          ...(successes !== undefined && { succeeded: createOutcome(spec, ring, rules) }),
        })
      : undefined,
    successes,
    blockRows: blocks === undefined ? undefined : size / blocks,
  };
}
