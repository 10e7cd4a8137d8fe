// What a remedy is worth: the measured runs without it and with it, one number for each seed.
import { permutationChance } from 'anygoal/lab';

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * @param {{ without: readonly number[], remedied: readonly number[], better: 'more' | 'less' }} runs
 * @returns means, what the remedy adds, and how often chance alone, dealing the same numbers into two such groups, would
 *   add as much
 */
export function weigh({ without, remedied, better }) {
  const [before, after] = [mean(without), mean(remedied)];
  const [first, second] = better === 'more' ? [without, remedied] : [remedied, without];
  return { before, after, added: after - before, chance: permutationChance(first, second) };
}
