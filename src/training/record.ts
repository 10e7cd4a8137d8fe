// Recording data sets: episodes of a scripted controller, of chance or of a run's policy, as the bytes of a file.
import * as platform from '#platform';
import { randomAction } from '../acting/actor.js';
import { findDemonstrator } from '../acting/demonstrations.js';
import { createPolicyRunner } from '../acting/policy-runner.js';
import { type Controller, recordEpisodes } from '../acting/record.js';
import { encodeEpisodes } from '../datasets/index.js';
import { actionSize, type EnvDefinition, type EnvSpec, hasSuccess, loadEnv, parseEnvOptions } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { checkOptions } from './check-options.js';
import { calls } from './options.js';
import { openPolicy, type PolicySource } from './policy.js';

export interface RecordDataOptions {
  /** Name, module path or definition. */
  readonly env: string | EnvDefinition;
  /** Settings of the environment. */
  readonly envOptions?: Readonly<Record<string, unknown>>;
  /** The environment's scripted controller, uniformly random actions, or the policy of a run (its path, or where it is). */
  readonly policy: 'scripted' | 'random' | (string & {}) | PolicySource;
  readonly episodes: number;
  /** Default: 0. */
  readonly seed?: number;
  readonly runtime?: Runtime;
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

/** Records whole episodes. The same options give the same bytes. */
export async function recordData(options: RecordDataOptions): Promise<RecordedData> {
  checkOptions(calls.recordData, options);
  const { env: given, envOptions = {}, policy, episodes, seed = 0, signal, onEpisode } = options;
  const definition = typeof given === 'string' ? await loadEnv(given) : given;
  const parsed = parseEnvOptions(definition, envOptions);
  const env = await definition.create(parsed);
  const { spec } = env;
  const actor = await controllerOf(options, definition, parsed, spec).catch((error) => {
    env.dispose?.();
    throw error;
  });
  try {
    const recorded = await recordEpisodes(env, actor.act, { episodes, seed, signal, onEpisode, onBegin: actor.begin });
    const count = recorded.episodes.steps.length;
    const successRate = hasSuccess(spec) ? recorded.successes / count : Number.NaN;
    const origin = {
      policy: typeof policy === 'string' ? policy : policy.run,
      seed,
      ...(hasSuccess(spec) && { successRate }),
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

async function controllerOf(
  { policy, seed = 0, runtime }: RecordDataOptions,
  definition: EnvDefinition,
  envOptions: unknown,
  spec: EnvSpec,
): Promise<{ act: Controller; begin?(): void; dispose(): Promise<void> }> {
  const nothing = async () => undefined;
  if (policy === 'scripted') {
    const demonstrator = findDemonstrator(definition, envOptions);
    const empty = new Float32Array(0); // what environments without observation or goal show of it
    return { act: ({ observation = empty, goal = empty }) => demonstrator(observation, goal), dispose: nothing };
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
