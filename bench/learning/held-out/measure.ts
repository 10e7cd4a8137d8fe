// Tries the finished runs of the experiments on held-out goals: success on trained and unseen goals, and maps.
// npx tsx bench/learning/held-out/measure.ts
import { existsSync, readFileSync } from 'node:fs';
import { createPolicyRunner, type PolicyRunner } from '../../../src/acting/policy-runner.js';
import { trainingGoals } from '../../../src/acting/training-goals.js';
import { fromTensors } from '../../../src/agents/policy-vectors.js';
import { makeEnv } from '../../../src/envs/index.js';
import { createAgent } from '../../../src/learners/create-agent.js';
import { createRandom, mixSeed, type Random } from '../../../src/random.js';
import { createDiskStore } from '../../../src/runs/disk-store.js';
import { nodeRuntime } from '../../../src/runtime/node.js';
import { openRun } from '../../../src/training/index.js';
import { record } from '../../record.js';
import type { Experiment } from '../experiment.js';
import { heldOut } from '../topics/held-out.js';
import type { Trial } from '../trial.js';
import { type HeldOutResults, type HeldOutSeed, heldOutFile, mapEpisodes, mapSize } from './results.js';

type Place = readonly [number, number];
/** How a goal is told to the policy. */
type Tell = (goal: Place) => ArrayLike<number>;

const count = 1000;
const edge = 0.1;
const tolerance = 0.05;

/** How far a goal is from trained ground; not in the region: below 0. */
const depthOf = {
  middle: ([x, y]: Place) => 0.5 - Math.max(Math.abs(x), Math.abs(y)),
  corner: ([x, y]: Place) => Math.min(x, y),
};

/** Uniform in the square where the condition holds. */
function drawPlaces(random: Random, fits: (place: Place) => boolean): Place[] {
  const places: Place[] = [];
  while (places.length < count) {
    const place: Place = [2 * random.uniform() - 1, 2 * random.uniform() - 1];
    if (fits(place)) places.push(place);
  }
  return places;
}

const envs = await Promise.all(Array.from({ length: count }, () => makeEnv('point/reach')));

/** A policy that decides for `count` episodes at once. */
async function openPolicy(runDir: string): Promise<PolicyRunner> {
  const { config, policy, metadata } = await openRun(createDiskStore(runDir), '', 'last');
  const agent = createAgent(config, JSON.parse(metadata.spec));
  const runner = await createPolicyRunner(nodeRuntime, agent, count, { deterministic: true });
  runner.setPolicy(fromTensors(agent, policy));
  return runner;
}

/** Which of the episodes, one to each of `count` goals, end at their goals. Starts follow from the seed. */
async function arrivals(runner: PolicyRunner, goals: readonly Place[], seed: number, tell: Tell, see: Tell) {
  const [o, g, a] = [runner.inputs.observation, runner.inputs.goal, runner.action].map((array) => array.length / count);
  const success = new Array<boolean>(count).fill(false);
  const places = envs.map((env, i) => {
    runner.inputs.goal.set(tell(goals[i]), i * g);
    return env.reset({ seed: mixSeed(seed, i), goal: goals[i] }).achieved;
  });
  for (let t = 0; t < envs[0].spec.maxEpisodeSteps; t++) {
    places.forEach((place, i) => {
      runner.inputs.observation.set(see([place[0], place[1]]), i * o);
    });
    await runner.run();
    envs.forEach((env, i) => {
      success[i] = env.step(runner.action.subarray(i * a, (i + 1) * a)).isSuccess;
    });
  }
  return success;
}

/** Episodes by cell of the map that end at its middle, as rows of digits. */
async function drawMap(runner: PolicyRunner, seed: number, tell: Tell, see: Tell): Promise<string[]> {
  const cells = Array.from({ length: mapSize ** 2 * mapEpisodes }, (_, i) => Math.floor(i / mapEpisodes));
  const middleOf = (cell: number): Place => [
    (2 * ((cell % mapSize) + 0.5)) / mapSize - 1,
    1 - (2 * (Math.floor(cell / mapSize) + 0.5)) / mapSize,
  ];
  const successes = new Array<number>(mapSize ** 2).fill(0);
  for (let first = 0; first < cells.length; first += count) {
    const block = cells.slice(first, first + count);
    const goals = Array.from({ length: count }, (_, i) => middleOf(block[i] ?? 0));
    const arrived = await arrivals(runner, goals, mixSeed(seed, 'map', first), tell, see);
    block.forEach((cell, i) => {
      if (arrived[i]) successes[cell]++;
    });
  }
  return Array.from({ length: mapSize }, (_, y) => successes.slice(y * mapSize, (y + 1) * mapSize).join(''));
}

/** What the module point-goals.js exports besides its environment. */
interface PointGoals {
  rulesOf(options: unknown): {
    readonly goals: Float32Array;
    readonly spec: { readonly goal: { readonly size: number } };
    tell(index: number, out: Float32Array, at: number): void;
  };
  nearestGoal(goals: Float32Array, x: number, y: number): { readonly index: number; readonly distance: number };
}
const envModule = (name: string) => new URL(`../envs/${name}.js`, import.meta.url).href;

/** The goals that a run was trained on, and how goals and positions are told to its policy. */
async function tellingOf(experiment: Experiment, runDir: string) {
  const plain: Tell = (place) => place;
  const { config } = await openRun(createDiskStore(runDir), '', 'last');
  if (experiment.env.endsWith('point-goals.js')) {
    const module = (await import(envModule('point-goals'))) as PointGoals;
    const { goals, tell, spec } = module.rulesOf(config.env.options);
    const goalCount = goals.length / 2;
    const toldIndex = (index: number) => {
      const out = new Float32Array(spec.goal.size);
      tell(index, out, 0);
      return out;
    };
    const nearest = ([x, y]: Place) => module.nearestGoal(goals, x, y);
    const position: Tell = ([x, y]) => [x, y, 1];
    const { input } = config.env.options as { input: string };
    const ways: Record<string, Tell> =
      input === 'position'
        ? { '': position }
        : { '': (place) => toldIndex(nearest(place).index), untrained: () => toldIndex(goalCount + 1) };
    const covered = (place: Place) => nearest(place).distance <= tolerance;
    return { trained: pairs(goals), ways, see: plain, covered: input === 'position' ? undefined : covered };
  }
  const waves = experiment.env.endsWith('point-waves.js');
  const told: Tell = waves ? ((await import(envModule('point-waves'))) as { tellWaves: Tell }).tellWaves : plain;
  // The waves draw the same goals from the same seed, their first two numbers being the position.
  const runEnv = await makeEnv(experiment.env, config.env.options);
  const { fixed } = trainingGoals(runEnv, config);
  return { trained: pairs(fixed!, runEnv.spec.goal.size), ways: { '': told }, see: told, covered: undefined };
}

const pairs = (goals: Float32Array, size = 2): Place[] =>
  Array.from({ length: goals.length / size }, (_, i) => [goals[i * size], goals[i * size + 1]]);

async function measureSeed(experiment: Experiment, seed: number, runDir: string): Promise<Record<string, HeldOutSeed>> {
  const { trained, ways, see, covered } = await tellingOf(experiment, runDir);
  const depth = experiment.name.endsWith('corner') ? depthOf.corner : depthOf.middle;
  // A stream of its own: an environment may draw its goals from the plain seed.
  const random = createRandom(mixSeed(seed, 'tried goals'));
  const lists = {
    unseen: drawPlaces(random, (place) => depth(place) < 0),
    near: drawPlaces(random, (place) => depth(place) >= 0 && depth(place) <= edge),
    deep: drawPlaces(random, (place) => depth(place) > edge),
  };
  const runner = await openPolicy(runDir);
  const results: Record<string, HeldOutSeed> = {};
  for (const [way, tell] of Object.entries(ways)) {
    // Each trained goal equally often; those of training are told as they were then, whatever the way.
    const some = Array.from({ length: count }, (_, i) => trained[i % trained.length]);
    const shareOf = async (goals: readonly Place[], told = tell) => {
      const arrived = await arrivals(runner, goals, seed, told, see);
      return arrived.filter((one) => one).length / count;
    };
    results[way] = {
      seed,
      trained: await shareOf(some, ways['']),
      unseen: await shareOf(lists.unseen),
      near: await shareOf(lists.near),
      deep: await shareOf(lists.deep),
      ...(way === '' && { map: await drawMap(runner, seed, tell, see) }),
    };
  }
  if (covered) {
    const coveredShare = (goals: readonly Place[]) => goals.filter(covered).length / goals.length;
    results.covered = {
      seed,
      trained: 1,
      unseen: coveredShare(lists.unseen),
      near: coveredShare(lists.near),
      deep: coveredShare(lists.deep),
    };
  }
  await runner.dispose();
  return results;
}

const resultsFile = new URL(`../../results/${heldOutFile}.json`, import.meta.url);
const before: HeldOutResults = existsSync(resultsFile) ? JSON.parse(readFileSync(resultsFile, 'utf8')).results : {};
const results: Record<string, HeldOutSeed[]> = Object.fromEntries(
  Object.entries(before).map(([name, seeds]) => [name, [...seeds]]),
);
const wanted = process.argv.slice(2);
for (const experiment of heldOut.experiments) {
  if (wanted.length > 0 && !wanted.includes(experiment.name)) continue;
  for (const seed of experiment.seeds) {
    const file = new URL(`../../../runs/learning/${experiment.name}/seed-${seed}.json`, import.meta.url);
    const trial: Trial | undefined = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (!trial?.ended || !trial.runDir) continue;
    if (wanted.length === 0 && results[experiment.name]?.some((known) => known.seed === seed)) continue;
    const measured = await measureSeed(experiment, seed, trial.runDir);
    for (const [way, result] of Object.entries(measured)) {
      const name = way === '' ? experiment.name : `${experiment.name}/${way}`;
      const others = (results[name] ?? []).filter((known) => known.seed !== seed);
      results[name] = [...others, result].sort((a, b) => a.seed - b.seed);
      const { trained, unseen, near, deep } = result;
      console.error(`${name} seed ${seed}: trained ${trained}, unseen ${unseen}, near ${near}, deep ${deep}`);
    }
    record(heldOutFile, { goals: count, edge, mapSize, mapEpisodes, results });
  }
}
