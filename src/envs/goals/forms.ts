// Goals of each kind as one thing: a vector, a distance from what was achieved, and how to make one of an achievement.
import { UsageError } from '../../errors.js';
import { type Box, box } from '../space.js';
import type { GoalKindName } from './kinds.js';

export interface GoalForm {
  readonly kind: GoalKindName;
  /** Numbers that are looked at of a state. */
  readonly achievedSize: number;
  /** The space of goal vectors. */
  readonly goal: Box;
  /**
   * How far the achievement that begins at achieved[a] is from the goal that begins at desired[d]: 0 or more. Kinds that
   * know no distance give 0 where the goal is fulfilled and 1 elsewhere.
   */
  distance(achieved: Float32Array, a: number, desired: Float32Array, d: number): number;
  /** The goal is reached where the distance is at most this. */
  readonly tolerance: number;
  /** Where the dense reward ends; absent where there is no distance. */
  readonly farthest?: number;
  /** As in `GoalRules`: rows of achievements to rows of goals that they fulfil. Absent: hindsight cannot relabel. */
  goalFrom?(achieved: Float32Array, out: Float32Array): void;
}

/** A target state: a point of the space, reached within `tolerance` in the Euclidean distance. */
export function targetState(goal: Box, tolerance: number, farthest = diagonal(goal)): GoalForm {
  const { size } = goal;
  return {
    kind: 'state',
    achievedSize: size,
    goal,
    tolerance,
    farthest,
    distance(achieved, a, desired, d) {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        const difference = achieved[a + j] - desired[d + j];
        sum += difference * difference;
      }
      return Math.sqrt(sum);
    },
    goalFrom: (achieved, out) => out.set(achieved),
  };
}

/**
 * A set of states: a box within `space`, any state inside fulfils it. The goal vector is [low bounds, high bounds], so a
 * number that does not matter gets the bounds of the space. The distance is the Euclidean one to the box. Hindsight makes
 * of an achievement the box of `halfWidths` around it.
 */
export function stateRegion(space: Box, halfWidths: readonly number[], farthest = diagonal(space)): GoalForm {
  const { size, low, high, names } = space;
  if (halfWidths.length !== size) {
    throw new UsageError(`halfWidths has ${halfWidths.length} numbers for a space of ${size}; give one per number.`);
  }
  const named = (end: string) => Array.from({ length: size }, (_, j) => `${names?.[j] ?? j}-${end}`);
  return {
    kind: 'state-set',
    achievedSize: size,
    goal: {
      kind: 'box',
      size: 2 * size,
      low: [...low, ...low],
      high: [...high, ...high],
      names: [...named('from'), ...named('to')],
    },
    tolerance: 0,
    farthest,
    distance(achieved, a, desired, d) {
      let sum = 0;
      for (let j = 0; j < size; j++) {
        const value = achieved[a + j];
        const outside = Math.max(desired[d + j] - value, value - desired[d + size + j], 0);
        sum += outside * outside;
      }
      return Math.sqrt(sum);
    },
    goalFrom(achieved, out) {
      for (let a = 0; a < achieved.length; a += size) {
        for (let j = 0; j < size; j++) {
          const value = achieved[a + j];
          out[2 * a + j] = Math.max(value - halfWidths[j], low[j]);
          out[2 * a + size + j] = Math.min(value + halfWidths[j], high[j]);
        }
      }
    },
  };
}

/** A test of a state, given the numbers that are looked at; must depend on nothing else. */
export type Predicate = (state: Float32Array) => boolean;

/**
 * State predicates: the goal vector has a 1 at the predicate that shall hold. Hindsight asks the predicates themselves:
 * an achievement that fulfils several is relabelled with one of them, chosen by a hash of its numbers, which spreads the
 * goals evenly and still depends on the achievement alone (m(s) with f_m(s)(s) = 1; Andrychowicz et al., 2017, section
 * 4.2). Where a state may fulfil none, set `otherwise` to the name of a predicate for the rest, so that every state has a
 * goal; otherwise such a state gets the zero vector, which nothing fulfils.
 */
export function statePredicates(
  achievedSize: number,
  predicates: Readonly<Record<string, Predicate>>,
  otherwise?: string,
): GoalForm {
  const tests = Object.values(predicates);
  const names = [...Object.keys(predicates), ...(otherwise === undefined ? [] : [otherwise])];
  if (tests.length === 0) throw new UsageError('predicates is empty; give at least one, by its name.');
  if (new Set(names).size < names.length) {
    throw new UsageError(`otherwise is "${otherwise}", which is the name of a predicate; choose another.`);
  }
  const count = names.length;
  const state = new Float32Array(achievedSize);
  const read = (achieved: Float32Array, a: number) => {
    for (let j = 0; j < achievedSize; j++) state[j] = achieved[a + j];
  };
  const holds = (p: number) => (p < tests.length ? tests[p](state) : tests.every((test) => !test(state)));
  return {
    kind: 'predicate',
    achievedSize,
    goal: box(count, 0, 1, names),
    tolerance: 0,
    distance(achieved, a, desired, d) {
      for (let p = 0; p < count; p++) {
        if (desired[d + p] < 0.5) continue;
        read(achieved, a);
        return holds(p) ? 0 : 1;
      }
      return 1;
    },
    goalFrom(achieved, out) {
      out.fill(0);
      const bits = new Uint32Array(achieved.buffer, achieved.byteOffset, achieved.length);
      for (let row = 0; row * count < out.length; row++) {
        read(achieved, row * achievedSize);
        let fulfilled = 0;
        for (let p = 0; p < count; p++) if (holds(p)) fulfilled++;
        if (fulfilled === 0) continue;
        let skip = hash(bits, row * achievedSize, achievedSize) % fulfilled;
        for (let p = 0; p < count; p++) {
          if (!holds(p) || skip-- > 0) continue;
          out[row * count + p] = 1;
          break;
        }
      }
    },
  };
}

/** FNV-1a over words, with a last mixing so that the low bits are good. */
function hash(words: Uint32Array, start: number, count: number): number {
  let h = 0x811c9dc5;
  for (let j = start; j < start + count; j++) h = Math.imul(h ^ words[j] ^ (words[j] >>> 15), 0x01000193);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  return (h ^ (h >>> 13)) >>> 0;
}

const diagonal = ({ low, high }: Box): number => Math.hypot(...high.map((bound, j) => bound - low[j]));
