// A model of the world to use: that of a run, or one fitted to recorded episodes. It imagines what actions lead to.
import * as platform from '#platform';
import { float32Of, float64Of } from '../bytes.js';
import type { EnvSpec } from '../envs/env.js';
import { reviveSpec } from '../envs/spec.js';
import { RunError, UsageError } from '../errors.js';
import { createDynamicsModel, type DynamicsModel, type FitReport } from '../models/dynamics-model.js';
import { createEnsemble } from '../models/ensemble.js';
import { modelSpec, placeOf } from '../models/model-spec.js';
import { createBatchStep } from '../models/model-step.js';
import { transitionsOf } from '../models/transitions.js';
import { createRandom, mixSeed } from '../random.js';
import { type OpenedRun, openRun, readStateParts } from '../runs/run-reader.js';
import { createQueue } from '../runtime/in-turn.js';
import type { Runtime } from '../runtime/runtime.js';
import { checkOptions } from './check-options.js';
import { openSubject, pictureOf, type SubjectOptions } from './model-subject.js';
import { calls } from './options.js';
import type { PolicySource } from './policy.js';

/** From where and along which actions a rollout is imagined. */
export interface Rollout {
  /** The start: every column of the state by its name, `observation` [o] and, where there are goals, `achieved` too. */
  readonly from: Readonly<Record<string, ArrayLike<number>>>;
  /** [H, a], as the environment takes them. */
  readonly actions: ArrayLike<number>;
  /** The number of its task, where there are several. */
  readonly task?: number;
  /** Each elite draws what it predicts by this seed; absent: every elite's mean. */
  readonly seed?: number;
}

/** What E elites imagine, each by itself, also beyond an end. */
export interface Imagined {
  /** Columns of the state by name, [E, H + 1, size], the start included. */
  readonly states: Readonly<Record<string, Float32Array>>;
  /** [E, H]; absent where the environment's rules compute it from goals. */
  readonly reward?: Float32Array;
}

export interface WorldModel {
  readonly spec: EnvSpec;
  /** E: how many members predict. */
  readonly elites: number;
  /** How it was fitted; absent for a run's. */
  readonly fit?: FitReport;
  /** @throws UsageError for a start or actions of another size */
  imagine(rollout: Rollout): Promise<Imagined>;
  dispose(): Promise<void>;
}

export interface FitModelOptions extends Pick<SubjectOptions, 'env' | 'config'> {
  /** Recorded episodes: paths or opened data sets. */
  readonly data: NonNullable<SubjectOptions['data']>;
  readonly seed?: number;
  readonly runtime?: Runtime;
}

/** Fits an ensemble to all recorded episodes, with the settings of `config.model` and the environment's own ones. */
export async function fitModel(options: FitModelOptions): Promise<WorldModel> {
  checkOptions(calls.fitModel, options);
  const { seed = 0, runtime = await platform.defaultRuntime() } = options;
  const { rules, config, replays, heldOut } = await openSubject(options);
  try {
    refusePictures(rules.spec);
    const settings = { ...config.model, kind: 'ensemble' as const };
    const model = await createDynamicsModel({ env: rules.spec, config: settings, runtime, seed });
    try {
      const fit = await model.fit(transitionsOf(heldOut ? [...replays, heldOut] : replays));
      return { ...(await worldOf(model, runtime)), fit };
    } finally {
      await model.dispose();
    }
  } finally {
    rules.dispose?.();
  }
}

function refusePictures(spec: EnvSpec): void {
  const picture = pictureOf(spec);
  if (picture === undefined) return;
  throw new UsageError(`${spec.name} shows "${picture}" in bytes (pictures), which models do not predict.`);
}

type Fitted = Pick<DynamicsModel, 'spec' | 'ensemble' | 'elites' | 'eliteCount' | 'scales'>;

const PARTS = ['elites', 'scales', 'facts'].map((name) => `learner.model.${name}`);

/**
 * The fitted model of a run. Models are kept with the last checkpoint only: that is the default.
 * @throws UsageError for runs without a model, RunError where it was not fitted yet or the checkpoint does not keep it
 */
export async function openModel(source: PolicySource): Promise<Fitted & { readonly run: OpenedRun }> {
  const { run: place, store: given, checkpoint = 'last' } = source;
  const [store, dir] = given ? [given, place] : [platform.openStore(place), ''];
  const run = await openRun(store, dir, checkpoint);
  const { model } = run.config;
  if (model.kind === 'none') {
    throw new UsageError(`${run.path} has no model of the world; take one of a run with model.kind=ensemble.`);
  }
  const state = await readStateParts(store, dir, run.steps, PARTS);
  const [elites, scales] = PARTS.map((part) => float32Of(state[part]));
  if (float64Of(state[PARTS[2]])[1] !== 1) {
    throw new RunError(`the model of ${run.path} was not fitted before step ${run.steps}; train on.`);
  }
  const spec = modelSpec(reviveSpec(run.metadata.spec));
  return { run, spec, ensemble: createEnsemble(spec, model), elites, eliteCount: model.elites, scales };
}

/** Loads a run's model: `const model = await loadModel('runs/...')`, then `await model.imagine({ from, actions })`. */
export async function loadModel(
  source: string | PolicySource,
  options: { runtime?: Runtime } = {},
): Promise<WorldModel> {
  const from: PolicySource = typeof source === 'string' ? { run: source } : source;
  checkOptions(calls.loadModel, from);
  return worldOf(await openModel(from), options.runtime ?? (await platform.defaultRuntime()));
}

async function worldOf(model: Fitted, runtime: Runtime): Promise<WorldModel> {
  const { spec, eliteCount: count } = model;
  const { state: s, action: a, result: r } = spec.sizes;
  const { env, states, results } = spec;
  const step = await createBatchStep(model, runtime, count); // a row for each elite
  const inTurn = createQueue(); // calls share buffers
  const reward = results.find(({ name }) => name === 'reward');

  async function imagine({ from, actions, task = 0, seed }: Rollout): Promise<Imagined> {
    const horizon = Math.floor(actions.length / a);
    if (horizon * a !== actions.length) {
      throw new UsageError(`actions has ${actions.length} numbers; ${env.name} takes ${a} for each step.`);
    }
    const random = seed === undefined ? undefined : createRandom(mixSeed(seed, 'world model'));
    const imagined = states.map(({ name, size }) => {
      const given = from[name];
      if (given?.length !== size) {
        throw new UsageError(`from.${name} has ${given?.length ?? 'no'} numbers; ${env.name} has ${size}.`);
      }
      const column = new Float32Array(count * (horizon + 1) * size);
      const place = placeOf(spec, name);
      for (let e = 0; e < count; e++) {
        for (let j = 0; j < size; j++) step.state[e * s + place + j] = given[j];
        column.set(Float32Array.from(given), e * (horizon + 1) * size);
      }
      return { name, size, place, column };
    });
    const rewards = new Float32Array(count * horizon);
    step.task.fill(task);
    step.noise.fill(0);
    for (let t = 0; t < horizon; t++) {
      for (let e = 0; e < count; e++) for (let j = 0; j < a; j++) step.action[e * a + j] = actions[t * a + j];
      random?.fillNormal(step.noise);
      await step.run();
      step.state.set(step.next);
      for (const { size, place, column } of imagined) {
        for (let e = 0; e < count; e++) {
          const at = (e * (horizon + 1) + t + 1) * size;
          for (let j = 0; j < size; j++) column[at + j] = step.next[e * s + place + j];
        }
      }
      // The reward is what is predicted last.
      if (reward) for (let e = 0; e < count; e++) rewards[e * horizon + t] = step.results[e * r + r - 1];
    }
    return {
      states: Object.fromEntries(imagined.map(({ name, column }) => [name, column])),
      ...(reward && { reward: rewards }),
    };
  }

  return {
    spec: env,
    elites: count,
    imagine: (rollout) => inTurn(() => imagine(rollout)),
    dispose: () => step.dispose(),
  };
}
