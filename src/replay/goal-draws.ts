// Where goals come from: shares of kinds, and the row whose achievement becomes the goal.
import { UsageError, unknownName } from '../errors.js';
import type { Random } from '../random.js';
import type { RelabelStrategy } from './relabel.js';
import type { GoalDraw, SubgoalDraw } from './request.js';
import type { Ring } from './ring.js';

/** In this order shares are added up; the original goal is what is left. */
const kinds = ['current', 'future', 'final', 'episode', 'random', 'first'] as const;
type Kind = (typeof kinds)[number] | 'original';

/** The run's hindsight as a draw: k relabelled goals per original one. */
export const drawOf = ({ strategy, k }: RelabelStrategy): GoalDraw =>
  strategy === 'none' ? { original: 1 } : { original: 1, [strategy]: k };

export interface GoalDrawer {
  /** Whether any goal but the original is drawn. */
  readonly relabels: boolean;
  /**
   * Draws a goal for the transition at `row`: the row that achieved it, -1 for the original. One uniform number decides on
   * the kind (none where all are originals), then the kind draws. `towards`: of a goal on the way, the row of the other
   * goal, -1 where there is none.
   */
  draw(random: Random, row: number, towards: number): number;
  /** Draws another goal of the same kind as last time, for another transition. */
  redraw(random: Random, row: number): number;
  /** Steps from `row` to its goal as last drawn; -1 where that lies before it, in another episode or is unknown. */
  offset(row: number, goalRow: number): number;
}

/** A stored row, uniformly among those whose header `word` is not 0: `remaining` leaves out last rows, `elapsed` first ones. */
export function drawRow({ rows, capacity, first, used, layout }: Ring, random: Random, word: number): number {
  for (;;) {
    let row = first + random.below(used);
    if (row >= capacity) row -= capacity;
    if (rows[row * layout.width + word] !== 0) return row;
  }
}

export const createGoalDrawer = (ring: Ring, name: string, draw: GoalDraw | SubgoalDraw): GoalDrawer =>
  'ahead' in draw ? subgoalDrawer(ring, name, draw) : sharesDrawer(ring, name, draw);

/** Nothing is left to chance. */
function subgoalDrawer({ rows, capacity, layout }: Ring, name: string, { ahead }: SubgoalDraw): GoalDrawer {
  if (!(Number.isInteger(ahead) && ahead >= 1)) {
    throw new UsageError(`goal ${name}: ahead is ${ahead}; it must be a whole number of steps, at least 1.`);
  }
  const after = (row: number, steps: number) => (row + steps >= capacity ? row + steps - capacity : row + steps);
  /** Steps from one row to another round the ring. */
  const between = (row: number, target: number) => (target < row ? target - row + capacity : target - row);
  function draw(_random: Random, row: number, towards: number): number {
    let most = rows[row * layout.width + layout.remaining];
    if (towards >= 0) {
      const way = between(row, towards);
      if (way < most) most = way; // beyond the episode's end it is another one
    }
    return after(row, Math.min(ahead, most));
  }
  return { relabels: true, draw, redraw: (random, row) => draw(random, row, -1), offset: between };
}

function sharesDrawer(ring: Ring, name: string, shares: GoalDraw): GoalDrawer {
  const { offsets = 'uniform' } = shares;
  const { chosen, limits } = checkShares(name, shares);
  const { layout, rows, capacity } = ring;
  const { width } = layout;
  const task = layout.column('task');
  const discount = offsets === 'uniform' ? 1 : offsets.geometric;
  const share = limits[limits.length - 1] ?? 0;
  let kind: Kind = 'original';

  /** Steps ahead, 1 to `remaining`: P(n) ~ discount^n by the inverse of its distribution function. */
  function geometric(random: Random, remaining: number): number {
    const mass = 1 - discount ** remaining;
    const n = 1 + Math.floor(Math.log(1 - random.uniform() * mass) / Math.log(discount));
    return Math.min(n, remaining); // rounding may go one too far
  }

  /** What another task achieves need not be a goal of this one. Ends at the latest at a row of the same episode. */
  function anywhere(random: Random, row: number): number {
    for (;;) {
      const target = drawRow(ring, random, layout.elapsed);
      if (task.size === 0 || rows[target * width + task.offset] === rows[row * width + task.offset]) return target;
    }
  }

  function redraw(random: Random, row: number): number {
    const remaining = rows[row * width + layout.remaining];
    let steps = 0;
    if (kind === 'future') steps = discount < 1 ? geometric(random, remaining) : 1 + random.below(remaining);
    else if (kind === 'final') steps = remaining;
    else if (kind === 'first') steps = -rows[row * width + layout.elapsed];
    else if (kind === 'episode') {
      const elapsed = rows[row * width + layout.elapsed];
      steps = 1 + random.below(elapsed + remaining) - elapsed;
    } else if (kind === 'random') return anywhere(random, row);
    else if (kind === 'original') return -1;
    const target = row + steps;
    return target >= capacity ? target - capacity : target < 0 ? target + capacity : target;
  }

  return {
    relabels: chosen.length > 0,
    draw(random, row) {
      const u = share > 0 ? random.uniform() : 1;
      if (u >= share) {
        kind = 'original';
        return -1;
      }
      let i = 0;
      while (u >= limits[i]) i++;
      kind = chosen[i];
      return redraw(random, row);
    },
    redraw,
    offset(row, goalRow) {
      if (kind === 'original' || kind === 'random') return -1;
      const steps = rows[goalRow * width + layout.elapsed] - rows[row * width + layout.elapsed];
      return Math.max(steps, -1);
    },
  };
}

/** The kinds that are drawn besides the original, and the uniform numbers up to which each is chosen. */
function checkShares(name: string, { offsets = 'uniform', ...shares }: GoalDraw) {
  const known: readonly string[] = ['original', ...kinds];
  let total = 0;
  for (const [kind, share = 0] of Object.entries(shares)) {
    if (!known.includes(kind)) throw unknownName(`source of the goal ${name}`, kind, [...known, 'offsets']);
    if (!(share >= 0 && share < Infinity)) {
      throw new UsageError(`goal ${name}: its share of ${kind} is ${share}; it must be at least 0.`);
    }
    total += share;
  }
  if (total === 0) throw new UsageError(`goal ${name}: all shares are 0; give one of ${known.join(', ')} a share.`);
  if (offsets !== 'uniform' && !(offsets.geometric > 0 && offsets.geometric < 1)) {
    throw new UsageError(
      `goal ${name}: offsets.geometric is ${offsets.geometric}; it must lie between 0 and 1, as a discount does.`,
    );
  }
  const chosen = kinds.filter((kind) => (shares[kind] ?? 0) > 0);
  let sum = 0;
  const limits = chosen.map((kind) => {
    sum += shares[kind] ?? 0;
    return sum / total;
  });
  return { chosen, limits };
}
