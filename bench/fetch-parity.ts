// How far the Fetch tasks are from Gymnasium-Robotics', over many episodes played there and repeated here.
// Run with: ANYGOAL_PARITY_PYTHON=../parity-venv/bin/python npx tsx bench/fetch-parity.ts [episodes of random actions per task]

import { fetchTasks } from '../src/envs/fetch/tasks.js';
import { UsageError } from '../src/errors.js';
import { compare, findFetchPython, firstTouch, record as play, robotOf } from '../test/fetch/traces.js';
import { difference } from '../test/recordings.js';
import { record, table } from './record.js';

const { python, problem } = findFetchPython();
if (!python) throw new UsageError(problem);
const episodes = Number(process.argv[2] ?? 20);
const { versions, traces } = play(python, ['--every', '1', '--seeds', String(episodes), '--states']);

const results = [];
for (const task of fetchTasks) {
  const ofTask = traces.filter((trace) => trace.task === task);
  const robot = await robotOf(task);
  const untouched: number[] = [];
  const touched: number[] = [];
  const single: number[] = [];
  let wrongRewards = 0;
  for (const trace of ofTask) {
    const { start, observations, rewards } = compare(robot, trace, 1);
    untouched.push(start);
    for (const { step, difference: d } of observations) (step < firstTouch(trace) ? untouched : touched).push(d);
    wrongRewards += rewards.filter((d) => d === Number.POSITIVE_INFINITY).length;
    for (const [i, action] of trace.actions.entries()) {
      robot.physics.restore(new Uint8Array(Float64Array.from(trace.states[i]).buffer));
      robot.step(action);
      single.push(difference(robot.observation, trace.observations[i]));
    }
  }
  robot.physics.dispose();
  const within = single.filter((d) => d < 1e-9);
  results.push({
    task: `fetch/${task}`,
    episodes: ofTask.length,
    withContact: ofTask.filter(({ touching }) => touching.includes(1)).length,
    /** Largest differences of observations: up to the first contact with the object, from then on. */
    beforeContact: Math.max(...untouched),
    fromContact: Math.max(0, ...touched),
    wrongRewards,
    /** Largest difference in Python when the object starts 2e-16 m elsewhere. */
    shiftedPython: Math.max(0, ...ofTask.flatMap(({ sensitivity }) => sensitivity)),
    /** Single steps from Python's states. */
    steps: single.length,
    stepsWithin: within.length,
    largestWithin: Math.max(...within),
  });
}
const shown = results.map((r) => [
  r.task,
  `${r.withContact} of ${r.episodes}`,
  r.beforeContact.toExponential(1),
  r.fromContact.toExponential(1),
  r.wrongRewards,
  r.shiftedPython.toExponential(1),
  `${r.stepsWithin} of ${r.steps}, ${r.largestWithin.toExponential(1)}`,
]);
const head = [
  'task',
  'episodes with contact',
  'before',
  'after',
  'wrong rewards',
  'Python shifted',
  'single steps < 1e-9',
];
console.log(table([head, ...shown]));
record('fetch-parity', { versions, results });
