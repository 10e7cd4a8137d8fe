// Dense against sparse at a wall: the best policy under each reward, followed from the start, for a discount factor.
import { goalValues, gridModel, moves, neighbour, parseMap } from 'anygoal/envs';

/**
 * @param {{ map: string, start: number, goal: number, discount: number }} settings rows of the map between "/", cells
 *   numbered row by row, gamma
 * @returns of both rewards, Q(s, a, g) [cells, 5 moves] and the cells that the best policy goes through
 */
export function follow({ map, start, goal, discount }) {
  const grid = parseMap(map);
  const model = gridModel(grid, { slip: 0, stay: true });
  const reached = Uint8Array.from({ length: grid.cells }, (_, cell) => (cell === goal ? 1 : 0));
  const away = (cell) => Math.hypot(grid.x[cell] - grid.x[goal], grid.y[cell] - grid.y[goal]);
  const dense = Float64Array.from({ length: grid.cells }, (_, cell) => -away(cell));
  const under = (reward) => {
    const { q } = goalValues(model, { discount, reward, reached, successEndsEpisode: false });
    const path = [start];
    for (let cell = start; cell !== goal; path.push(cell)) {
      const values = moves.map((_, move) => q[cell * moves.length + move]);
      cell = neighbour(grid, cell, values.indexOf(Math.max(...values)));
      if (path.includes(cell)) break;
    }
    return { arrives: path.at(-1) === goal, path, q };
  };
  return { dense: under(dense), sparse: under('sparse') };
}
