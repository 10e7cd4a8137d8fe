// How far the Meta-World tasks are from Python's, over many episodes played there and repeated here.
// Run with: ANYGOAL_PARITY_PYTHON=../metaworld-venv/bin/python npx tsx bench/metaworld-parity.ts [episodes of each kind per task]

import { metaworldTasks } from '../src/envs/metaworld/tasks.js';
import { UsageError } from '../src/errors.js';
import { compare, compareSteps, findMetaworldPython, record as play, sawyerOf } from '../test/metaworld/traces.js';
import { record, table } from './record.js';

const { python, problem } = findMetaworldPython();
if (!python) throw new UsageError(problem);
const episodes = Number(process.argv[2] ?? 5);
const steps = 150;
const tolerance = 1e-9;
const { versions, traces } = play(python, [
  '--every',
  '1',
  '--steps',
  `${steps}`,
  '--seeds',
  `${episodes}`,
  '--states',
]);

const largest = (values: readonly number[]) => Math.max(0, ...values);

const results = [];
for (const task of metaworldTasks) {
  const sawyer = await sawyerOf(task);
  const ofTask = traces.filter((trace) => trace.task === task);
  const whole = ofTask.map((trace) => {
    const compared = compare(sawyer, trace, 1);
    const observations = compared.observations.map(({ difference }) => difference);
    const apart = observations.findIndex((d, i) => !(d < tolerance && compared.rewards[i] < tolerance));
    return { ...compared, observations, equal: apart < 0 ? steps : apart };
  });
  const single = ofTask.flatMap((trace) => compareSteps(sawyer, trace));
  sawyer.physics.dispose();
  const within = single.filter((d) => d < tolerance);
  const equal = whole.filter((one) => one.equal === steps);
  results.push({
    task: `metaworld/${task}`,
    episodes: whole.length,
    start: largest(whole.map(({ start }) => start)),
    /** Episodes within the tolerance over 50 steps, over all, and their largest differences over all. */
    equal50: whole.filter((one) => one.equal >= 50).length,
    equal: equal.length,
    observations: largest(equal.flatMap((one) => one.observations)),
    rewards: largest(equal.flatMap((one) => one.rewards)),
    /** Of the others the first step beyond it, and how far apart they get. */
    firstApart: whole.flatMap((one) => (one.equal < steps ? [one.equal + 1] : [])),
    farthest: largest(whole.flatMap((one) => one.observations)),
    wrongSuccesses: whole.reduce((sum, one) => sum + one.wrongSuccesses, 0),
    /** Single steps from Python's states. */
    steps: single.length,
    stepsWithin: within.length,
    largestWithin: largest(within),
  });
}
const short = (value: number) => value.toExponential(1);
const shown = results.map((r) => [
  ...[r.task, short(r.start), `${r.equal50} of ${r.episodes}`, `${r.equal} of ${r.episodes}`],
  ...[short(r.observations), short(r.rewards), short(r.farthest), r.wrongSuccesses],
  `${r.stepsWithin} of ${r.steps}, ${short(r.largestWithin)}`,
]);
const head = [
  'task',
  'start',
  'equal for 50',
  `for ${steps}`,
  'observations',
  'rewards',
  'farthest',
  'wrong successes',
];
console.log(table([[...head, 'single steps < 1e-9'], ...shown]));
record('metaworld-parity', { versions, steps, results });
