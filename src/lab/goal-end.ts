// What reaching a goal is worth, by whether it ends the episode: 1, or 1 / (1 - gamma) for staying.
import * as z from 'zod';
import { defineCalculator } from './calculator.js';
import { number } from './format.js';

export const rewardForms = ['zero-one', 'minus-one-zero'] as const;
export type RewardForm = (typeof rewardForms)[number];

/**
 * Value of being `distance` steps (1 or more) from the goal under the shortest way. The reward belongs to the state that a
 * step leads to: `zero-one` gives 1 at the goal, `minus-one-zero` gives -1 elsewhere. Where the goal does not end the
 * episode, the agent stays there for ever.
 */
export function goalValue(form: RewardForm, ends: boolean, discount: number, distance: number): number {
  const reach = discount ** (distance - 1);
  const forever = 1 / (1 - discount);
  if (form === 'minus-one-zero') return (reach - 1) * forever;
  return ends ? reach : reach * forever;
}

/** The same by value iteration on a chain of `length` states before the goal; [V at distance 1, 2, ...]. */
export function iterateGoalValues(form: RewardForm, ends: boolean, discount: number, length: number): number[] {
  const [elsewhere, atGoal] = form === 'zero-one' ? [0, 1] : [-1, 0];
  /** Index: distance; at the goal itself the agent stays. */
  const values = new Float64Array(length + 1);
  for (let change = Infinity; change > 1e-12; ) {
    change = 0;
    for (let d = 0; d <= length; d++) {
      const arrives = d <= 1;
      const next = arrives ? 0 : d - 1;
      const value = (arrives ? atGoal : elsewhere) + (arrives && ends ? 0 : discount * values[next]);
      change = Math.max(change, Math.abs(value - values[d]));
      values[d] = value;
    }
  }
  return [...values.subarray(1)];
}

export const goalEnd = defineCalculator({
  name: 'goal-end',
  description: 'what a goal is worth when reaching it ends the episode, and when one stays there',
  options: z.strictObject({
    discount: z.number().min(0).max(0.999).default(0.98).describe('gamma'),
    distance: z.int().min(1).max(1000).default(50).describe('largest distance to the goal in steps'),
  }),
  compute({ discount, distance }) {
    const cases = rewardForms.flatMap((form) =>
      [true, false].map((ends) => {
        const iterated = iterateGoalValues(form, ends, discount, distance);
        return {
          form,
          ends,
          /** By distance 1, 2, ...: closed form, and value iteration. */
          values: iterated.map((_, i) => goalValue(form, ends, discount, i + 1)),
          iterated,
        };
      }),
    );
    return { discount, distance, stayingWorth: 1 / (1 - discount), cases };
  },
  table({ discount, distance, stayingWorth, cases }) {
    const shown = [1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1000].filter((d) => d < distance);
    const deviation = Math.max(
      ...cases.flatMap(({ values, iterated }) => values.map((v, i) => Math.abs(v - iterated[i]))),
    );
    return [
      {
        title: `V(s, g) with gamma = ${number(discount)}; staying at a 0/1 goal is worth 1 / (1 - gamma) = ${number(stayingWorth)}`,
        columns: [
          'steps to the goal',
          ...cases.map(({ form, ends }) => `${form === 'zero-one' ? '0/1' : '-1/0'}, ${ends ? 'ends' : 'stays'}`),
        ],
        rows: [...shown, distance].map((d) => [String(d), ...cases.map(({ values }) => number(values[d - 1]))]),
        note: `With rewards 0/1, the environment's word on whether the goal ends the episode changes every value by the factor 1 / (1 - gamma); with -1/0 it changes none. Value iteration agrees to ${number(Math.max(deviation, 1e-15), 1)}.`,
      },
    ];
  },
});
