// The goal rules of a task family: each row is asked of the member that its task names.
import { UsageError } from '../../errors.js';
import { createRandom } from '../../random.js';
import type { Box, EnvRules, EnvSpec, GoalRules } from '../env.js';
import type { MemberSpec } from './family-spec.js';

/** Rows of one member's width, cut out of wider ones. */
interface Cut {
  readonly from: readonly number[];
  scratch: Float32Array;
}

const first = (count: number): number[] => Array.from({ length: count }, (_, j) => j);

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
    achieved: { from: first(member.spec.achieved.size), scratch: new Float32Array(0) },
    goal: { from: first(member.spec.goal.size), scratch: new Float32Array(0) },
    info: { from: infoPlaces(spec, member.spec), scratch: new Float32Array(0) },
  }));
  let floats = new Float32Array(0);
  let flags = new Uint8Array(0);

  function cut(
    { from, scratch }: Cut,
    rows: readonly number[],
    all: Float32Array,
    width: number,
    own: Cut,
  ): Float32Array {
    const size = rows.length * from.length;
    const out = scratch.length >= size ? scratch : new Float32Array(size);
    own.scratch = out;
    for (let i = 0; i < rows.length; i++) {
      for (let j = 0; j < from.length; j++) out[i * from.length + j] = all[rows[i] * width + from[j]];
    }
    return out.subarray(0, size);
  }

  /** Rows by task. */
  function deal(tasks: Float32Array, width: number, column: number, count: number): number[][] {
    const dealt: number[][] = members.map(() => []);
    for (let i = 0; i < count; i++) {
      const task = tasks[i * width + column];
      const rows = dealt[task];
      if (!rows) {
        throw new UsageError(
          `${spec.name}: a row has task ${task}; tasks are numbers from 0 to ${members.length - 1}.`,
        );
      }
      rows.push(i);
    }
    return dealt;
  }

  function ask<Out extends Float32Array | Uint8Array>(
    [achieved, desired, info]: readonly [Float32Array, Float32Array, Float32Array],
    out: Out,
    buffer: (count: number) => Out,
    rule: (member: EnvRules, a: Float32Array, g: Float32Array, i: Float32Array, out: Out) => void,
  ): void {
    for (const [task, rows] of deal(info, widths.info, taskColumn, out.length).entries()) {
      if (rows.length === 0) continue;
      const own = cuts[task];
      const answers = buffer(rows.length);
      rule(
        members[task],
        cut(own.achieved, rows, achieved, widths.achieved, own.achieved),
        cut(own.goal, rows, desired, widths.goal, own.goal),
        cut(own.info, rows, info, widths.info, own.info),
        answers,
      );
      for (let i = 0; i < rows.length; i++) out[rows[i]] = answers[i];
    }
  }

  return {
    computeReward(achieved, desired, info, out) {
      const buffer = (count: number) => {
        if (floats.length < count) floats = new Float32Array(count);
        return floats.subarray(0, count);
      };
      ask([achieved, desired, info], out, buffer, (member, a, g, i, answers) => member.computeReward(a, g, i, answers));
    },
    computeSuccess(achieved, desired, info, out) {
      const buffer = (count: number) => {
        if (flags.length < count) flags = new Uint8Array(count);
        return flags.subarray(0, count);
      };
      ask([achieved, desired, info], out, buffer, (member, a, g, i, answers) =>
        member.computeSuccess(a, g, i, answers),
      );
    },
    ...(members.every(({ goalFrom }) => goalFrom) && {
      goalFrom(achieved: Float32Array, out: Float32Array) {
        out.fill(0);
        const dealt = deal(achieved, widths.achieved, widths.achieved - 1, out.length / widths.goal);
        for (const [task, rows] of dealt.entries()) {
          if (rows.length === 0) continue;
          const own = cuts[task];
          const width = own.goal.from.length;
          const goals = new Float32Array(rows.length * width);
          members[task].goalFrom?.(cut(own.achieved, rows, achieved, widths.achieved, own.achieved), goals);
          for (let i = 0; i < rows.length; i++) {
            out.set(goals.subarray(i * width, (i + 1) * width), rows[i] * widths.goal);
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
