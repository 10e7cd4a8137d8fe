// Q backs up from the goal on a grid: values after some sweeps, beside the exact ones.
import { createGoalBackups, goalValues, gridModel, parseMap } from 'anygoal/envs';

/**
 * @param {{ map: string, goal: number, reward: 'zero-one' | 'sparse', ends: boolean, discount: number, slip: number,
 *   sweeps: number }} settings rows of the map between "/", the goal's cell, rewards 1/0 or 0/-1, whether reaching the
 *   goal ends the episode, gamma, the chance of a random move
 * @returns Q(s, a, g) [cells, 5 moves] and V(s, g) [cells], after the sweeps and exact
 */
export function backUp({ map, goal, reward, ends, discount, slip, sweeps }) {
  const model = gridModel(parseMap(map), { slip, stay: true });
  const reached = new Uint8Array(model.states);
  reached[goal] = 1;
  const options = { discount, reward, successEndsEpisode: ends, reached };
  const backups = createGoalBackups(model, options);
  for (let sweep = 0; sweep < sweeps; sweep++) backups.sweep(0);
  const exact = goalValues(model, options);
  return { v: backups.v, q: backups.q, exactV: exact.v, exactQ: exact.q };
}
