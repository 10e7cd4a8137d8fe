// A run's complete configuration from what the caller of `train` gave.
import { cores } from '#platform';
import { findAgent } from '../agents/index.js';
import type { TrainConfig } from '../config/config.js';
import { type ConfigLayer, type ConfigRequest, resolveConfig } from '../config/merge-config.js';
import { type EnvDefinition, loadEnv, parseEnvOptions } from '../envs/index.js';
import { parseRelabel } from '../replay/index.js';
import { checkOptions } from './check-options.js';
import { tunedDefaults } from './defaults/index.js';
import { calls } from './options.js';
import { runtimeDefaults } from './runtime-defaults.js';
import type { TrainOptions } from './types.js';

/** General defaults < tuned defaults < `config` < single options; checked, with errors that name the setting. */
export async function configure(options: TrainOptions): Promise<TrainConfig> {
  checkOptions(calls.configure, options);
  const { env, agent, relabel, steps, seed, envs, workers, untilSuccess, init } = options;
  const given = typeof env === 'string' ? undefined : env;
  const single = {
    env: { name: given?.name ?? env },
    ...(agent !== undefined && { agent: { name: agent } }),
    ...(relabel !== undefined && { relabel }),
    ...(steps !== undefined && { steps }),
    ...(seed !== undefined && { seed }),
    ...(envs !== undefined && { envs }),
    ...(workers !== undefined && { workers }),
    ...(init !== undefined && { init }),
    ...(untilSuccess !== undefined && { evaluation: { untilSuccess } }),
  };
  const layers = [
    { source: 'config', values: options.config ?? {} },
    { source: 'options', values: single },
  ];
  return configureLayers(layers, given);
}

/** The same from layers of settings, lowest first; `given` is an environment that cannot be loaded by name. */
export async function configureLayers(layers: readonly ConfigLayer[], given?: EnvDefinition): Promise<TrainConfig> {
  const request: ConfigRequest = {
    layers,
    defaultAgent: async (env) => defaultAgent(given ?? (await loadEnv(env))),
    tunedDefaults,
    schemas: async (env, agent) => ({
      env: (given ?? (await loadEnv(env))).options,
      agent: findAgent(agent).config,
    }),
  };
  const config = await resolveConfig(request);
  parseRelabel(config.relabel);
  const bySize = runtimeDefaults(config, cores());
  return resolveConfig({ ...request, tunedDefaults: (env, agent) => [bySize, ...tunedDefaults(env, agent)] });
}

/** The agent that an environment is trained with when none is named: by the kind of its actions. */
function defaultAgent(definition: EnvDefinition): string {
  const rules = definition.rules(parseEnvOptions(definition, {}));
  rules.dispose?.();
  return rules.spec.action.kind === 'discrete' ? 'dqn' : 'sac';
}
