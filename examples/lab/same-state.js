// Same state, other goals: Q(s, a, g) of one table for several goals at once, exact.
import { goalValues, gridModel, moves, parseMap } from 'anygoal/envs';

/**
 * @param {{ map: string, goals: readonly number[], state: number, discount: number }} settings rows of the map between "/",
 *   cells numbered row by row, gamma; reward 1 at the goal, which ends the episode
 * @returns for each goal Q of every move in the state, and of all cells [cells, 5 moves]
 */
export function choose({ map, goals, state, discount }) {
  const model = gridModel(parseMap(map), { slip: 0, stay: true });
  const reached = new Uint8Array(goals.length * model.states);
  for (const [g, goal] of goals.entries()) reached[g * model.states + goal] = 1;
  const { q } = goalValues(model, { discount, reward: 'zero-one', successEndsEpisode: true, reached });
  const size = model.states * moves.length;
  return goals.map((goal, g) => {
    const all = q.subarray(g * size, (g + 1) * size);
    return { goal, here: Object.fromEntries(moves.map((move, a) => [move, all[state * moves.length + a]])), all };
  });
}
