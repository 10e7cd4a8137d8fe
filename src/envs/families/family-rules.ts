// The goal rules of a task family: each row is asked of the member that its task names.
import { UsageError } from '../../errors.js';
import { createRandom } from '../../random.js';
import type { EnvRules, EnvSpec, GoalRules } from '../env.js';
import type { Box } from '../space.js';
import type { MemberSpec } from './family-spec.js';

/** Memory of the size that is asked for: the same as last time where that is the same, so that a step allocates nothing. */
function reused<T extends Float32Array | Uint8Array>(create: (size: number) => T): (size: number) => T {
  let all = create(0);
  let given = all;
  return (size) => {
    if (size > all.length) all = create(size);
    if (size !== given.length) given = all.subarray(0, size) as T;
    return given;
  };
}

const reusedFloats = () => reused((size) => new Float32Array(size));

/** Rows of one member's width, cut out of wider ones. */
interface Cut {
  /** For each number its place in a wide row. */
  readonly from: readonly number[];
  readonly memory: (size: number) => Float32Array;
}

const cutOf = (from: readonly number[]): Cut => ({ from, memory: reusedFloats() });
const first = (count: number): number[] => Array.from({ length: count }, (_, j) => j);

function cut({ from, memory }: Cut, rows: readonly number[], all: Float32Array, width: number): Float32Array {
  const size = from.length;
  const out = memory(rows.length * size);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < size; j++) out[i * size + j] = all[rows[i] * width + from[j]];
  }
  return out;
}

/** For each info column of a member its place in the family's. */
export const infoPlaces = (family: EnvSpec, member: EnvSpec): number[] =>
  member.info.map((name) => family.info.indexOf(name));

/**
 * Reward and success read the task in the info column `task`, so that a row can be asked about under another task; goals
 * are made by the task that stands in the last number of what was achieved.
 */
export function familyRules(spec: EnvSpec, members: readonly EnvRules[]): GoalRules {
  const widths = { achieved: spec.achieved.size, goal: spec.goal.size, info: spec.info.length };
  const taskColumn = spec.info.indexOf('task');
  const cuts = members.map((member) => ({
    achieved: cutOf(first(member.spec.achieved.size)),
    goal: cutOf(first(member.spec.goal.size)),
    info: cutOf(infoPlaces(spec, member.spec)),
    made: reusedFloats(),
    reward: reusedFloats(),
    success: reused((size) => new Uint8Array(size)),
  }));
  /** Rows by task, of the present question. */
  const dealt: number[][] = members.map(() => []);

  function deal(tasks: Float32Array, width: number, column: number, count: number): void {
    for (let task = 0; task < dealt.length; task++) dealt[task].length = 0;
    for (let i = 0; i < count; i++) {
      const task = tasks[i * width + column];
      if (!dealt[task]) {
        throw new UsageError(
          `${spec.name}: a row has task ${task}; tasks are numbers from 0 to ${members.length - 1}.`,
        );
      }
      dealt[task].push(i);
    }
  }

  function ask(
    method: 'reward' | 'success',
    achieved: Float32Array,
    desired: Float32Array,
    info: Float32Array,
    out: Float32Array | Uint8Array,
  ): void {
    deal(info, widths.info, taskColumn, out.length);
    for (let task = 0; task < members.length; task++) {
      const rows = dealt[task];
      if (rows.length === 0) continue;
      const member = members[task];
      const own = cuts[task];
      const a = cut(own.achieved, rows, achieved, widths.achieved);
      const g = cut(own.goal, rows, desired, widths.goal);
      const c = cut(own.info, rows, info, widths.info);
      const answers = own[method](rows.length);
      if (method === 'reward') member.computeReward(a, g, c, answers as Float32Array);
      else member.computeSuccess(a, g, c, answers as Uint8Array);
      for (let i = 0; i < rows.length; i++) out[rows[i]] = answers[i];
    }
  }

  return {
    computeReward: (achieved, desired, info, out) => ask('reward', achieved, desired, info, out),
    computeSuccess: (achieved, desired, info, out) => ask('success', achieved, desired, info, out),
    ...(members.every(({ goalFrom }) => goalFrom) && {
      goalFrom(achieved: Float32Array, out: Float32Array) {
        out.fill(0);
        deal(achieved, widths.achieved, widths.achieved - 1, out.length / widths.goal);
        for (const [task, rows] of dealt.entries()) {
          if (rows.length === 0) continue;
          const own = cuts[task];
          const width = own.goal.from.length;
          const goals = own.made(rows.length * width);
          members[task].goalFrom?.(cut(own.achieved, rows, achieved, widths.achieved), goals);
          for (let i = 0; i < rows.length; i++) {
            for (let j = 0; j < width; j++) out[rows[i] * widths.goal + j] = goals[i * width + j];
          }
        }
      },
    }),
  };
}

const ROWS = 64;

/** Members that declare the same reward must give the same one, for goals and achievements anywhere in their boxes. */
export function checkSharedReward(name: string, members: readonly (MemberSpec & { readonly rules: EnvRules })[]): void {
  const sharing = members.filter(({ shares, spec }) => shares.includes('r') && spec.goal.size > 0);
  if (sharing.length < 2) return;
  const { achieved, goal, info } = sharing[0].spec;
  const random = createRandom(0);
  const draw = ({ size, low, high }: Box) =>
    Float32Array.from({ length: ROWS * size }, (_, i) => {
      const [from, to] = [low[i % size], high[i % size]];
      return Number.isFinite(to - from) ? from + (to - from) * random.uniform() : random.normal();
    });
  const [a, g, columns] = [draw(achieved), draw(goal), new Float32Array(ROWS * info.length)];
  const rewards = sharing.map(({ rules }) => {
    const out = new Float32Array(ROWS);
    rules.computeReward(a.slice(), g.slice(), columns.slice(), out);
    return out;
  });
  const odd = rewards.findIndex((out) => out.some((value, i) => !Object.is(value, rewards[0][i])));
  if (odd < 0) return;
  throw new UsageError(
    `${name}: ${sharing[0].task} and ${sharing[odd].task} declare that they share r, but their rewards differ; use one function or leave r out.`,
  );
}
