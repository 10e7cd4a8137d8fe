// Whole episodes stored once more as if something else had been asked for: the newest ones visited, copies made and put in.
import type { GoalRules } from '../envs/env.js';
import { copyNumbers, type RowColumn, type RowMemory, rowMemory, writeColumn } from './layout.js';
import type { Ring } from './ring.js';

/** A value that a whole episode has. */
export interface Given {
  readonly column: RowColumn;
  readonly value: ArrayLike<number>;
}

/** An episode as rows [steps + 1, width]. */
export interface EpisodeCopy extends RowMemory {
  readonly steps: number;
}

/** Calls back with the first ring row, the steps and the number of each stored episode from number `from` on. */
export function eachEpisode(
  ring: Ring,
  from: number,
  visit: (row: number, steps: number, serial: number) => void,
): void {
  const { rows, layout, capacity } = ring;
  const first = Math.max(from, ring.nextSerial - ring.episodes);
  let row = ring.rowOf(first);
  for (let serial = first; serial < ring.nextSerial; serial++) {
    const steps = rows[row * layout.width + layout.remaining];
    visit(row, steps, serial);
    row = (row + steps + 1) % capacity;
  }
}

/** The first steps of the episode that begins at ring row `from`, with these values in the place of its own. */
export function copyEpisode({ rows, layout, capacity }: Ring, from: number, steps: number, given: readonly Given[]) {
  const { width } = layout;
  const copy: EpisodeCopy = { ...rowMemory(new Float32Array((steps + 1) * width)), steps };
  for (let t = 0; t <= steps; t++) {
    const row = ((from + t) % capacity) * width;
    copy.floats.set(rows.subarray(row, row + width), t * width);
    for (const { column, value } of given) writeColumn(copy, t * width, column, value, 0);
  }
  return copy;
}

/** Puts copies in, one after the other: only when all are made, for what is stored makes the oldest leave. */
export function insertCopies(ring: Ring, copies: readonly EpisodeCopy[]): number {
  for (const { floats, steps } of copies) ring.insert(floats, 0, steps + 1);
  return copies.length;
}

/** Achievements after each action, goals and info of an episode of so many steps, as rules are asked about them. */
export function ruleInputs(
  { layout, capacity }: Pick<Ring, 'layout' | 'capacity'>,
  floats: Float32Array,
  from: number,
  steps: number,
) {
  const column = (name: string, ahead: number) => {
    const { offset, size } = layout.column(name);
    const out = new Float32Array(steps * size);
    for (let t = 0; t < steps; t++) {
      copyNumbers(out, t * size, floats, ((from + t + ahead) % capacity) * layout.width + offset, size);
    }
    return out;
  };
  return { achieved: column('achieved', 1), goal: column('goal', 0), info: column('info', 0) };
}

/** Writes the rewards of all steps of a copy as the rules have them. */
export function judgeCopy(ring: Ring, rules: GoalRules, { floats, steps }: EpisodeCopy): void {
  const { layout } = ring;
  const { achieved, goal, info } = ruleInputs({ layout, capacity: steps + 1 }, floats, 0, steps);
  const rewards = new Float32Array(steps);
  rules.computeReward(achieved, goal, info, rewards);
  const { offset } = layout.column('reward');
  for (let t = 0; t < steps; t++) floats[t * layout.width + offset] = rewards[t];
}
