// How to get an environment by name, or from a module of one's own.
import { UsageError, unknownName } from '../errors.js';
import { type EnvListing, entries } from './catalog.js';
import { parseEnvOptions } from './define-env.js';
import type { EnvDefinition, GoalEnv } from './env.js';
import { importModule, looksLikeModule } from './module.js';
import { isGymName } from './python/gym-name.js';
import { recorded } from './recorded.js';
import { RECORDED } from './recorded-name.js';

/** Name and description of every environment that comes with anygoal. */
export const listEnvs = (): EnvListing[] => entries.map(({ name, description }) => ({ name, description }));

/**
 * An environment by name (`arm/reach`), one of Gymnasium (`gym:Pendulum-v1`, in Node), or from a module that exports `env` (`./my-env.js`, a URL, or any path that ends
 * in .js, .mjs or .ts; relative paths start at the working directory, in browsers at the page).
 * @throws UsageError for an unknown name or a module without an environment
 */
export async function loadEnv(nameOrModule: string): Promise<EnvDefinition> {
  const entry = entries.find(({ name }) => name === nameOrModule);
  if (entry) return (await entry.load()) as EnvDefinition;
  if (nameOrModule === RECORDED) return recorded as EnvDefinition; // not listed: it is made by `train FILE` alone
  if (isGymName(nameOrModule))
    return (await (await import('./python/index.js')).loadGym(nameOrModule)) as EnvDefinition;
  if (looksLikeModule(nameOrModule)) return definitionIn(await importModule(nameOrModule), nameOrModule);
  const names = entries.map(({ name }) => name);
  const family = names.filter((name) => name.split('/')[0] === nameOrModule.split('/')[0]);
  const error = unknownName('environment', nameOrModule, names, '', family.length > 0 ? family : names);
  throw new UsageError(
    `${error.message} For an environment of your own give its path, such as ./my-env.js; for one of Gymnasium its name, such as gym:Pendulum-v1.`,
  );
}

/** Loads, checks the settings and creates: `await makeEnv('point/reach', { reward: 'dense' })`. */
export async function makeEnv(nameOrModule: string, options?: Record<string, unknown>): Promise<GoalEnv> {
  const definition = await loadEnv(nameOrModule);
  return definition.create(parseEnvOptions(definition, options));
}

function definitionIn(module: Record<string, unknown>, source: string): EnvDefinition {
  const { env } = module;
  const example = "export const env = defineEnv({ name: 'me/my-task', create: () => simulation })";
  if (env === undefined) {
    const names = Object.keys(module);
    const found = names.length > 0 ? `it exports ${names.join(', ')}` : 'it exports nothing';
    throw new UsageError(`${source} does not export \`env\` (${found}); write \`${example}\`.`);
  }
  const { name, create, rules } = env as Partial<EnvDefinition>;
  if (typeof name !== 'string' || typeof create !== 'function' || typeof rules !== 'function') {
    throw new UsageError(`the export \`env\` of ${source} is not an environment definition; write \`${example}\`.`);
  }
  return env as EnvDefinition;
}
