// What an author exports: an environment's name, settings and how to create it.

import { z } from 'zod';
import { RunError, UsageError, unknownName } from '../errors.js';
import type { Demonstrator, EnvDefinition, EnvSpec, GoalEnv, GoalRules, Simulation } from './env.js';
import { createGoalEnv, isGoalEnv } from './goal-env.js';

export interface EnvAuthoring<Options, Made extends Simulation | GoalEnv = Simulation | GoalEnv> {
  readonly name: string;
  readonly description?: string;
  /** A zod schema of the settings, with defaults. */
  readonly options?: z.ZodType<Options>;
  /** A simulation (wrapped by `createGoalEnv`) or a whole environment of one's own. */
  create(options: Options): Made | Promise<Made>;
  /**
   * Spaces and rules without the simulation. Needed where `create` is asynchronous or costly; by default an instance is
   * created and asked.
   */
  rules?(options: Options): GoalRules & { readonly spec: EnvSpec };
  /** A scripted controller for demonstrations. */
  demonstrator?(options: Options): Demonstrator;
}

/**
 * Defines an environment. Export the result as `env` from a module, and its path works wherever a name does:
 * `export const env = defineEnv({ name: 'me/my-task', create: () => simulation })`.
 */
// Two signatures, so that the parameters of a simulation written in place need no types.
export function defineEnv<Options = Record<string, never>>(
  author: EnvAuthoring<Options, Simulation>,
): EnvDefinition<Options>;
export function defineEnv<Options = Record<string, never>>(
  author: EnvAuthoring<Options, GoalEnv>,
): EnvDefinition<Options>;
export function defineEnv<Options>(author: EnvAuthoring<Options>): EnvDefinition<Options> {
  if (typeof author.name !== 'string' || author.name === '') {
    throw new UsageError('defineEnv: `name` is missing; give the environment a name such as "me/my-task".');
  }
  if (typeof author.create !== 'function') {
    throw new UsageError(`defineEnv: \`create\` of ${author.name} is missing; it must return a simulation.`);
  }
  return {
    name: author.name,
    description: author.description ?? '',
    options: author.options,
    rules: author.rules?.bind(author) ?? ((options) => rulesOfInstance(author, options)),
    demonstrator: author.demonstrator?.bind(author),
    create(options) {
      const made = create(author, options);
      return made instanceof Promise ? made.then(asGoalEnv) : asGoalEnv(made);
    },
  };
}

/** Creates it; what the author's own code throws is told with the environment's name. */
function create<Options>(author: EnvAuthoring<Options>, options: Options) {
  const explain = (error: unknown): never => {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    throw new RunError(`${author.name} could not be created: ${error}`, { cause: error });
  };
  try {
    const made = author.create(options);
    return made instanceof Promise ? made.catch(explain) : made;
  } catch (error) {
    return explain(error);
  }
}

function rulesOfInstance<Options>(author: EnvAuthoring<Options>, options: Options) {
  const made = create(author, options);
  if (!(made instanceof Promise)) return made;
  made.then((late) => late.dispose?.()).catch(() => undefined);
  throw new UsageError(
    `${author.name}: \`create\` is asynchronous, so defineEnv also needs \`rules(options)\`: an object with spec, computeReward, computeSuccess and goalFrom.`,
  );
}

/** Simulations take (random, now) in `reset`, environments at most one argument. */
function asGoalEnv(made: Simulation | GoalEnv): GoalEnv {
  if (isGoalEnv(made) || made.reset.length < 2) return made as GoalEnv;
  return createGoalEnv(made as Simulation);
}

/**
 * Settings as given (`{ reward: 'dense' }`) to complete, checked ones.
 * @throws UsageError naming the setting, the problem and the nearest valid name
 */
export function parseEnvOptions<Options>(definition: EnvDefinition<Options>, given: unknown = {}): Options {
  const { name, options: schema } = definition;
  const keys = Object.keys((given ?? {}) as object);
  if (!schema) {
    if (keys.length > 0) throw new UsageError(`${name} has no settings, but "${keys[0]}" was given; remove it.`);
    return {} as Options;
  }
  if (schema instanceof z.ZodObject) {
    const known = Object.keys(schema.shape);
    const stranger = keys.find((key) => !known.includes(key));
    if (stranger !== undefined) throw unknownName(`setting of ${name}`, stranger, known);
  }
  const result = (schema as z.ZodType<Options>).safeParse(given);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue.path.join('.');
  const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], given);
  throw new UsageError(`${name}: setting ${path || 'object'} is ${JSON.stringify(value)}. ${issue.message}.`);
}
