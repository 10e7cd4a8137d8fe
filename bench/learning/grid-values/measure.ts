// Compares what the finished runs of the experiments on the grid have learned with dynamic programming, number by number.
// npx tsx bench/learning/grid-values/measure.ts
import { existsSync, readFileSync } from 'node:fs';
import { type AgentSpec, findAgent, type Rollouts } from '../../../src/agents/index.js';
import { goalValues, grid, gridTables, parseEnvOptions, type TabularModel } from '../../../src/envs/index.js';
import { createAgent } from '../../../src/learners/create-agent.js';
import { createSee, type GoalNetworkSettings, inputNetwork, views } from '../../../src/nets/index.js';
import { createDiskStore } from '../../../src/runs/disk-store.js';
import { findCheckpoint, readCheckpoint, readConfig } from '../../../src/runs/run-reader.js';
import { nodeRuntime } from '../../../src/runtime/node.js';
import { program } from '../../../src/tensor/index.js';
import { record } from '../../record.js';
import { gridTopic } from '../topics/grid.js';
import type { Trial } from '../trial.js';
import { type GridSeed, gridFile, type ValueError } from './results.js';

/** [goals, states, actions] and [goals, states]. */
interface Learned {
  /** The greater, the rather chosen: Q, or probabilities. */
  readonly preference: Float64Array;
  readonly q?: Float64Array;
  readonly v: Float64Array;
  readonly probability?: Float64Array;
}

type Vectors = Readonly<Record<string, Float32Array>>;

/** Every pair of a goal and a state as rows of observations and goals. */
interface Pairs {
  readonly rows: number;
  readonly actions: number;
  readonly observation: Float32Array;
  readonly goal: Float32Array;
}

const best = (values: Float64Array, actions: number): Float64Array =>
  Float64Array.from({ length: values.length / actions }, (_, i) =>
    Math.max(...values.subarray(i * actions, (i + 1) * actions)),
  );

function ofTable({ states, goals, values }: Vectors, { rows, actions, observation, goal }: Pairs): Learned {
  const width = observation.length / rows;
  const [goalCount, found] = [goals.length / width, new Map<string, number>()];
  const rowOf = (all: Float32Array, name: string, numbers: Float32Array) => {
    const key = name + numbers.join();
    if (!found.has(key)) {
      let row = 0;
      while (row * width < all.length && numbers.some((value, j) => all[row * width + j] !== value)) row++;
      if (row * width >= all.length) throw new Error(`the table has no ${name} [${numbers}]`);
      found.set(key, row);
    }
    return found.get(key)!;
  };
  const q = new Float64Array(rows * actions);
  for (let i = 0; i < rows; i++) {
    const state = rowOf(states, 'state', observation.subarray(i * width, (i + 1) * width));
    const column = rowOf(goals, 'goal', goal.subarray(i * width, (i + 1) * width));
    for (let a = 0; a < actions; a++) q[i * actions + a] = values[(state * goalCount + column) * actions + a];
  }
  return { preference: q, q, v: best(q, actions) };
}

async function ofNetwork(
  vectors: Vectors,
  pairs: Pairs,
  spec: AgentSpec,
  options: unknown,
  normalize: boolean | 'task',
): Promise<Learned> {
  const { rows, actions, observation, goal } = pairs;
  const settings = findAgent('dqn').config.parse(options) as GoalNetworkSettings;
  const network = inputNetwork({ inputs: spec.inputs, outputs: actions }, settings);
  const see = createSee(spec.inputs, normalize);
  const executable = await nodeRuntime.compile(
    program('grid-values', (g) => ({
      q: network.apply(views(g.input('q', [vectors.q.length]), network.layout), see(g, rows)),
    })),
  );
  const given: Record<string, Float32Array> = { observation, goal, q: vectors.q, normalizer: vectors.normalizer };
  const out = await executable.run(Object.fromEntries(executable.inputs.map(({ name }) => [name, given[name]])));
  await executable.dispose();
  const q = Float64Array.from(out.q as Float32Array);
  return { preference: q, q, v: best(q, actions) };
}

async function ofPolicy(vectors: Vectors, pairs: Pairs, rollouts: Rollouts): Promise<Learned> {
  const { rows, actions, observation, goal } = pairs;
  const evaluateActions = await nodeRuntime.compile(rollouts.evaluateActions(rows));
  const probability = new Float64Array(rows * actions);
  let v = new Float64Array(0);
  for (let a = 0; a < actions; a++) {
    const action = new Float32Array(rows).fill(a);
    const given: Record<string, Float32Array> = {
      ...vectors,
      observation,
      'next.observation': observation,
      goal,
      action,
    };
    const out = await evaluateActions.run(
      Object.fromEntries(evaluateActions.inputs.map(({ name }) => [name, given[name]])),
    );
    (out.logProbability as Float32Array).forEach((log, i) => {
      probability[i * actions + a] = Math.exp(log);
    });
    v = Float64Array.from(out.value as Float32Array);
  }
  await evaluateActions.dispose();
  return { preference: probability, v, probability };
}

const errorOf = (learned: Float64Array, exact: Float64Array): ValueError => {
  const wrong = learned.map((value, i) => value - exact[i]);
  const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return { largest: Math.max(...wrong.map(Math.abs)), mean: mean(wrong.map(Math.abs)), bias: mean(wrong) };
};

/** Share of the pairs whose episode, by the best actions, ends at the goal. */
function successShare({ states, actions, next }: TabularModel, preference: Float64Array, steps: number): number {
  let successes = 0;
  for (let i = 0; i < states * states; i++) {
    const [goal, start] = [Math.floor(i / states), i % states];
    if (goal === start) continue;
    let now = start;
    for (let t = 0; t < steps; t++) {
      const row = (goal * states + now) * actions;
      const values = preference.subarray(row, row + actions);
      now = next[now * actions + values.indexOf(Math.max(...values))];
    }
    if (now === goal) successes++;
  }
  return successes / (states * (states - 1));
}

async function measure(runDir: string, seed: number): Promise<GridSeed> {
  const store = createDiskStore(runDir);
  const { config } = await readConfig(store, '');
  const { steps, state } = await readCheckpoint(store, '', await findCheckpoint(store, '', 'last'));
  const vectors = Object.fromEntries(
    Object.entries(state)
      .filter(([name]) => /^learner\.(vector\.|normalizer$)/.test(name))
      .map(([name, bytes]) => [name.replace(/^learner\.(vector\.)?/, ''), new Float32Array(bytes.slice().buffer)]),
  );
  const options = parseEnvOptions(grid, config.env.options);
  const envSpec = grid.rules(options).spec;
  const { model, observations, goals } = gridTables(options);
  const { states, actions } = model;
  const rows = states * states;
  const width = envSpec.observation.size;
  const pairs: Pairs = {
    rows,
    actions,
    observation: new Float32Array(rows * width),
    goal: new Float32Array(rows * width),
  };
  for (let i = 0; i < rows; i++) {
    const [to, from] = [Math.floor(i / states), i % states];
    pairs.observation.set(observations.subarray(from * width, (from + 1) * width), i * width);
    pairs.goal.set(goals.subarray(to * width, (to + 1) * width), i * width);
  }
  const { learner, spec } = createAgent(config, envSpec);
  const { discount } = config.agent.options as { discount: number };
  const learned =
    learner.kind === 'table'
      ? ofTable(vectors, pairs)
      : learner.kind === 'rollouts'
        ? await ofPolicy(vectors, pairs, learner)
        : await ofNetwork(vectors, pairs, spec, config.agent.options, config.training.normalize);
  const rewards = { discount, reward: options.reward as 'sparse', successEndsEpisode: options.successEndsEpisode };
  const exact = goalValues(model, rewards);
  const own = learned.probability && goalValues(model, { ...rewards, policy: learned.probability });
  return {
    seed,
    steps,
    ...(learned.q && { q: errorOf(learned.q, exact.q) }),
    v: errorOf(learned.v, exact.v),
    ...(own && { ownV: errorOf(learned.v, own.v) }),
    ...(model.outcomes === 1 && { success: successShare(model, learned.preference, envSpec.maxEpisodeSteps) }),
  };
}

const results: Record<string, GridSeed[]> = {};
for (const experiment of gridTopic.experiments) {
  results[experiment.name] = [];
  for (const seed of experiment.seeds) {
    const file = new URL(`../../../runs/learning/${experiment.name}/seed-${seed}.json`, import.meta.url);
    const trial: Trial | undefined = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    if (!trial?.ended || !trial.runDir) continue;
    const result = await measure(trial.runDir, seed);
    results[experiment.name].push(result);
    console.error(experiment.name, JSON.stringify(result));
  }
}
record(gridFile, { results });
