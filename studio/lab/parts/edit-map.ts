// Building and removing walls of a drawn map, while cells that matter stay where they are.
import { type GridMap, parseMap } from '../../../src/envs/index.js';
import type { Setting } from '../settings.js';

/**
 * The map with the sign at (x, y) turned into the other one, and the numbers of the kept cells in it; undefined where a
 * kept cell would become a wall or the map would be none.
 */
export function toggleWall(
  drawn: string,
  map: GridMap,
  { x, y, cell }: { readonly x: number; readonly y: number; readonly cell: number },
  kept: readonly number[],
  setting: Setting<string>,
): { readonly map: string; readonly kept: number[] } | undefined {
  const rows = drawn.split('/').map((row) => [...row]);
  rows[y][x] = cell < 0 ? '.' : '#';
  const text = rows.map((row) => row.join('')).join('/');
  if (kept.includes(cell) || setting.parse(text) === undefined) return undefined;
  const { cellAt } = parseMap(text);
  return { map: text, kept: kept.map((one) => cellAt[map.y[one] * map.width + map.x[one]]) };
}
