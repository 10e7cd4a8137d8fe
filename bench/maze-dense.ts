// What the dense reward pays for waiting at the wall and for going round it, exactly: the environment steps, no learning.
import { fewestSteps, type GoalEnv, gridModel, parseMap } from '../src/envs/index.js';
import { type MazeName, mazeOptions, mazeRules, mazes } from '../src/envs/point/index.js';
import { pointMazeLarge, pointMazeMedium, pointMazeUmaze } from '../src/envs/point/maze.js';

const definitions = { umaze: pointMazeUmaze, medium: pointMazeMedium, large: pointMazeLarge };

/** Middles of the cells on a shortest way from the start to the goal, the start's left out. */
function shortestWay(maze: MazeName, env: GoalEnv): number[][] {
  const map = parseMap(mazes[maze].map);
  const { width, height, cellAt, cells } = map;
  const steps = fewestSteps(gridModel(map, { slip: 0, stay: false }));
  const model = gridModel(map, { slip: 0, stay: false });
  const { achieved, goal } = env.reset();
  const cellOf = ([x, y]: Float32Array) => cellAt[Math.floor(height / 2 - y) * width + Math.floor(x + width / 2)];
  const target = cellOf(goal);
  const way: number[][] = [];
  for (let here = cellOf(achieved); here !== target; ) {
    const left = (cell: number) => (cell === target ? 0 : steps[target * cells + cell]);
    const to = [0, 1, 2, 3].map((a) => model.next[here * 4 + a]);
    here = to.reduce((best, cell) => (left(cell) < left(best) ? cell : best));
    way.push([map.x[here] + 0.5 - width / 2, height / 2 - map.y[here] - 0.5]);
  }
  return way;
}

/** Discounted dense return from the corner, towards one place after the other and then waiting there for ever. */
export function denseReturn(maze: MazeName, straight: boolean, discount: number): number {
  const options = mazeOptions.parse({ reward: 'dense', placement: 'corners' });
  const env = definitions[maze].create(options) as GoalEnv;
  const rules = mazeRules(maze, options);
  const way = straight ? [] : shortestWay(maze, env);
  const { achieved, goal } = env.reset();
  way.push([...goal]);
  const reward = new Float32Array(1);
  let [total, weight, next, still] = [0, 1, 0, 0];
  for (let t = 0; t < 400 && still < 2; t++, weight *= discount) {
    const before = [...achieved];
    while (next < way.length - 1 && Math.hypot(way[next][0] - achieved[0], way[next][1] - achieved[1]) < 0.25) next++;
    env.step(way[next].map((aim, j) => 5 * (aim - achieved[j])));
    rules.computeReward(achieved, goal, new Float32Array(0), reward);
    total += weight * reward[0];
    still = Math.hypot(achieved[0] - before[0], achieved[1] - before[1]) < 1e-6 ? still + 1 : 0;
  }
  return total + (weight / (1 - discount)) * reward[0];
}
