// Plays the trained policies through the mazes and writes where they go and how far they find, for docs/environments/point-maze.md: npx tsx bench/maze-paths.ts
import { existsSync, readFileSync } from 'node:fs';
import { fewestSteps, gridModel, makeEnv, parseMap } from '../src/envs/index.js';
import { type MazeName, mazes } from '../src/envs/point/index.js';
import { mixSeed } from '../src/random.js';
import { loadPolicy } from '../src/training/index.js';
import type { Experiment } from './learning/experiment.js';
import { experiments, mazesShown, pictures } from './learning/topics/maze.js';
import type { Trial } from './learning/trial.js';
import { type MazePath, mazePathsFile, type Ways, wayBin } from './maze-pictures.js';
import { record } from './record.js';

/** Fresh episodes per seed for success by the length of the way. */
const EPISODES = 500;

const rounded = (place: Float32Array) => [...place].map((value) => Math.round(100 * value) / 100);
const experimentOf = (name: string) => experiments.find((one) => one.name === name) as Experiment;
const runOf = (name: string, seed: number): Trial | undefined => {
  const file = new URL(`../runs/learning/${name}/seed-${seed}.json`, import.meta.url);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

/** Episodes of the best policies of an experiment's runs, as far as they have run, with fixed seeds. */
async function play(name: string, seeds: readonly number[], episodes: number): Promise<MazePath[]> {
  const { env: task, settings } = experimentOf(name);
  const { env: section } = settings as { env?: { options?: Record<string, unknown> } };
  const env = await makeEnv(task, section?.options ?? {});
  const paths: MazePath[] = [];
  for (const seed of seeds) {
    const run = runOf(name, seed)?.runDir;
    if (!run) continue;
    const policy = await loadPolicy(run);
    for (let episode = 0; episode < episodes; episode++) {
      const { observation, goal, achieved } = env.reset({ seed: mixSeed(seed, 'paths', episode) });
      const places = [rounded(achieved).join()];
      for (let ended = false; !ended; ) {
        const step = env.step(await policy.act({ observation, goal }));
        places.push(rounded(achieved).join());
        ended = step.terminated || step.truncated;
        if (ended) paths.push({ seed, success: step.isSuccess, goal: rounded(goal), points: places.join(' ') });
      }
    }
    await policy.dispose();
  }
  return paths;
}

/** How many of the paths succeed, by the length of the shortest way in cells. */
function waysOf(maze: MazeName, paths: readonly MazePath[]): Ways {
  const map = parseMap(mazes[maze].map);
  const { width, height, cellAt, cells } = map;
  const steps = fewestSteps(gridModel(map, { slip: 0, stay: false }));
  const cellOf = ([x, y]: readonly number[]) => cellAt[Math.floor(height / 2 - y) * width + Math.floor(x + width / 2)];
  const ways: { episodes: number; successes: number }[] = [];
  for (const { goal, points, success } of paths) {
    const [from, to] = [cellOf(points.split(' ')[0].split(',').map(Number)), cellOf(goal)];
    const bin = Math.floor((from === to ? 0 : steps[to * cells + from]) / wayBin);
    while (ways.length <= bin) ways.push({ episodes: 0, successes: 0 });
    ways[bin].episodes++;
    if (success) ways[bin].successes++;
  }
  return ways;
}

const paths: Record<string, MazePath[]> = {};
for (const { panels, seeds, episodes } of Object.values(pictures))
  for (const { experiment } of panels) paths[experiment] = await play(experiment, seeds, episodes);
const ways: Record<string, Ways> = {};
for (const [maze, name] of mazesShown)
  if (runOf(name, 1)) ways[name] = waysOf(maze, await play(name, experimentOf(name).seeds, EPISODES));
record(mazePathsFile, { paths, ways });
