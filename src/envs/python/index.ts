// Gymnasium environments by name: `gym:Pendulum-v1` and whatever else a Python on this machine has.
import type { EnvDefinition, EnvRules } from '../env.js';
import { type Description, notesOn, specOfDescription } from './description.js';
import { acquireHost, type PythonHost, releaseHost } from './host.js';
import { nodeModules } from './node-modules.js';
import { type GymOptions, gymOptions } from './options.js';
import { createPythonEnv } from './python-env.js';
import { pythonRules } from './rules.js';
import { pythonPath } from './start-python.js';

export { isGymName } from './gym-name.js';
export { type GymOptions, gymOptions } from './options.js';

/**
 * Asks Python what the environment is like, once for all threads that are started later.
 * @throws UsageError where there is no such Python, package or environment, or for spaces that agents here cannot use
 */
export async function loadGym(name: string): Promise<EnvDefinition<GymOptions>> {
  const about = await describe(name);
  const { gymnasium, python } = about.versions;
  return {
    name,
    description: `of Gymnasium ${gymnasium}, stepped by Python ${python}`,
    options: gymOptions,
    isElsewhere: true,
    notes: () => notesOn(name, about),
    rules: (options) => rulesOf(name, about, options),
    async create(options) {
      const spec = specOfDescription(name, about, options);
      const host = await acquireHost(name);
      return createPythonEnv(spec, host, options, () => releaseHost(host));
    },
  };
}

async function describe(name: string): Promise<Description> {
  const { threads, process } = nodeModules(name);
  const key = `anygoal ${pythonPath(nodeModules(name))} ${process.cwd()} ${name}`;
  const known = threads.getEnvironmentData(key) as Description | undefined;
  if (known) return known;
  const host = await acquireHost(name);
  const { about } = host;
  releaseHost(host);
  threads.setEnvironmentData(key, about as unknown as Parameters<typeof threads.setEnvironmentData>[1]);
  return about;
}

/** Where there are goals, a process of this thread answers once they are `ready`. */
function rulesOf(name: string, about: Description, options: GymOptions): EnvRules {
  const spec = specOfDescription(name, about, options);
  let host: PythonHost | undefined;
  let asked = false;
  return {
    ...pythonRules(spec, about, options, () => host),
    async ready() {
      if (!about.goal || asked) return;
      asked = true;
      const acquired = await acquireHost(name);
      if (asked) host = acquired;
      else releaseHost(acquired); // disposed of meanwhile
    },
    dispose() {
      if (host) releaseHost(host);
      host = undefined;
      asked = false;
    },
  };
}
