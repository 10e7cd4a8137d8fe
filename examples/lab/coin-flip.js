// The bias of hindsight under chance: what it learns for the goal "heads" of a coin flip, and what avoids it.
import { coinMethods, learnCoin, learnedValue } from 'anygoal/lab';

/**
 * @param {{ chance: number, k: number, wanted: number, seed: number }} settings probability of heads (the true value),
 *   relabelled goals per original, share of episodes in which heads is asked for
 */
export function flip({ chance, k, wanted, seed }) {
  const options = { chance, k, wanted, episodes: 1000, samples: 10_000 };
  return coinMethods.map((method) => ({
    method,
    expected: method === 'future' ? learnedValue(chance, k, wanted) : chance,
    simulated: learnCoin(method, options, seed),
  }));
}
