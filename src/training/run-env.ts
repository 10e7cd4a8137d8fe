// Which environment a run belongs to, also where its module's path was relative to another folder.
import { loadEnv } from '../envs/index.js';
import { looksLikeModule, moduleUrl } from '../envs/module.js';

/** What a run records beside its settings: the full address of an environment module. */
export const moduleFact = (env: string): { module?: string } =>
  looksLikeModule(env) ? { module: moduleUrl(env) } : {};

/** The name to load a run's environment by: as it was given or, where nothing is found there, the recorded address. */
export async function reachableEnv(env: string, facts: Readonly<Record<string, unknown>>): Promise<string> {
  const { module } = facts;
  if (typeof module !== 'string' || moduleUrl(env) === module) return env;
  try {
    await loadEnv(env);
    return env;
  } catch {
    return module;
  }
}
