// Training from the library: `train({ env: 'arm/reach' })` begins a run, `resume` continues one bit for bit.
import * as platform from '#platform';
import { startEnvs, startLearner } from '#threads';
import type { Channel } from '../actors/broker.js';
import { type PolicyVectors, toTensors } from '../agents/policy-vectors.js';
import { float32Of, withoutPrefix } from '../bytes.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/env.js';
import { loadEnv } from '../envs/registry.js';
import { hasSuccess } from '../envs/spec.js';
import { RunError, UsageError } from '../errors.js';
import { runName } from '../runs/run-layout.js';
import { createRun, type ResumedRun, resumeRun, saveConfig } from '../runs/run-writer.js';
import type { RunWriter } from '../runs/store.js';
import { changeWarnings, recordedSpec } from './changed-env.js';
import { checkOptions } from './check-options.js';
import { configure, requireData, specOf } from './configure.js';
import { type DataFact, dataInMemory } from './data.js';
import { openInit } from './init-run.js';
import { runLoop } from './loop.js';
import { decodeLoopState, initialLoopState, type LoopState, progressOf } from './loop-state.js';
import { calls } from './options.js';
import type { RecordingProgress } from './pace.js';
import { fitToPlace, type Place, placeWarnings } from './place.js';
import { actorsNeeded, channelOf, newChannel } from './remote.js';
import { moduleFact, reachableEnv } from './run-env.js';
import { createSession, type Session } from './session.js';
import { reportSequence } from './task-sequence.js';
import type { ResumeOptions, TrainOptions, TrainResult } from './types.js';
import { wishNames } from './until.js';
import { paceWarnings } from './update-pace.js';

const place = (): Place => ({ ownThreads: platform.ownThreads, threads: platform.mostThreads() });

/**
 * Trains a policy; resolves when the steps are done, the wanted success is reached twice, or the signal aborts.
 * @throws StoppedError where it aborts while demonstrations are recorded, before the run has begun
 */
export async function train(options: TrainOptions): Promise<TrainResult> {
  checkOptions(calls.train, options);
  const definition = typeof options.env === 'string' ? undefined : options.env;
  const notes: string[] = [];
  const config = await configure(options, (note) => notes.push(note));
  requireData(config);
  const store = options.store ?? platform.runStore();
  const runtime = options.runtime ?? (await platform.defaultRuntime());
  const state = initialLoopState();
  let writer: RunWriter | undefined;
  const init = config.init
    ? await openInit(config.init, config, specOf(definition ?? (await loadEnv(config.env.name)), config.env.options))
    : undefined;
  const channel = await newChannel(options.broker, config);
  try {
    const session = await createSession({
      config: fitToPlace(config, place()),
      definition,
      data: dataInMemory(options.data),
      runtime,
      startLearner,
      startEnvs,
      channel,
      signal: options.signal,
      onDemonstration: toldBy(options, config, state),
    });
    try {
      await session.demonstrate();
      if (init) await session.learner.adopt(init.parts);
      await session.loadData();
      const policy = await session.learner.policy();
      const facts = {
        versions: { ...platform.versions(), runtime: `${runtime.name} ${runtime.version}` },
        spec: session.env,
        ...(session.data.length > 0 && { dataSets: session.data }),
        ...(definition ? {} : moduleFact(config.env.name)),
      };
      writer = await createRun(store, runName(config, new Date()), { ...config, ...facts });
      const warnings = [...notes, ...(init?.warnings ?? [])];
      return await run({ config, state, session, writer, policy, actingPolicy: policy, options, warnings, channel });
    } finally {
      await session.dispose();
    }
  } catch (error) {
    // Where no run began none can go on: what the broker knows of it would only keep actors waiting.
    if (channel && !writer) await options.broker?.remove(channel.run).catch(() => {});
    throw error;
  }
}

/** Tells of demonstrations as progress of the run, which may not have begun. */
const toldBy =
  ({ onProgress }: Pick<TrainOptions, 'onProgress'>, { steps }: TrainConfig, state: LoopState) =>
  (demonstrations: RecordingProgress, spec: EnvSpec): void =>
    onProgress?.({ ...progressOf(state, 'demonstrations', steps, 0, hasSuccess(spec)), demonstrations });

/** Continues a run from its last checkpoint: the same numbers as if it had never stopped. */
export async function resume(options: ResumeOptions): Promise<TrainResult> {
  checkOptions(calls.resume, options);
  const store = options.store ?? platform.openStore(options.run);
  const dir = options.store ? options.run : '';
  const resumed = await resumeRun(store, dir);
  try {
    return await goOn(options, resumed);
  } finally {
    await resumed.writer.close(); // also where it did not come to training: other programs wait for it
  }
}

async function goOn(options: ResumeOptions, resumed: ResumedRun): Promise<TrainResult> {
  const { checkpoint, replaySegments, writer } = resumed;
  const config: TrainConfig = {
    ...resumed.config,
    steps: options.steps ?? resumed.config.steps,
    workers: options.workers ?? resumed.config.workers,
    evaluation: {
      ...resumed.config.evaluation,
      ...Object.fromEntries(wishNames.map((name) => [name, options[name] ?? resumed.config.evaluation[name]])),
    },
  };
  // Several environments may have gone a little over a total that the run itself had.
  if (options.steps !== undefined && options.steps < checkpoint.steps) {
    throw new UsageError(
      `steps ${options.steps} is less than the ${checkpoint.steps} that this run has done; give more.`,
    );
  }
  if (config.tasks.sequence.length > 0 && config.steps !== resumed.config.steps) {
    throw new UsageError(
      `steps ${config.steps}: a run of tasks in sequence gives each its share of the ${resumed.config.steps} steps that it began with, and cannot go on after them; leave steps out, or train anew.`,
    );
  }
  const runtime = options.runtime ?? (await platform.defaultRuntime());
  const part = (name: string) => {
    if (!checkpoint.state[name]) throw new RunError(`the checkpoint of ${writer.path} lacks its part "${name}".`);
    return checkpoint.state[name];
  };
  const state = decodeLoopState(part('loop'));
  // Evaluations that were good enough for the old wish do not count for a new one.
  if (wantsMore(options, resumed.config, state)) state.successesInARow = 0;
  const name = options.env ? config.env.name : await reachableEnv(config.env.name, resumed.facts);
  const then = recordedSpec(checkpoint.metadata, resumed.facts);
  const spec = specOf(options.env ?? (await loadEnv(name)), config.env.options);
  const warnings = then ? changeWarnings('resume', writer.path, then, spec) : [];
  const acted = withoutPrefix('actor', checkpoint.state);
  const channel = await channelOf(options.broker, config, acted);
  const session = await createSession({
    config: fitToPlace({ ...config, env: { ...config.env, name } }, place()),
    definition: options.env,
    data: options.data,
    knownData: resumed.facts.dataSets as readonly DataFact[] | undefined,
    runtime,
    startLearner,
    startEnvs,
    channel,
    signal: options.signal,
    onDemonstration: toldBy(options, config, state),
  });
  try {
    await session.loadData();
    if (JSON.stringify(config) !== JSON.stringify(resumed.config)) await saveConfig(writer.store, writer.dir, config);
    const policy = await session.learner.restore(withoutPrefix('learner', checkpoint.state), replaySegments);
    await session.source.restore(acted);
    const actingPolicy = Object.fromEntries(
      Object.entries(withoutPrefix('acting', checkpoint.state)).map(([name, bytes]) => [name, float32Of(bytes)]),
    );
    return await run({ config, state, session, writer, policy, actingPolicy, options, warnings, channel });
  } finally {
    await session.dispose();
  }
}

/** Whether a run is asked for more success or return, or, having succeeded, for more steps. */
const wantsMore = (options: ResumeOptions, { evaluation }: TrainConfig, { successesInARow }: LoopState): boolean =>
  wishNames.some((name) => options[name] !== undefined && options[name] !== evaluation[name]) ||
  (options.steps !== undefined && successesInARow >= 2);

interface Parts {
  readonly config: TrainConfig;
  readonly state: LoopState;
  readonly session: Session;
  readonly writer: RunWriter;
  readonly policy: PolicyVectors;
  readonly actingPolicy: PolicyVectors;
  /** What was found before. */
  readonly warnings: readonly string[];
  readonly options: Pick<TrainOptions, 'broker' | 'signal' | 'onProgress' | 'onEvaluation' | 'onStart' | 'onIteration'>;
  readonly channel: Channel | undefined;
}

async function run(parts: Parts): Promise<TrainResult> {
  const { config, state, session, writer, policy, actingPolicy, options, channel } = parts;
  const warnings = [
    ...parts.warnings,
    ...session.warnings,
    ...placeWarnings(config, place()),
    ...paceWarnings(config, session.env, session.agent.learner.kind),
  ];
  const { broker } = options;
  const actors = channel && broker && { run: channel.run, hint: actorsNeeded(broker.address, channel.run) };
  options.onStart?.({ path: writer.path, config, warnings, ...(actors && { actors }) });
  let ended: TrainResult['ended'];
  try {
    ended = await runLoop({
      config,
      state,
      source: session.source,
      mayBreak: session.isElsewhere,
      learner: session.learner,
      policy,
      actingPolicy,
      evaluation: session.evaluation,
      writer,
      tensors: (vectors) => toTensors(session.agent, vectors),
      metadata: {
        env: config.env.name,
        agent: JSON.stringify(config.agent),
        normalize: String(config.training.normalize),
        spec: JSON.stringify(session.env),
      },
      signal: options.signal,
      onProgress: options.onProgress,
      onEvaluation: options.onEvaluation,
      onIteration: options.onIteration,
      control: session.control,
      sampling: session.sampling,
      sequence: session.sequence,
    });
    if (ended !== 'aborted') await session.source.finish?.();
  } finally {
    await writer.close();
  }
  const evaluation = state.lastEvaluation;
  const sequence = reportSequence(config, session.env, state.phaseSuccess);
  return {
    runDir: writer.path,
    env: config.env.name,
    agent: config.agent.name,
    seed: config.seed,
    envSteps: state.steps,
    updates: state.updates,
    ...(state.owed > 0 && { owedUpdates: state.owed }),
    ...(warnings.length > 0 && { warnings }),
    wallSeconds: state.seconds,
    evalSeconds: state.evalSeconds,
    evalSuccessRate: evaluation?.successRate ?? Number.NaN,
    evalMeanReward: evaluation?.meanReward ?? Number.NaN,
    evalEpisodes: evaluation?.episodes ?? 0,
    ...(evaluation?.tasks && { evalTasks: evaluation.tasks }),
    ...(sequence && { sequence }),
    ...(evaluation?.heldOut && { evalHeldOut: evaluation.heldOut }),
    ...(!hasSuccess(session.env) && { hasSuccess: false as const }),
    ended,
  };
}
