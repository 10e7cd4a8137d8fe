// The point family: plain TypeScript, no physics engine.

export { cameraSize, pointCamera } from './camera.js';
export {
  type MazeName,
  type MazeOptions,
  mazeBody,
  mazeOptions,
  mazeRules,
  mazes,
  pointMazeLarge,
  pointMazeMedium,
  pointMazeUmaze,
} from './maze.js';
export { type NavigateOptions, placeOf, pointLeftRight, pointNavigate } from './places.js';
export { type PointOptions, pointOptions, pointReach, pointRules, pointStep } from './reach.js';
export { pointTwoTasks } from './two-tasks.js';
