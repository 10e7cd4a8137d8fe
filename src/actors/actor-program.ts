// An actor as a program of its own: takes policies from a broker, acts, and sends whole episodes there.
import { actingRuntime } from '#platform';
import { createActor } from '../acting/actor.js';
import type { FinishedEpisode, Source } from '../acting/source.js';
import { onlyGoals, type TrainingGoals, trainingGoals } from '../acting/training-goals.js';
import type { TrainConfig } from '../config/config.js';
import {
  createVectorEnv,
  type EnvDefinition,
  type EnvSpec,
  type GoalEnv,
  listEnvs,
  loadEnv,
  parseEnvOptions,
} from '../envs/index.js';
import { RunError, UsageError } from '../errors.js';
import { createAgent } from '../learners/create-agent.js';
import { mixSeed } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { type Broker, type Channel, randomLetters, safeName } from './broker.js';
import { createEpisodeSender } from './episode-sender.js';
import { onlyRun } from './only-run.js';
import { createOrders } from './orders.js';
import { createOutbox } from './outbox.js';
import { type ActorStatus, BEAT } from './presence.js';
import { decodeRun, type RunRecord, tableSum } from './wire.js';

/** Milliseconds between two looks at what an actor waits for. */
const LOOK = 20;
/** Steps in every environment between two looks at the orders. */
const MOST_TICKS = 32;
/** Milliseconds that whole episodes have to leave when an actor ends. */
const FAREWELL = 5000;
/** Episodes that may wait for the broker, for each environment. */
const UNSENT = 4;

export interface RunActorOptions {
  readonly broker: Broker;
  /** The run to act for; absent: the only one, or the only one with a learner at work. */
  readonly run?: string;
  /**
   * The environment, where it is none that comes with anygoal: its name, its module's path, or itself. A broker can name
   * one, but never has code loaded that whoever starts the actor did not name.
   */
  readonly env?: string | EnvDefinition;
  /** Environments stepped side by side; default: one. */
  readonly envs?: number;
  /** What the actor is called; something random is added to it. */
  readonly name?: string;
  readonly runtime?: Runtime;
  readonly signal?: AbortSignal;
  /** Once a second. */
  readonly onStatus?: (status: ActorStatus) => void;
  /** The broker has this episode, with its rows [length + 1, width] as the replay stores them. */
  readonly onSent?: (episode: {
    readonly actor: string;
    readonly episode: number;
    readonly rows: Float32Array;
  }) => void;
  /**
   * Acts only when the learner waits, one episode with its newest policy: with a single actor the run is then the same each
   * time. `name` is the whole name.
   */
  readonly lockStep?: boolean;
}

export interface ActorReport {
  readonly actor: string;
  readonly run: string;
  readonly steps: number;
  readonly episodes: number;
  readonly ended: 'run' | 'aborted';
}

/** Acts until the run is over or `signal` aborts; what is begun then is dropped, what is finished still sent. */
export async function runActor(options: RunActorOptions): Promise<ActorReport> {
  const channel = await options.broker.open(options.run ?? (await onlyRun(options.broker)));
  const record = await readRecord(channel);
  const actor = options.lockStep
    ? (options.name ?? 'actor')
    : `${safeName(options.name ?? 'actor')}-${randomLetters(8)}`;
  const env = await createEnvs(record, options);
  try {
    return await act(options, channel, record, actor, env);
  } finally {
    await env.dispose();
  }
}

async function readRecord(channel: Channel): Promise<RunRecord> {
  const bytes = await channel.kept('run');
  if (!bytes) throw new RunError(`run ${channel.run} has not begun yet; start its learner first, or try again.`);
  return decodeRun(bytes);
}

interface Envs {
  readonly config: TrainConfig;
  readonly spec: EnvSpec;
  readonly goals: TrainingGoals;
  readonly definition: EnvDefinition;
  readonly envs: readonly GoalEnv[];
  dispose(): void;
}

async function createEnvs({ config, table }: RunRecord, options: RunActorOptions): Promise<Envs> {
  const { name } = config.env;
  const given = options.env;
  if (given === undefined && !listEnvs().some((listed) => listed.name === name)) {
    throw new UsageError(
      `the run's environment is ${name}, which does not come with anygoal; name it yourself where you trust it: --env ${name}.`,
    );
  }
  const definition = typeof given === 'object' ? given : await loadEnv(given ?? name);
  const parsed = parseEnvOptions(definition, config.env.options);
  const envs: GoalEnv[] = [];
  const dispose = () => {
    for (const env of envs) env.dispose?.();
  };
  try {
    for (let i = 0; i < (options.envs ?? 1); i++) envs.push(await definition.create(parsed));
    const { spec } = envs[0];
    if (tableSum(spec) !== table) {
      throw new UsageError(
        `${spec.name} has other columns here than at the learner; use the same version of it and of anygoal.`,
      );
    }
    const goals = trainingGoals(envs[0], config);
    const trained = envs.map((env) => onlyGoals(env, goals, 'trained'));
    return { config, spec, goals, definition, envs: trained, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

async function act(
  options: RunActorOptions,
  channel: Channel,
  { table }: RunRecord,
  actor: string,
  { config, spec, goals, definition, envs }: Envs,
): Promise<ActorReport> {
  const { signal, lockStep = false } = options;
  const agent = createAgent(config, spec, definition);
  const source: Source = await createActor({
    env: createVectorEnv(envs),
    agent,
    spec: agent.spec,
    runtime: options.runtime ?? (await actingRuntime()),
    seed: mixSeed(config.seed, 'remote actor', actor),
    randomSteps: config.init ? 0 : config.training.warmupSteps,
  });
  const outbox = createOutbox(channel);
  const sender = createEpisodeSender({ channel, outbox, spec, table, actor, onSent: options.onSent });
  const orders = createOrders({ channel, actor, lockStep, maxPolicyLag: config.actors.maxPolicyLag });
  const started = performance.now();
  let rate = { steps: 0, at: started, value: 0 };
  let waiting: string | undefined;
  /** The request of the learner that was answered last. */
  let answered = 0;

  const status = (): ActorStatus => {
    const now = performance.now();
    if (now - rate.at >= BEAT) {
      rate = { steps: sender.steps, at: now, value: ((sender.steps - rate.steps) / (now - rate.at)) * 1000 };
    }
    return {
      actor,
      envs: envs.length,
      steps: sender.steps,
      stepsPerSecond: rate.value,
      episodes: sender.episodes,
      messages: outbox.messages,
      bytes: outbox.bytes,
      policy: orders.policy?.steps ?? -1,
      lag: orders.lag,
      ...(waiting !== undefined && { waiting }),
      refused: orders.refused,
    };
  };
  const beat = () => {
    const now = status();
    channel.tell(actor, JSON.stringify(now));
    options.onStatus?.(now);
  };
  const timer = setInterval(beat, BEAT);
  timer.unref?.();

  /** What hinders the next step; undefined: nothing. */
  const hindrance = (): string | undefined => {
    if (outbox.waiting > UNSENT * envs.length) return outbox.problem ?? 'the broker to take messages';
    return orders.hindrance(outbox, answered);
  };

  try {
    beat();
    while (!signal?.aborted && !orders.ended) {
      waiting = hindrance();
      if (waiting !== undefined) {
        await orders.change(LOOK);
        continue;
      }
      const fresh = orders.takePolicy();
      if (fresh) {
        source.setPolicy(fresh.vectors);
        if (fresh.taskWeights) goals.weights?.set(fresh.taskWeights);
      }
      const policy = orders.policy?.steps ?? 0;
      const finished: FinishedEpisode[] = [];
      const ticks = lockStep ? 1 : Math.min(MOST_TICKS, spec.maxEpisodeSteps);
      const pieces = await source.collect(ticks, orders.steps, (episode) => void finished.push(episode));
      sender.take(pieces, finished, policy);
      if (lockStep && finished.length > 0) answered = orders.request;
    }
    await outbox.close(FAREWELL);
    return {
      actor,
      run: channel.run,
      steps: sender.steps,
      episodes: sender.episodes,
      ended: orders.ended ? 'run' : 'aborted',
    };
  } finally {
    clearInterval(timer);
    channel.tell(actor, JSON.stringify({ ...status(), left: true }));
    orders.dispose();
    await source.dispose();
  }
}
