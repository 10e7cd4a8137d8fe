// How far the Meta-World tasks are from Python's, over many episodes played there and repeated here.
// Run with: ANYGOAL_PARITY_PYTHON=../metaworld-venv/bin/python npx tsx bench/metaworld-parity.ts [episodes of each kind per task]

import { metaworldTasks } from '../src/envs/metaworld/tasks.js';
import { UsageError } from '../src/errors.js';
import { compare, findMetaworldPython, record as play, sawyerOf, type Trace } from '../test/metaworld/traces.js';
import { record, table } from './record.js';

const { python, problem } = findMetaworldPython();
if (!python) throw new UsageError(problem);
const episodes = Number(process.argv[2] ?? 5);
const steps = 150;
const { versions, traces } = play(python, [
  '--every',
  '1',
  '--steps',
  String(steps),
  '--seeds',
  String(episodes),
  '--shifted',
]);

/** As long as Python's own episode moves less than this when its start does by one unit in the last place. */
const steady = 1e-12;

async function measure(trace: Trace) {
  const sawyer = await sawyerOf(trace.task);
  const { start, observations, rewards, wrongSuccesses } = compare(sawyer, trace, 1);
  sawyer.physics.dispose();
  const moved = trace.shifted?.observations ?? [];
  return {
    start,
    wrongSuccesses,
    steps: observations.map(({ difference }, i) => ({ i, difference, reward: rewards[i], moved: moved[i] })),
  };
}

const results = [];
for (const task of metaworldTasks) {
  const all = [];
  for (const trace of traces.filter((one) => one.task === task)) all.push(await measure(trace));
  const rows = all.flatMap((one) => one.steps);
  const within = rows.filter(({ moved }) => moved < steady);
  const beyond = rows.filter(({ moved }) => !(moved < steady));
  const largest = (values: readonly number[]) => Math.max(0, ...values);
  results.push({
    task: `metaworld/${task}`,
    episodes: all.length,
    start: largest(all.map(({ start }) => start)),
    /** Of the first 50 steps. */
    observations50: largest(rows.filter(({ i }) => i < 50).map(({ difference }) => difference)),
    /** Of steps before Python's own episode moves with the last place. */
    steadySteps: within.length,
    steadyObservations: largest(within.map(({ difference }) => difference)),
    steadyRewards: largest(within.map(({ reward }) => reward)),
    unsteadySteps: beyond.length,
    unsteadyObservations: largest(beyond.map(({ difference }) => difference)),
    shiftedPython: largest(beyond.map(({ moved }) => moved)),
    wrongSuccesses: all.reduce((sum, one) => sum + one.wrongSuccesses, 0),
    steps: rows.length,
  });
}
const short = (value: number) => value.toExponential(1);
const shown = results.map((r) => [
  r.task,
  short(r.start),
  short(r.observations50),
  `${r.steadySteps} of ${r.steps}`,
  short(r.steadyObservations),
  short(r.steadyRewards),
  short(r.unsteadyObservations),
  short(r.shiftedPython),
  r.wrongSuccesses,
]);
const head = [
  'task',
  'start',
  '50 steps',
  'steady steps',
  'observations',
  'rewards',
  'unsteady',
  'Python shifted',
  'wrong successes',
];
console.log(table([head, ...shown]));
record('metaworld-parity', { versions, steps, episodesOfEachKind: episodes, steady, results });
