// What a new task costs on point/navigate: zero-shot, added to a policy that knows others, or trained from the beginning.
// Run: npx tsx bench/new-task.ts [--seeds 1,2,3] [--only one-hot,goal] [--steps 8000]; finished parts are kept in runs/new-task.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { createDiskStore } from '../src/runs/disk-store.js';
import { type Evaluation, evaluateRun, train } from '../src/training/index.js';
import { record } from './record.js';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1,2,3' },
    only: { type: 'string' },
    steps: { type: 'string', default: '8000' },
  },
});
const STEPS = Number(values.steps);
const PLACES = 16;
/** Between places that are trained on, none at the rim. */
const heldOut = ['place-2', 'place-5', 'place-7', 'place-10'];
const FRESH = 320;
const WANTED = 0.9;
const folder = 'runs/new-task';

const transformer = { kind: 'transformer', size: 32, heads: 2, blocks: 1 };
const identifiers: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  'one-hot': { tasks: { identifiers: ['task'] } },
  embedding: { tasks: { identifiers: ['task'] }, agent: { options: { encoders: { task: { kind: 'embedding' } } } } },
  goal: { tasks: { identifiers: ['goal'] } },
  demonstration: { tasks: { identifiers: ['demonstration'] }, env: { options: { demonstration: 4 } } },
  'demonstration, Transformer': {
    tasks: { identifiers: ['demonstration'] },
    env: { options: { demonstration: 4 } },
    agent: { options: { encoders: { demonstration: transformer } } },
  },
};

type Section = Record<string, Record<string, unknown>>;
/** The settings of an identifier, with the weights of the tasks. */
function configOf(identifier: string, weights: Readonly<Record<string, number>>) {
  const { tasks, env, agent } = identifiers[identifier] as Section;
  return {
    ...(agent && { agent }),
    env: { options: { places: PLACES, reward: 'dense', ...(env?.options as object) } },
    tasks: { ...tasks, weights },
    relabel: 'none',
    evaluation: { every: 500, episodes: 8 * PLACES },
    runtime: { threads: 1, overlap: false, worker: false },
  };
}

const meanOf = (numbers: readonly number[]) => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
/** Mean success of the tasks that were or shall be held out. */
const onNew = ({ tasks = [] }: Pick<Evaluation, 'tasks'>): number =>
  meanOf(tasks.filter(({ task }) => heldOut.includes(task)).map(({ successRate }) => successRate));

interface Part {
  readonly runDir: string;
  /** Success of the policy at the end on fresh starts: of the tasks trained on from the beginning, and of the new ones. */
  readonly known: number;
  readonly new: number;
  /** Steps until the new tasks succeed; null: not within the steps. */
  readonly stepsToNew: number | null;
  readonly cpuSeconds: number;
}

async function run(
  identifier: string,
  seed: number,
  weights: Readonly<Record<string, number>>,
  init?: string,
): Promise<Part> {
  let stepsToNew: number | null = null;
  const begin = process.cpuUsage();
  const { runDir } = await train({
    env: 'point/navigate',
    agent: 'sac',
    steps: STEPS,
    seed,
    init,
    store: createDiskStore(folder),
    config: configOf(identifier, weights),
    onEvaluation(evaluation) {
      if (onNew(evaluation) >= WANTED) stepsToNew ??= evaluation.steps;
    },
  });
  const { user, system } = process.cpuUsage(begin);
  const { tasks = [] } = await evaluateRun({ run: runDir, checkpoint: 'last', episodes: FRESH });
  const known = meanOf(tasks.filter(({ task }) => !heldOut.includes(task)).map(({ successRate }) => successRate));
  return { runDir, known, new: onNew({ tasks }), stepsToNew, cpuSeconds: Math.round((user + system) / 1e6) };
}

/** A part that is done already is read. */
async function kept(name: string, work: () => Promise<Part>): Promise<Part> {
  const file = `${folder}/${name.replaceAll(/[^a-z0-9]+/gi, '-')}.json`;
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const part = await work();
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, JSON.stringify(part));
  console.error(name, part);
  return part;
}

const held = Object.fromEntries(heldOut.map((task) => [task, 0]));
const wanted = values.only?.split(',') ?? Object.keys(identifiers);
const seeds = values.seeds.split(',').map(Number);
type Results = Record<'zeroShot' | 'add' | 'retrain', Part[]>;
const results: Readonly<Record<string, Results>> = Object.fromEntries(
  wanted.map((name) => [name, { zeroShot: [], add: [], retrain: [] }]),
);
/** Everyone's first part before anyone's second. */
for (const seed of seeds) {
  const each = async (part: keyof Results, what: string, work: (name: string) => Promise<Part>) => {
    for (const name of wanted)
      results[name][part].push(await kept(`${name} ${STEPS} ${seed} ${what}`, () => work(name)));
  };
  await each('zeroShot', 'held out', (name) => run(name, seed, held));
  await each('add', 'added', (name) => run(name, seed, {}, results[name].zeroShot.at(-1)?.runDir));
  await each('retrain', 'retrained', (name) => run(name, seed, {}));
}

const percent = (parts: readonly number[]) => `${Math.round(100 * meanOf(parts))}%`;
const spread = (parts: readonly number[]) =>
  parts.length < 2
    ? percent(parts)
    : `${percent(parts)} (${percent([Math.min(...parts)])} to ${percent([Math.max(...parts)])})`;
const steps = (parts: readonly Part[]) => {
  const there = parts.flatMap(({ stepsToNew }) => stepsToNew ?? []);
  const text = there.length > 0 ? Math.round(meanOf(there)).toLocaleString('en') : 'not reached';
  return there.length > 0 && there.length < parts.length ? `${text}, ${there.length} of ${parts.length} seeds` : text;
};
console.log('| identifier | trained tasks | new tasks, zero-shot | steps to 90% of the new ones: added | retrained |');
console.log('| --- | --- | --- | --- | --- |');
for (const [name, { zeroShot, add, retrain }] of Object.entries(results)) {
  const cells = [
    spread(zeroShot.map(({ known }) => known)),
    spread(zeroShot.map((part) => part.new)),
    steps(add),
    steps(retrain),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
record('new-task', { env: 'point/navigate', places: PLACES, steps: STEPS, heldOut, seeds, results });
