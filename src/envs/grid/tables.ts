// The grid as tables: its exact model, and every state and goal as the vectors that agents see.
import type { TabularModel } from './dynamic-programming.js';
import { reachedCells } from './grid.js';
import { type GridMap, neighbour } from './map.js';
import { type GridOptions, gridRules } from './rules.js';

/** Outcomes of every move: the one meant, and with probability `slip` one of the four at random. */
export function gridModel(map: GridMap, { slip, stay }: Pick<GridOptions, 'slip' | 'stay'>): TabularModel {
  const actions = stay ? 5 : 4;
  const outcomes = slip > 0 ? 5 : 1;
  const next = new Int32Array(map.cells * actions * outcomes);
  const probability = new Float64Array(next.length);
  for (let k = 0; k < next.length; k++) {
    const outcome = k % outcomes;
    const action = Math.floor(k / outcomes) % actions;
    next[k] = neighbour(map, Math.floor(k / (outcomes * actions)), outcome === 0 ? action : outcome - 1);
    probability[k] = outcome === 0 ? 1 - slip : slip / 4;
  }
  return { states: map.cells, actions, outcomes, next, probability };
}

export interface GridTables {
  readonly map: GridMap;
  readonly model: TabularModel;
  /** [states, observation.size]: what an agent sees in each state. */
  readonly observations: Float32Array;
  /** [goals, goal.size]: the single cells, or all predicates. */
  readonly goals: Float32Array;
  /** [goals, states]: 1 where the state fulfils the goal. */
  readonly reached: Uint8Array;
}

/** Everything that exact values can be computed from and compared on. */
export function gridTables(options: GridOptions): GridTables {
  const { map, coding, spec, ...rules } = gridRules(options);
  const { size } = coding.space;
  const observations = new Float32Array(map.cells * size);
  for (let cell = 0; cell < map.cells; cell++) coding.write(cell, observations, cell * size);
  const width = spec.goal.size;
  const count = options.goal === 'predicate' ? width : map.cells;
  const goals = new Float32Array(count * width);
  if (options.goal === 'cell') goals.set(observations);
  else for (let g = 0; g < count; g++) goals[g * width + g] = 1;
  const reached = new Uint8Array(count * map.cells);
  for (let g = 0; g < count; g++) {
    reached.set(reachedCells(rules, map, coding, goals.slice(g * width, (g + 1) * width)), g * map.cells);
  }
  return { map, model: gridModel(map, options), observations, goals, reached };
}
