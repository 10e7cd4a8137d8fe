// What the grid's tasks are: spaces, rewards and success for goals that are a cell, a set of cells, or a named region.
import * as z from 'zod';
import { UsageError } from '../../errors.js';
import type { EnvSpec, GoalRules } from '../env.js';
import { usualFromData } from '../from-data.js';
import {
  type GoalForm,
  goalRules,
  rewardSetting,
  statePredicates,
  successEndsSetting,
  targetState,
} from '../goals/index.js';
import { type Box, box, discrete } from '../space.js';
import { type GridMap, gridMaps, moves, parseMap } from './map.js';

export const gridOptions = z.strictObject({
  map: z
    .string()
    .default('four-rooms')
    .describe(`${Object.keys(gridMaps).join(', ')}, or drawn with rows between "/": "S..#/..#G"`),
  observation: z
    .enum(['coordinates', 'one-hot'])
    .default('coordinates')
    .describe('coordinates: column and row; one-hot: a number per free cell'),
  goal: z
    .enum(['cell', 'set', 'predicate'])
    .default('cell')
    .describe('cell: one cell; set: any of the cells marked; predicate: anywhere in a region of the map'),
  slip: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe('probability that a random one of the four moves is made instead')
    .meta(usualFromData),
  stay: z.boolean().default(true).describe('whether there is an action that stays'),
  reward: rewardSetting,
  successEndsEpisode: successEndsSetting.default(false),
  maxEpisodeSteps: z
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('time limit; 0: the number of free cells, divided by 1 - slip')
    .meta(usualFromData),
});
export type GridOptions = z.infer<typeof gridOptions>;

/** How cells are written as numbers, and read back. */
export interface CellCoding {
  readonly space: Box;
  write(cell: number, out: Float32Array, at?: number): void;
  /** -1 where the numbers are no free cell. */
  read(numbers: Float32Array, at: number): number;
}

export function cellCoding(map: GridMap, observation: GridOptions['observation']): CellCoding {
  const { cells, width, height, x, y, cellAt } = map;
  if (observation === 'coordinates') {
    return {
      space: { kind: 'box', size: 2, low: [0, 0], high: [width - 1, height - 1], names: ['x', 'y'] },
      write(cell, out, at = 0) {
        out[at] = x[cell];
        out[at + 1] = y[cell];
      },
      read: (numbers, at) => cellAt[numbers[at + 1] * width + numbers[at]] ?? -1,
    };
  }
  return {
    space: box(cells, 0, 1, cellNames(map)),
    write(cell, out, at = 0) {
      out.fill(0, at, at + cells);
      out[at + cell] = 1;
    },
    read(numbers, at) {
      for (let cell = 0; cell < cells; cell++) if (numbers[at + cell] > 0.5) return cell;
      return -1;
    },
  };
}

const cellNames = ({ cells, x, y }: GridMap) => Array.from({ length: cells }, (_, cell) => `${x[cell]},${y[cell]}`);

/** Distances are numbers of moves if there were no walls (Manhattan); to a set, the shortest. */
function goalForm(map: GridMap, coding: CellCoding, goal: GridOptions['goal']): GoalForm {
  const { space, read } = coding;
  const farthest = map.width + map.height - 2;
  const between = (a: number, b: number) =>
    a < 0 || b < 0 ? farthest + 1 : Math.abs(map.x[a] - map.x[b]) + Math.abs(map.y[a] - map.y[b]);
  if (goal === 'cell') {
    return {
      ...targetState(space, 0, farthest),
      distance: (achieved, a, desired, d) => between(read(achieved, a), read(desired, d)),
    };
  }
  if (goal === 'set') {
    return {
      kind: 'state-set',
      achievedSize: space.size,
      goal: box(map.cells, 0, 1, cellNames(map)),
      tolerance: 0,
      farthest,
      distance(achieved, a, desired, d) {
        const here = read(achieved, a);
        let nearest = farthest + 1;
        for (let cell = 0; cell < map.cells; cell++) {
          if (desired[d + cell] > 0.5) nearest = Math.min(nearest, between(here, cell));
        }
        return nearest;
      },
      goalFrom(achieved, out) {
        out.fill(0);
        for (let row = 0; row * map.cells < out.length; row++) {
          out[row * map.cells + read(achieved, row * space.size)] = 1;
        }
      },
    };
  }
  const letters = [...new Set(map.region)].filter((letter) => letter !== '').sort();
  if (letters.length === 0) {
    throw new UsageError(
      'goal predicate needs regions, but the map has none; mark free cells with letters from a to z, as in "aa.bb", or use map four-rooms.',
    );
  }
  const tests = letters.map((letter) => [
    `in-${letter}`,
    (state: Float32Array) => map.region[read(state, 0)] === letter,
  ]);
  return statePredicates(space.size, Object.fromEntries(tests), map.region.includes('') ? 'elsewhere' : undefined);
}

export interface GridRules extends GoalRules {
  readonly spec: EnvSpec;
  readonly map: GridMap;
  readonly coding: CellCoding;
}

export function gridRules(options: GridOptions): GridRules {
  const map = parseMap(options.map);
  const coding = cellCoding(map, options.observation);
  const form = goalForm(map, coding, options.goal);
  const { rewardRange, ...rules } = goalRules(form, options.reward);
  const actions = moves.slice(0, options.stay ? 5 : 4);
  return {
    ...rules,
    map,
    coding,
    spec: {
      name: 'grid',
      observation: coding.space,
      achieved: coding.space,
      goal: form.goal,
      goalKind: form.kind,
      view: 'cells',
      action: discrete(actions.length, actions),
      maxEpisodeSteps: options.maxEpisodeSteps || Math.ceil(map.cells / (1 - options.slip)),
      rewardRange,
      successEndsEpisode: options.successEndsEpisode,
      info: [],
    },
  };
}
