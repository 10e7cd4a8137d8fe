// What a model of the world is diagnosed on: a run with its replay and policy, or recorded episodes of which some are held out.

import * as platform from '#platform';
import { createActor } from '../acting/actor.js';
import { onlyGoals, trainingGoals } from '../acting/training-goals.js';
import type { Agent } from '../agents/agent.js';
import { fromTensors, type PolicyVectors } from '../agents/policy-vectors.js';
import { withoutPrefix } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { DataSet } from '../datasets/index.js';
import type { EnvRules } from '../envs/env.js';
import {
  createVectorEnv,
  type EnvDefinition,
  type EnvSpec,
  loadEnv,
  parseEnvOptions,
  RECORDED,
} from '../envs/index.js';
import { UsageError } from '../errors.js';
import { createAgent } from '../learners/create-agent.js';
import { mixSeed } from '../random.js';
import { createReplay, type Replay, replayOfRows } from '../replay/index.js';
import { joinPath, parseSegments, REPLAY } from '../runs/run-layout.js';
import { findCheckpoint, readCheckpoint, readConfig } from '../runs/run-reader.js';
import type { Checkpoint, Store } from '../runs/store.js';
import type { Runtime } from '../runtime/runtime.js';
import { configure } from './configure.js';
import { closeData, dataInMemory, dataNames, loadData, loadRecorded, openData } from './data.js';
import { reachableEnv } from './run-env.js';

/** Environments that the policy acts in side by side, so that tests begin in many places. */
const ENVS = 4;
/** Times the test's steps that a policy without a replay makes to be fitted to. */
const FRESH = 5;
/** Of recorded episodes every so manieth is held out. */
const EVERY = 5;
/** Transitions below which nothing is told. */
export const LEAST_STEPS = 100;

export interface SubjectOptions {
  /** The run's folder: a path, or a folder inside `store` when that is given. Either this or `data`. */
  readonly run?: string;
  readonly store?: Store;
  /** Recorded episodes: paths or opened data sets, with the environment that they are of, and its settings. */
  readonly data?: string | DataSet | readonly (string | DataSet)[];
  readonly env?: string | EnvDefinition;
  /** Settings of the run that counts for recorded data (`env.options`, `model`). */
  readonly config?: Readonly<Record<string, unknown>>;
}

export interface OpenedPolicy {
  readonly agent: Agent;
  readonly vectors: PolicyVectors;
  /** Of the learner's state. */
  readonly parts: Readonly<Record<string, Uint8Array>>;
}

export interface Subject {
  readonly source: 'run' | 'data';
  readonly name: string;
  readonly facts?: { readonly agent: string; readonly steps: number };
  readonly config: TrainConfig;
  readonly definition: EnvDefinition;
  readonly rules: EnvRules;
  /** What the model is fitted to; a run's own replay comes first. */
  readonly replays: readonly Replay[];
  readonly policy?: OpenedPolicy;
  /** Recorded episodes that are held out. */
  readonly heldOut?: Replay;
}

/** @throws UsageError where neither a run nor data with their environment are named */
export const openSubject = (options: SubjectOptions): Promise<Subject> =>
  options.run !== undefined ? openRun(options) : openRecorded(options);

/** @throws UsageError where nobody can act and goals are reached nowhere but where they were */
function refuseRecorded(env: string | undefined, name: string): void {
  if (env !== RECORDED) return;
  throw new UsageError(
    `the environment of ${name} is not here, and without its rules and steps nobody can tell what a model of it is worth; diagnose the data with an environment of your own (model diagnose DATA --env ./my-env.js).`,
  );
}

async function rulesOf(definition: EnvDefinition, config: TrainConfig): Promise<EnvRules> {
  const rules = definition.rules(parseEnvOptions(definition, config.env.options));
  await rules.ready?.();
  return rules;
}

async function openRun({ run = '', store: given, env }: SubjectOptions): Promise<Subject> {
  const store = given ?? platform.openStore(run);
  const dir = given ? run : '';
  const { config, facts } = await readConfig(store, dir);
  refuseRecorded(config.env.name, joinPath(store.location, dir));
  const definition = typeof env === 'object' ? env : await loadEnv(await reachableEnv(config.env.name, facts));
  const rules = await rulesOf(definition, config);
  const name = joinPath(store.location, dir);
  const checkpoint = await readCheckpoint(store, dir, await findCheckpoint(store, dir, 'last'));
  const opened = {
    source: 'run' as const,
    name,
    facts: { agent: config.agent.name, steps: checkpoint.steps },
    config,
    definition,
    rules,
  };
  if (pictureOf(rules.spec) !== undefined) return { ...opened, replays: [] };
  const agent = createAgent(config, rules.spec, definition);
  const parts = withoutPrefix('learner', checkpoint.state);
  const replays = [await readReplay(store, dir, checkpoint, config, rules.spec, parts)];
  if (config.data.files.length > 0)
    replays.push(await recorded((learner) => loadRecorded(learner, config, facts, definition, rules.spec), rules.spec));
  return {
    ...opened,
    replays: replays.filter(({ ring, stagedTransitions }) => ring.transitions + stagedTransitions > 0),
    policy: { agent, vectors: fromTensors(agent, checkpoint.policy), parts },
  };
}

async function readReplay(
  store: Store,
  dir: string,
  { offsets }: Checkpoint,
  config: TrainConfig,
  spec: EnvSpec,
  { staging }: Readonly<Record<string, Uint8Array>>,
): Promise<Replay> {
  const replay = createReplay(spec, Math.max(config.replay.capacity, spec.maxEpisodeSteps));
  if (!staging) return replay;
  // Before the first episode is over there is no file.
  if (offsets[REPLAY]) {
    const bytes = await store.read(joinPath(dir, REPLAY));
    for (const segment of parseSegments(bytes, offsets[REPLAY], joinPath(store.location, dir, REPLAY)))
      replay.importEpisodes(segment);
  }
  replay.restoreStaging(staging);
  return replay;
}

type Load = Parameters<typeof loadData>[0];

/** All episodes of recorded data in a replay, or those that `take` takes. */
async function recorded(
  read: (learner: Load) => Promise<void>,
  spec: EnvSpec,
  take = (_episode: number) => true,
): Promise<Replay> {
  let replay: Replay | undefined;
  let episode = 0;
  await read({
    async load(given, rows) {
      replay ??= replayOfRows(spec, rows);
      replay.insert({ ...given, pieces: given.pieces.filter(() => take(episode++)) });
    },
  });
  return replay ?? replayOfRows(spec, 2);
}

async function openRecorded({ data, env, config: given = {} }: SubjectOptions): Promise<Subject> {
  if (data === undefined || env === undefined) {
    throw new UsageError('diagnoseModel takes a run, or data with the env that they are of; name one of them.');
  }
  refuseRecorded(typeof env === 'string' ? env : env.name, dataNames(data).join(', '));
  const config = await configure({
    env,
    data,
    config: { ...given, model: { kind: 'ensemble', ...(given.model as object) } },
  });
  const definition = typeof env === 'string' ? await loadEnv(env) : env;
  const rules = await rulesOf(definition, config);
  const { spec } = rules;
  const name = config.data.files.join(', ');
  const opened = { source: 'data' as const, name, config, definition, rules };
  if (pictureOf(spec) !== undefined) return { ...opened, replays: [] };
  const { sets } = await openData(config, dataInMemory(data));
  try {
    const read = (learner: Load) => loadData(learner, sets, spec, config, definition.dataColumns);
    const last = (episode: number) => episode % EVERY === EVERY - 1;
    const replays = [await recorded(read, spec, (episode) => !last(episode))];
    return { ...opened, replays, heldOut: await recorded(read, spec, last) };
  } finally {
    await closeData(sets);
  }
}

export interface Acting {
  readonly policy?: OpenedPolicy;
  readonly definition: EnvDefinition;
  readonly config: TrainConfig;
  readonly runtime: Runtime;
  readonly seed: number;
  readonly spec: EnvSpec;
}

/** What the model is tested on, what it is fitted to besides, and seconds that a step with the policy took. */
export async function testData(
  { heldOut, replays, facts, name }: Subject,
  acting: Acting,
  steps: number,
): Promise<[Replay, Replay[], number]> {
  if (heldOut) {
    if (heldOut.ring.transitions >= LEAST_STEPS) return [heldOut, [], 0];
    throw new UsageError(
      `${name}: every ${EVERY}th episode is held out, ${heldOut.ring.transitions} transitions in all, and ${LEAST_STEPS} are needed; record more episodes.`,
    );
  }
  const began = performance.now();
  const test = await actFor(acting, steps, facts?.steps ?? 0, 'test');
  const seconds = (performance.now() - began) / 1000 / steps;
  const more = replays.length > 0 ? [] : [await actFor(acting, FRESH * steps, facts?.steps ?? 0, 'fit')];
  return [test, more, seconds];
}

/** Lets the policy act as it does while it learns, in new episodes. */
async function actFor(
  { policy, definition, config, runtime, seed, spec }: Acting,
  steps: number,
  from: number,
  what: string,
): Promise<Replay> {
  const replay = createReplay(spec, Math.max(steps + ENVS, spec.maxEpisodeSteps) + ENVS * spec.maxEpisodeSteps);
  if (!policy) return replay;
  const options = parseEnvOptions(definition, config.env.options);
  const envs = [];
  for (let i = 0; i < ENVS; i++) {
    const env = await definition.create(options);
    envs.push(onlyGoals(env, trainingGoals(env, config), 'trained'));
  }
  const group = createVectorEnv(envs);
  const { agent, vectors } = policy;
  const actor = await createActor({
    env: group,
    agent,
    spec: agent.spec,
    runtime,
    seed: mixSeed(seed, 'model diagnosis', what === 'fit' ? 1 : 0),
    randomSteps: 0,
  });
  try {
    actor.setPolicy(vectors);
    replay.insert(await actor.collect(Math.ceil(steps / ENVS), from, () => undefined));
    return replay;
  } finally {
    await actor.dispose();
    group.dispose();
  }
}

/** The part of the state that is a picture; undefined where there is none. */
export const pictureOf = ({ observation, parts = {} }: EnvSpec): string | undefined =>
  Object.entries({ observation, ...parts }).find(([, { dtype, per }]) => dtype === 'uint8' && per !== 'episode')?.[0];
