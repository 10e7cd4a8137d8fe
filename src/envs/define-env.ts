// What an author exports: an environment's name, settings and how to create it.

import * as z from 'zod';
import { RunError, UsageError, unknownName } from '../errors.js';
import { allowedFor, nearestChoice, schemaAt, settingSchema } from '../setting-schema.js';
import type { AnySimulation, AuthorSpec, Demonstrator, EnvDefinition, EnvRules, GoalEnv, GoalRules } from './env.js';
import { createGoalEnv, isGoalEnv } from './goal-env.js';
import type { Instructions } from './instructions.js';
import { resolveSpec, rulesWithoutGoals } from './spec.js';
import { wrapEnv } from './wrap-env.js';

interface Authoring<Options> {
  readonly name: string;
  readonly description?: string;
  /** A zod schema of the settings, with defaults. */
  readonly options?: z.ZodType<Options>;
  /**
   * Spaces and rules without the simulation; without goals the spaces alone. Needed where `create` is asynchronous or
   * costly; by default an instance is created and asked.
   */
  rules?(options: Options): Partial<GoalRules> & Pick<EnvRules, 'captions'> & { readonly spec: AuthorSpec };
  /** A scripted controller for demonstrations. */
  demonstrator?(options: Options): Demonstrator;
  /** Sentences that ask for the task. */
  readonly instructions?: Instructions;
  /** Where columns come from in data sets of other programs, such as `{ achieved: 'observation[0:2]' }`. */
  readonly dataColumns?: Readonly<Record<string, string>>;
}

/** An environment of a simulation, which `createGoalEnv` wraps. */
export interface EnvAuthoring<Options, Made extends AnySimulation | GoalEnv = AnySimulation>
  extends Authoring<Options> {
  create(options: Options): Made | Promise<Made>;
  createEnv?: undefined;
}

/** A whole environment of one's own, used as it is. */
export interface WholeEnvAuthoring<Options> extends Authoring<Options> {
  createEnv(options: Options): GoalEnv | Promise<GoalEnv>;
  create?: undefined;
}

/**
 * Defines an environment. Export the result as `env` from a module, and its path works wherever a name does:
 * `export const env = defineEnv({ name: 'me/my-task', create: () => simulation })`. What `createGoalEnv` made is taken as
 * it is too; a whole environment of one's own is given as `createEnv`.
 */
// Three signatures, so that the parameters of a simulation written in place need no types.
export function defineEnv<Options = Record<string, never>>(author: EnvAuthoring<Options>): EnvDefinition<Options>;
export function defineEnv<Options = Record<string, never>>(
  author: EnvAuthoring<Options, GoalEnv>,
): EnvDefinition<Options>;
export function defineEnv<Options = Record<string, never>>(author: WholeEnvAuthoring<Options>): EnvDefinition<Options>;
export function defineEnv<Options>(
  author: EnvAuthoring<Options, AnySimulation | GoalEnv> | WholeEnvAuthoring<Options>,
): EnvDefinition<Options> {
  if (typeof author.name !== 'string' || author.name === '') {
    throw new UsageError('defineEnv: `name` is missing; give the environment a name such as "me/my-task".');
  }
  if (typeof (author.create ?? author.createEnv) !== 'function') {
    throw new UsageError(
      `defineEnv: \`create\` of ${author.name} is missing; it must return a simulation (or \`createEnv\` a whole environment).`,
    );
  }
  const finish = (made: AnySimulation | GoalEnv): GoalEnv =>
    author.createEnv || isGoalEnv(made) ? (made as GoalEnv) : createGoalEnv(made as AnySimulation);
  return {
    name: author.name,
    description: author.description ?? '',
    options: author.options,
    rules: (options) => completeRules(author.rules ? author.rules(options) : instanceFor(author, options)),
    demonstrator: author.demonstrator?.bind(author),
    instructions: author.instructions,
    dataColumns: author.dataColumns,
    create(options) {
      const made = create(author, options);
      return made instanceof Promise ? made.then(finish) : finish(made);
    },
  };
}

/** Creates it; what the author's own code throws is told with the environment's name. */
function create<Options>(
  author: EnvAuthoring<Options, AnySimulation | GoalEnv> | WholeEnvAuthoring<Options>,
  options: Options,
): AnySimulation | GoalEnv | Promise<AnySimulation | GoalEnv> {
  const explain = (error: unknown): never => {
    if (error instanceof RunError || error instanceof UsageError) throw error;
    throw new RunError(`${author.name} could not be created: ${error}`, { cause: error });
  };
  try {
    const made = author.createEnv ? author.createEnv(options) : author.create(options);
    return made instanceof Promise ? made.catch(explain) : made;
  } catch (error) {
    return explain(error);
  }
}

function instanceFor<Options>(
  author: EnvAuthoring<Options, AnySimulation | GoalEnv> | WholeEnvAuthoring<Options>,
  options: Options,
) {
  const made = create(author, options);
  if (!(made instanceof Promise)) return made;
  made.then((late) => late.dispose?.()).catch(() => undefined);
  throw new UsageError(
    `${author.name}: \`create\` is asynchronous, so defineEnv also needs \`rules(options)\`: an object with spec, computeReward, computeSuccess and goalFrom.`,
  );
}

/** Rules with the complete spec; those of an environment without goals say so when they are asked. */
function completeRules(given: Partial<GoalRules> & { readonly spec: AuthorSpec }): EnvRules {
  const spec = resolveSpec(given.spec, 'isSuccess' in given && given.isSuccess ? true : given.spec.success);
  if (given.computeReward && spec === given.spec) return given as EnvRules;
  return wrapEnv(given as EnvRules, given.computeReward ? { spec } : rulesWithoutGoals(spec));
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
  const is = `${name}: setting ${path || 'object'} is ${JSON.stringify(value)}`;
  if (issue.code === 'custom' || issue.path.length === 0) throw new UsageError(`${is}. ${issue.message}.`);
  const at = schemaAt(settingSchema(schema), issue.path);
  throw new UsageError(`${is}; it must be ${allowedFor(at, value)}${nearestChoice(at, value)}`);
}
