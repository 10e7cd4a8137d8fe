// Which rows a batch is made of: of all that are stored, or of the values of a column in turn, of outcomes, of one value first.
import type { Random } from '../random.js';
import type { BatchPlan } from './batch-plan.js';
import { drawRow } from './goal-draws.js';
import type { Ring } from './ring.js';

/** The first rows of each batch, this share of them, are of one value of `balance`; all others take turns in the rest. */
export interface Focus {
  readonly value: number;
  readonly share: number;
}

export interface RowDrawer {
  /** From now on; undefined: all values take turns in all rows. Batches without `balance` know no values. */
  focus(on: Focus | undefined): void;
  /** Rows that a batch can begin with: with a focus those of its value. */
  starts(plan: BatchPlan): number;
  /** Before the rows of a batch are drawn. */
  begin(plan: BatchPlan, size: number): void;
  /** A transition for row `i` of the batch; the same again for another one in its place. */
  draw(random: Random, plan: BatchPlan, i: number): number;
  /** After the rows of a batch were drawn. */
  end(plan: BatchPlan, size: number): void;
  /** Where the turns are. */
  save(): Uint32Array;
  restore(state: ArrayLike<number>): void;
}

/** Whether number `n` of a row of draws is one of a share of them, spread evenly. */
const isShare = (n: number, share: number): boolean => Math.floor((n + 1) * share) > Math.floor(n * share);

export function createRowDrawer(ring: Ring): RowDrawer {
  const { layout } = ring;
  let focused: Focus | undefined;
  /** Balanced draws so far, modulo 2^32: where the rotation through the values is. */
  let position = 0;
  /** Of the present batch: the place of the focus among the values (-1: none), and its rows. */
  let place = -1;
  let own = 0;

  const placeOf = ({ index }: BatchPlan) => (focused && index ? index.values.indexOf(focused.value) : -1);

  /** Turn `turn` of a value, which is the `n`th that it has. */
  function drawOf(random: Random, { index, successes }: BatchPlan, value: number, n: number): number {
    return index!.draw(random, value, successes !== undefined && isShare(n, successes));
  }

  return {
    focus(on) {
      focused = on;
    },
    starts(plan) {
      const { index } = plan;
      if (!index) return ring.transitions;
      index.sync();
      if (!focused) return index.starts;
      const at = placeOf(plan);
      return at < 0 ? 0 : index.startsOf(at);
    },
    begin(plan, size) {
      place = placeOf(plan);
      const others = (plan.index?.values.length ?? 0) - 1;
      own = place < 0 ? 0 : others === 0 ? size : Math.round((focused?.share ?? 0) * size);
    },
    draw(random, plan, i) {
      const { index, blockRows } = plan;
      if (!index) return drawRow(ring, random, layout.remaining);
      if (i < own) return drawOf(random, plan, place, i);
      const values = index.values.length - (place < 0 ? 0 : 1);
      if (blockRows !== undefined) {
        const turn = position + Math.floor(i / blockRows);
        return drawOf(random, plan, turn % values, i % blockRows);
      }
      const turn = position + i - own;
      const other = turn % values;
      return drawOf(random, plan, place >= 0 && other >= place ? other + 1 : other, Math.floor(turn / values));
    },
    end({ index, blockRows }, size) {
      if (!index) return;
      const turns = blockRows === undefined ? size - own : size / blockRows;
      // With blocks it begins anew where it came out even.
      position = blockRows !== undefined && turns % index.values.length === 0 ? 0 : (position + turns) >>> 0;
    },
    save: () => Uint32Array.of(position),
    restore(state) {
      position = state[0] >>> 0;
    },
  };
}
