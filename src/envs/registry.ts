// How to get an environment by name, or from a module of one's own.
import { editDistance, nearestName, UsageError, unknownName } from '../errors.js';
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
  throw unknownEnv(nameOrModule);
}

const familyOf = (name: string): string => name.split('/')[0];

/** Lists the family that was meant, and says that there are others. */
function unknownEnv(name: string): UsageError {
  const names = entries.map((entry) => entry.name);
  const families = [...new Set(names.map(familyOf))];
  const near = nearestName(name, names);
  const given = familyOf(name);
  // Short words are within a few letters of anything.
  const mistyped = families.find((family) => editDistance(given, family) <= Math.max(1, given.length / 4));
  const family = families.includes(given) ? given : near ? familyOf(near) : mistyped;
  const listed = family
    ? `Environments of ${family}: ${names.filter((one) => familyOf(one) === family).join(', ')}`
    : `Families of environments: ${families.join(', ')}`;
  return unknownName(
    'environment',
    name,
    names,
    '',
    `${listed}; "anygoal envs" lists all ${names.length} environments. For an environment of your own give its path, such as ./my-env.js; for one of Gymnasium its name, such as gym:Pendulum-v1.`,
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
