// Recording data sets: episodes of a scripted controller, of chance or of a run's policy, as the bytes of a file.
import * as platform from '#platform';
import { randomAction } from '../acting/actor.js';
import { type Clumsiness, clumsy, shaken } from '../acting/clumsy.js';
import { controllerOf, demonstratorOf } from '../acting/demonstrations.js';
import { explorer, keptSteps } from '../acting/explore.js';
import { createPolicyRunner } from '../acting/policy-runner.js';
import { type Controller, recordEpisodes } from '../acting/record.js';
import { withoutOrWithWords } from '../acting/training-goals.js';
import { type EpisodeColumns, encodeEpisodes } from '../datasets/index.js';
import {
  actionSize,
  type EnvDefinition,
  type EnvSpec,
  type GoalEnv,
  hasSuccess,
  loadEnv,
  parseEnvOptions,
} from '../envs/index.js';
import { taskNumber } from '../envs/spec.js';
import { StoppedError, UsageError } from '../errors.js';
import { createTruePlanner } from '../planning/true-planner.js';
import { createRandom, mixSeed } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { checkOptions } from './check-options.js';
import { requireHeardOf } from './heard-of.js';
import { calls } from './options.js';
import { openPolicy, type PolicySource } from './policy.js';

export interface RecordDataOptions extends Clumsiness {
  /** Name, module path or definition. */
  readonly env: string | EnvDefinition;
  /** Settings of the environment. */
  readonly envOptions?: Readonly<Record<string, unknown>>;
  /**
   * The environment's scripted controller, uniformly random actions, random directions that are kept for a while, one of the
   * environment's `dataPolicies` by its name, a planner on the true dynamics (`planner`), or the policy of a run (its path, or where it is).
   */
  readonly policy: 'scripted' | 'random' | 'explore' | 'planner' | (string & {}) | PolicySource;
  /** With policy `explore`: steps for which a direction is kept; default: 10. */
  readonly keepSteps?: number;
  /** In all; left out where `tasks` says how many there are. */
  readonly episodes?: number;
  /**
   * Names of the tasks that the episodes have in turn, or how many episodes each has; absent: all tasks in turn. The numbers
   * of episodes then differ by one at most.
   */
  readonly tasks?: readonly string[] | Readonly<Record<string, number>>;
  /** Words such as "red ball" that no episode asks with, where the environment asks in words. */
  readonly without?: readonly string[];
  /** Ends an episode once so many steps in a row were a success, as who is done stops; absent: at its own end. */
  readonly holdSteps?: number;
  /** Default: 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
  /** Aborting ends at once and keeps the episodes that are over. */
  readonly signal?: AbortSignal;
  readonly onEpisode?: (episode: number, success: boolean) => void;
}

export interface RecordedData {
  /** A file of the format of docs/data-sets.md. */
  readonly bytes: Uint8Array;
  readonly episodes: number;
  readonly transitions: number;
  /** Share of the episodes that ended in success; not a number where there is no such notion. */
  readonly successRate: number;
}

/** Records whole episodes. The same options give the same bytes. @throws StoppedError where it was aborted in the first one */
export async function recordData(options: RecordDataOptions): Promise<RecordedData> {
  checkOptions(calls.recordData, options);
  const { env: given, policy, holdSteps, seed = 0, signal, onEpisode } = options;
  const definition = typeof given === 'string' ? await loadEnv(given) : given;
  const own = dataPolicyOf(definition, policy);
  const envOptions = { ...own?.options, ...options.envOptions };
  const skill = { ...options, noise: options.noise ?? own?.noise };
  if (options.keepSteps !== undefined && policy !== 'explore') {
    throw new UsageError(`recordData: keepSteps is ${options.keepSteps}, but only policy explore keeps directions.`);
  }
  const parsed = parseEnvOptions(definition, envOptions);
  const made = await definition.create(parsed);
  const { spec } = made;
  const { without = [] } = options;
  if (without.length > 0 && !made.instruction) {
    made.dispose?.();
    throw new UsageError(`recordData: without is "${without.join('", "')}", but ${spec.name} does not ask in words.`);
  }
  const env = without.length > 0 ? withoutOrWithWords(made, without, 'trained') : made;
  const prepare = async () => {
    await requireHeardOf(spec, without, 'recordData: without');
    const plan = planTasks(options, spec);
    const actor = await actorOf(options, definition, parsed, env);
    const shown = shaken(env, skill, mixSeed(seed, 'shake'));
    return { ...plan, ...actor, shown, act: clumsy(actor.act, spec.action, skill, mixSeed(seed, 'clumsy')) };
  };
  const { episodes, tasks, shown, ...actor } = await prepare().catch((error) => {
    env.dispose?.();
    throw error;
  });
  try {
    const recorded = await recordEpisodes(shown, actor.act, {
      episodes,
      tasks,
      holdSteps,
      seed,
      signal,
      onEpisode,
      onBegin: actor.begin,
    });
    const count = recorded.episodes.steps.length;
    if (count === 0) throw new StoppedError('stopped before the first episode was over; nothing was recorded.');
    const toEnds = own?.goals === 'ends';
    if (toEnds) desireEnds(env, recorded.episodes);
    const successRate = hasSuccess(spec) && !toEnds ? recorded.successes / count : Number.NaN;
    const origin = {
      policy: typeof policy === 'string' ? policy : policy.run,
      seed,
      ...(holdSteps !== undefined && { holdSteps }),
      ...(options.keepSteps !== undefined && { keepSteps: options.keepSteps }),
      ...(skill.noise && { noise: skill.noise }),
      ...(options.shake && { shake: options.shake }),
      ...(options.random && { random: options.random }),
      ...(!Number.isNaN(successRate) && { successRate }),
      ...(without.length > 0 && { without }),
    };
    const about = { env: definition.name, options: envOptions, spec, origin };
    return {
      bytes: encodeEpisodes(about, recorded.episodes),
      episodes: count,
      transitions: recorded.episodes.steps.reduce((sum, steps) => sum + steps, 0),
      successRate,
    };
  } finally {
    await actor.dispose();
    env.dispose?.();
  }
}

/** The environment's own policy of that name. */
const dataPolicyOf = ({ dataPolicies = {} }: EnvDefinition, policy: RecordDataOptions['policy']) =>
  typeof policy === 'string' && Object.hasOwn(dataPolicies, policy) ? dataPolicies[policy] : undefined;

/** Gives each episode the goal that it reached at its end, and the rewards that go with it. */
function desireEnds({ spec, goalFrom, computeReward }: GoalEnv, { steps, columns }: EpisodeColumns): void {
  const [goals, achieved] = [columns.goal as Float32Array, columns.achieved as Float32Array];
  const [a, g, c] = [spec.achieved.size, spec.goal.size, spec.info.length];
  let row = 0;
  let transition = 0;
  for (const [episode, count] of steps.entries()) {
    const goal = goals.subarray(episode * g, (episode + 1) * g);
    goalFrom?.(achieved.subarray((row + count) * a, (row + count + 1) * a), goal);
    const desired = new Float32Array(count * g);
    for (let t = 0; t < count; t++) desired.set(goal, t * g);
    computeReward(
      achieved.subarray((row + 1) * a, (row + count + 1) * a),
      desired,
      c > 0 ? (columns.info as Float32Array).subarray(transition * c, (transition + count) * c) : new Float32Array(0),
      (columns.reward as Float32Array).subarray(transition, transition + count),
    );
    row += count + 1;
    transition += count;
  }
}

/** How many episodes there are, and the task of each. */
function planTasks(
  { episodes, tasks }: Pick<RecordDataOptions, 'episodes' | 'tasks'>,
  spec: EnvSpec,
): { readonly episodes: number; readonly tasks?: readonly number[] } {
  if (tasks !== undefined && !Array.isArray(tasks)) {
    const counts = Object.entries(tasks as Readonly<Record<string, number>>);
    const all = counts.flatMap(([task, count]) => new Array<number>(count).fill(taskNumber(spec, task)));
    if (all.length === 0) throw new UsageError('recordData: tasks names no episodes; give at least one task some.');
    if (episodes === undefined || episodes === all.length) return { episodes: all.length, tasks: all };
    throw new UsageError(`recordData: episodes is ${episodes}, but tasks asks for ${all.length}; leave it out.`);
  }
  if (episodes === undefined) throw new UsageError('recordData: episodes is missing; give their number.');
  const names = tasks?.length ? (tasks as readonly string[]).map((task) => taskNumber(spec, task)) : undefined;
  const inTurn = names ?? spec.tasks?.map((_, number) => number);
  return { episodes, tasks: inTurn && Array.from({ length: episodes }, (_, i) => inTurn[i % inTurn.length]) };
}

async function actorOf(
  { policy, keepSteps = keptSteps, seed = 0, runtime }: RecordDataOptions,
  definition: EnvDefinition,
  envOptions: unknown,
  env: GoalEnv,
): Promise<{ act: Controller; begin?(): void; dispose(): Promise<void> }> {
  const { spec } = env;
  const nothing = async () => undefined;
  const own = dataPolicyOf(definition, policy);
  if (own) {
    const { begin, act } = own.create(envOptions as never, createRandom(mixSeed(seed, 'recording')));
    return { begin, act: controllerOf(act), dispose: nothing };
  }
  if (policy === 'explore') {
    return { ...explorer(spec.action, keepSteps, createRandom(mixSeed(seed, 'recording'))), dispose: nothing };
  }
  if (policy === 'planner') {
    const copy = await definition.create(envOptions as never);
    const planner = await createTruePlanner(runtime ?? (await platform.defaultRuntime()), copy, {}, seed);
    return { ...planner, act: () => planner.act(env) };
  }
  if (policy === 'scripted') {
    return { act: controllerOf(demonstratorOf(definition, envOptions, env)), dispose: nothing };
  }
  if (policy === 'random') {
    const random = createRandom(mixSeed(seed, 'recording'));
    const action = new Float32Array(actionSize(spec.action));
    return {
      act() {
        randomAction(random, spec.action, action, 0);
        return action;
      },
      dispose: nothing,
    };
  }
  const { agent, vectors, env: theirs } = await openPolicy(typeof policy === 'string' ? { run: policy } : policy);
  if (theirs.name !== spec.name) {
    throw new UsageError(`the run's policy is for ${theirs.name}, not for ${spec.name}; name that environment.`);
  }
  const runner = await createPolicyRunner(runtime ?? (await platform.defaultRuntime()), agent, 1, {
    deterministic: true,
  });
  runner.setPolicy(vectors);
  const inputs = Object.entries(runner.inputs);
  return {
    async act(shown) {
      for (const [name, values] of inputs) values.set(shown[name]);
      await runner.run();
      return runner.action;
    },
    begin: () => runner.begin(),
    dispose: () => runner.dispose(),
  };
}
