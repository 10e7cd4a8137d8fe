// Ways to do the same, compared by measured runs: one number for each seed.
import { permutationChance } from 'anygoal/lab';

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @param {{ runs: Readonly<Record<string, readonly number[]>>, better: 'more' | 'less' }} measured by the ways' names
 * @returns the ways, the best mean first; `chance`: how often chance alone, dealing the numbers of this way and of the best
 *   one into two groups, would set the best as far ahead
 */
export function rank({ runs, better }) {
  const ways = Object.entries(runs).map(([name, values]) => ({ name, values, mean: mean(values) }));
  ways.sort((a, b) => (better === 'more' ? b.mean - a.mean : a.mean - b.mean));
  const [best] = ways;
  return ways.map(({ name, values, mean }) => {
    const [first, second] = better === 'more' ? [values, best.values] : [best.values, values];
    const spread = { least: Math.min(...values), most: Math.max(...values) };
    return { name, mean, ...spread, chance: values === best.values ? 1 : permutationChance(first, second) };
  });
}
