// Measures how often the scripted policies solve the Meta-World tasks, at any of 500 steps, fresh seeds; with --python from
// the same starts with Meta-World's own policies too.
// Run with: npx tsx bench/metaworld-scripted.ts [--python ../metaworld-venv/bin/python]
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { type MetaworldTask, makeEnv, metaworldTasks, scriptedPolicy } from '../src/envs/index.js';
import { drawStart, taskSetups } from '../src/envs/metaworld/tasks.js';
import { createRandom } from '../src/random.js';
import { record, table } from './record.js';

const episodes = 300;
/** Of which Python plays the first. */
const inPython = 100;
const firstSeed = 5000;
const seeds = Array.from({ length: episodes }, (_, i) => firstSeed + i);

/** What an episode of this seed begins with. */
function startOf(task: MetaworldTask, seed: number): number[] {
  const vector = new Float64Array(taskSetups[task].from.length);
  drawStart(createRandom(seed), taskSetups[task], vector);
  return Array.from(vector);
}

/** For each episode the step of its first success; 0 without. */
async function solve(task: MetaworldTask): Promise<number[]> {
  const env = await makeEnv(`metaworld/${task}`);
  const policy = scriptedPolicy(task);
  const firsts = seeds.map((seed) => {
    let { observation, goal } = env.reset({ seed });
    for (let i = 1; ; i++) {
      const step = env.step(policy(observation, goal));
      ({ observation, goal } = step);
      if (step.isSuccess) return i;
      if (step.truncated) return 0;
    }
  });
  env.dispose?.();
  return firsts;
}

function solveInPython(python: string, task: MetaworldTask): number[] {
  const script = new URL('./peers/metaworld_scripted.py', import.meta.url).pathname;
  const input = JSON.stringify(seeds.slice(0, inPython).map((seed) => startOf(task, seed)));
  const { stdout, stderr, status } = spawnSync(python, [script, `${task}-v3`], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${python} ended with code ${status}: ${stderr}`);
  return JSON.parse(stdout);
}

const { values } = parseArgs({ options: { python: { type: 'string' } } });
const results = [];
for (const task of metaworldTasks) {
  const figures = (firsts: readonly number[]) => {
    const solved = firsts.filter((step) => step > 0).sort((a, b) => a - b);
    return { solved: solved.length, medianSteps: solved[solved.length >> 1], mostSteps: solved.at(-1) };
  };
  const ours = await solve(task);
  const theirs = values.python === undefined ? undefined : solveInPython(values.python, task);
  results.push({
    env: `metaworld/${task}`,
    episodes,
    here: figures(ours),
    ...(theirs && {
      python: figures(theirs),
      sameEpisodes: figures(ours.slice(0, inPython)),
      /** Episodes in which the first success is in the same step, or there is none on both sides. */
      alike: theirs.filter((step, i) => step === ours[i]).length,
    }),
  });
}
const shown = results.map(({ env, here, python, sameEpisodes, alike }) => [
  ...[env, here.solved, here.medianSteps, here.mostSteps ?? ''],
  ...[sameEpisodes?.solved ?? '', python?.solved ?? '', alike ?? ''],
]);
console.log(
  table([['task', `of ${episodes}`, 'steps, median', 'most', `first ${inPython}`, 'Python', 'alike'], ...shown]),
);
record('metaworld-scripted', { firstSeed, results });
