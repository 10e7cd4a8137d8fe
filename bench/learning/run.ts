// Runs the learning experiments, each seed in a process of its own: `npm run bench:learning -- [--only NAME,...] [--list] [--redo] [--seed N,...] [--jobs N]`.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildSync } from 'esbuild';
import { record } from '../record.js';
import { tableReady } from './data-sets.js';
import { commandOf, type Experiment, isSameSetting, optionsOf } from './experiment.js';
import { summarise } from './results.js';
import { experiments } from './topics/index.js';
import type { Task, Trial } from './trial.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    list: { type: 'boolean' },
    redo: { type: 'boolean' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '2' },
  },
});

const root = fileURLToPath(new URL('../../runs/learning/', import.meta.url));
const trialFile = ({ name }: Experiment, seed: number) => `${root}${name}/seed-${seed}.json`;
const readTrial = (experiment: Experiment, seed: number): Trial | undefined => {
  const file = trialFile(experiment, seed);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};
/** A run that took all its steps goes on when the experiment now has more; one of other settings does not count. */
const isFinished = (experiment: Experiment, trial?: Trial) =>
  trial?.ended !== undefined &&
  isSameSetting(trial.config, configs.get(experiment.name)) &&
  (trial.ended !== 'steps' || (trial.envSteps ?? 0) >= experiment.steps);
const finished = (experiment: Experiment) =>
  experiment.seeds
    .flatMap((seed) => readTrial(experiment, seed) ?? [])
    .filter((trial) => isFinished(experiment, trial));

const wanted = options.only?.split(',');
const chosen = experiments.filter(({ name }) => !wanted || wanted.some((w) => name === w || name.startsWith(`${w}-`)));
if (chosen.length === 0) {
  console.error(`--only ${options.only}: no such experiment; --list shows them.`);
  process.exit(2);
}
// Trials run the built library without a loader between, as `anygoal train` does.
const library = new URL('../../dist/', import.meta.url).href;
if (!existsSync(new URL(library))) {
  console.error('the library is not built: npm run build');
  process.exit(1);
}
const { configure }: typeof import('../../src/training/index.js') = await import(`${library}training/index.js`);
/** The configuration of each experiment's runs, but for the seed. */
const configs = new Map<string, unknown>();
for (const experiment of [...chosen]) {
  const ready = await Promise.all((experiment.data ?? []).map((set) => tableReady(set, library)));
  if (ready.every(Boolean)) configs.set(experiment.name, await configure(optionsOf(experiment, 0)));
  else chosen.splice(chosen.indexOf(experiment), 1);
}

if (options.list) {
  for (const experiment of chosen) {
    const { name, about, seeds, steps } = experiment;
    console.log(`${name.padEnd(29)}${finished(experiment).length}/${seeds.length} seeds  ${steps} steps  ${about}`);
  }
  process.exit(0);
}

const trialProgram = `${root}trial.mjs`;
buildSync({
  entryPoints: [fileURLToPath(new URL('trial.ts', import.meta.url))],
  outfile: trialProgram,
  bundle: true,
  platform: 'node',
  format: 'esm',
});

/** Trains one seed, or goes on where it was stopped. */
async function runTrial(experiment: Experiment, seed: number): Promise<void> {
  const file = trialFile(experiment, seed);
  if (options.redo) rmSync(file, { force: true });
  if (isFinished(experiment, readTrial(experiment, seed))) return;
  const store = `${root}${experiment.name}`;
  mkdirSync(store, { recursive: true });
  mkdirSync(new URL('../results/learning/', import.meta.url), { recursive: true });
  const task: Task = { experiment, seed, file, store, library };
  const child = spawn(process.execPath, [trialProgram, JSON.stringify(task)], { stdio: 'inherit' });
  const code = await new Promise((done) => child.on('close', done));
  if (code !== 0) {
    console.error(`${experiment.name} seed ${seed} ended with code ${code}`);
    process.exitCode = 1;
    return;
  }
  const trials = finished(experiment);
  const { config } = trials[trials.length - 1];
  const short = trials.map(({ config: _, runDir: __, ...rest }) => rest);
  record(`learning/${experiment.name}`, {
    command: commandOf(experiment),
    ...experiment,
    config,
    summary: summarise(trials),
    trials: short,
  });
}

const seeds = options.seed?.split(',').map(Number);
const queue = chosen.flatMap((experiment) =>
  experiment.seeds.filter((seed) => seeds?.includes(seed) ?? true).map((seed) => ({ experiment, seed })),
);
const alone = queue.filter(({ experiment }) => experiment.alone);
const rest = queue.filter(({ experiment }) => !experiment.alone);
for (const { experiment, seed } of alone) await runTrial(experiment, seed);
/** `--jobs` at a time: takes trials off the queue until it is empty. */
const worker = async (): Promise<void> => {
  for (let next = rest.shift(); next; next = rest.shift()) await runTrial(next.experiment, next.seed);
};
await Promise.all(Array.from({ length: Number(options.jobs) }, worker));
console.log('npx tsx bench/learning/report.ts writes the pages from the results.');
