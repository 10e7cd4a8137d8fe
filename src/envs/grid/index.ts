// The grid: maps, the environment, its exact model, and dynamic programming on it.
export {
  createGoalBackups,
  fewestSteps,
  type GoalBackups,
  type GoalValueOptions,
  type GoalValues,
  goalValues,
  reachableSet,
  type TabularModel,
} from './dynamic-programming.js';
export { grid } from './grid.js';
export { type GridMap, gridMaps, moves, neighbour, parseMap } from './map.js';
export { type GridOptions, gridOptions, gridRules } from './rules.js';
export { type GridTables, gridModel, gridTables } from './tables.js';
