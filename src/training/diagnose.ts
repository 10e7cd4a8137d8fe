// What the tasks of a trained run do to each other's gradients: its last checkpoint, batches of its replay, nothing learned.
import * as platform from '#platform';
import { heldOutTasks } from '../acting/task-weights.js';
import type { Agent, StateVector, UpdateStep } from '../agents/agent.js';
import { bytesOf, float32Of, withoutPrefix } from '../bytes.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { RunError, UsageError } from '../errors.js';
import { type BlockOptions, blockGradients, isShared, stepsOfBlock } from '../learners/block-gradients.js';
import { createAgent } from '../learners/create-agent.js';
import { createExperience, type Experience, learnsFromDataOnly } from '../learners/experience.js';
import { batchOf } from '../learners/updater-inputs.js';
import { interference, type PartInterference, type VectorPart } from '../multitask/index.js';
import { createRandom, mixSeed } from '../random.js';
import type { EpisodePieces } from '../replay/index.js';
import { joinPath, parseSegments, REPLAY } from '../runs/run-layout.js';
import { findCheckpoint, readCheckpoint, readConfig } from '../runs/run-reader.js';
import type { Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { loadRecorded } from './data.js';
import { reachableEnv } from './run-env.js';

export interface DiagnoseOptions {
  /** The run's folder: a path, or a folder inside `store` when that is given. */
  readonly run: string;
  readonly store?: Store;
  /** Batches that gradients are taken of; at least 2, for their noise. Default: 16. */
  readonly batches?: number;
  /** Rows of each task in a batch. Default: 128. */
  readonly rows?: number;
  readonly seed?: number;
  readonly runtime?: Runtime;
}

export interface RunDiagnosis {
  readonly run: string;
  readonly env: string;
  readonly agent: string;
  /** Those that it practised, in the order of its environment. */
  readonly tasks: readonly string[];
  /** Environment steps of the checkpoint. */
  readonly steps: number;
  readonly batches: number;
  readonly rows: number;
  /** By vector, such as `actor`: the whole of it first, then its layers. */
  readonly vectors: Readonly<Record<string, readonly PartInterference[]>>;
}

/**
 * Opens the last checkpoint of a run with its replay, and takes gradients of every task's rows, as its agent's steps
 * have them, without weights or surgery. Numbers depend on run and seed only.
 * @throws UsageError for runs with a single task, or of agents that do not learn from batches of a replay
 */
export async function diagnoseRun(options: DiagnoseOptions): Promise<RunDiagnosis> {
  const { batches = 16, rows = 128, seed = 0 } = options;
  if (batches < 2) throw new UsageError(`batches is ${batches}; give at least 2, for the noise of gradients.`);
  const store = options.store ?? platform.openStore(options.run);
  const dir = options.store ? options.run : '';
  const runtime = options.runtime ?? (await platform.defaultRuntime());
  const { config, facts } = await readConfig(store, dir);
  const definition = await loadEnv(await reachableEnv(config.env.name, facts));
  const rules = definition.rules(parseEnvOptions(definition, config.env.options));
  try {
    const { name, tasks: known } = rules.spec;
    if (!known) throw new UsageError(`${name} has a single task: there is nothing that could interfere.`);
    const without = heldOutTasks(config);
    const tasks = known.filter((task) => !without.includes(task));
    if (tasks.length === 1) {
      throw new UsageError(
        `the run practised ${tasks[0]} alone, the other tasks of ${name} have weight 0: there is nothing that could interfere; name a run of several tasks first.`,
      );
    }
    const agent = createAgent(config, rules.spec);
    if (agent.learner.kind !== 'updates') {
      throw new UsageError(
        `${config.agent.name} keeps no replay, which gradients of tasks are taken from; use another run.`,
      );
    }
    const checkpoint = await readCheckpoint(store, dir, await findCheckpoint(store, dir, 'last'));
    const parts = withoutPrefix('learner', checkpoint.state);
    const count = tasks.length;
    const asked = batchOf(agent, known.length * rows);
    const request = { ...asked.request, balance: 'task', blocks: count };
    const { names } = asked;
    const training = { ...config.training, batchSize: count * rows };
    const experience = createExperience({ ...config, training }, rules, names, request);
    const { offsets } = checkpoint;
    const replay = offsets[REPLAY] ? await store.read(joinPath(dir, REPLAY)) : new Uint8Array(0);
    const segments = parseSegments(replay, offsets[REPLAY] ?? 0, joinPath(store.location, dir, REPLAY));
    if (learnsFromDataOnly(config)) {
      const load = async (episodes: EpisodePieces, rows: number) => void experience.load(episodes, rows);
      await loadRecorded({ load }, config, facts, definition, rules.spec);
    }
    // Batches of this seed, not those that the run would have drawn next.
    const drawn = { ...parts, sampling: bytesOf(createRandom(mixSeed(seed, 'diagnose')).save()) };
    experience.restore({ ...drawn, sampling: withSamplers(parts.sampling, drawn.sampling) }, segments);
    experience.focus(undefined); // of a run of tasks in sequence too, gradients of all tasks are asked for
    if (!experience.ready())
      throw new RunError(
        `${joinPath(store.location, dir)} has too few episodes to take gradients from: every task needs one.`,
      );

    const random = createRandom(mixSeed(seed, 'diagnose noise'));
    const values = inputsOf(agent, parts);
    const inputs = (name: string) => values[name];
    const vectors: Record<string, PartInterference[]> = {};
    for (const step of Object.values(stepsOfBlock(agent, known.length, rows))) {
      const taken = await gradientsOf(step, { runtime, inputs, random, batches, blocks: count, experience });
      for (const [vector, gradients] of Object.entries(taken)) {
        if (isShared(agent.state[vector], known.length)) {
          vectors[vector] = interference(gradients, partsOf(agent.state[vector]));
        }
      }
    }
    return {
      run: joinPath(store.location, dir),
      env: config.env.name,
      agent: config.agent.name,
      tasks,
      steps: checkpoint.steps,
      batches,
      rows,
      vectors,
    };
  } finally {
    rules.dispose?.();
  }
}

/** The saved generators with the first one, which draws rows, begun anew. */
function withSamplers(saved: Uint8Array, first: Uint8Array): Uint8Array {
  const all = saved.slice();
  all.set(first);
  return all;
}

/** State vectors, the normaliser, and largest returns, as the checkpoint has them. */
function inputsOf(agent: Agent, parts: Readonly<Record<string, Uint8Array>>): Record<string, Float32Array> {
  const vectors = Object.keys(agent.state).map((name) => {
    const values = parts[`vector.${name}`] && float32Of(parts[`vector.${name}`]);
    if (values?.length !== agent.state[name].size) {
      throw new RunError(`the checkpoint's "${name}" does not fit the agent of now: agent or environment has changed.`);
    }
    return [name, values] as const;
  });
  const returns = parts.returns && new Float64Array(parts.returns.slice().buffer).subarray(1);
  return {
    ...Object.fromEntries(vectors),
    ...(parts.normalizer && { normalizer: float32Of(parts.normalizer) }),
    ...(returns && { largestReturn: Float32Array.from(returns) }),
  };
}

interface Gradients extends BlockOptions {
  readonly batches: number;
  readonly experience: Experience;
}

/** By vector: gradients [batch][task]. */
async function gradientsOf(step: UpdateStep, of: Gradients): Promise<Record<string, Float32Array[][]>> {
  const { batches, blocks, experience } = of;
  const gradients = await blockGradients(step, of);
  const all: Record<string, Float32Array[][]> = Object.fromEntries(
    step.optimizerSteps.map(({ vector }) => [vector, []]),
  );
  for (let b = 0; b < batches; b++) {
    experience.sample();
    for (const batch of Object.values(all)) batch.push([]);
    for (let task = 0; task < blocks; task++) {
      const own = await gradients.of(experience.batch.columns, task);
      for (const [vector, gradient] of Object.entries(own)) all[vector][b].push(gradient);
    }
  }
  await gradients.dispose();
  return all;
}

/** The whole vector, and its layers: a weight with its bias and what belongs to it. */
function partsOf({ size, layout }: StateVector): VectorPart[] {
  const layers: { name: string; from: number; to: number }[] = [];
  layout.forEach(({ name, offset }, i) => {
    const layer = name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : name;
    const to = layout[i + 1]?.offset ?? size;
    const last = layers.at(-1);
    if (last?.name === layer) last.to = to;
    else layers.push({ name: layer, from: offset, to });
  });
  return [{ name: 'all', from: 0, to: size }, ...(layers.length > 1 ? layers : [])];
}
