// A run's complete configuration from what the caller of `train` gave.
import { findAgent } from '../agents/index.js';
import { type EnvDefinition, loadEnv, parseEnvOptions } from '../envs/index.js';
import { parseRelabel } from '../replay/index.js';
import type { TrainConfig } from './config.js';
import { tunedDefaults } from './defaults/index.js';
import { resolveConfig } from './merge-config.js';
import type { TrainOptions } from './types.js';

/** General defaults < tuned defaults < `config` < single options; checked, with errors that name the setting. */
export async function configure(options: TrainOptions): Promise<TrainConfig> {
  const { env, agent, relabel, steps, seed, envs, untilSuccess, init } = options;
  const given = typeof env === 'string' ? undefined : env;
  const single = {
    env: { name: given?.name ?? env },
    ...(agent !== undefined && { agent: { name: agent } }),
    ...(relabel !== undefined && { relabel }),
    ...(steps !== undefined && { steps }),
    ...(seed !== undefined && { seed }),
    ...(envs !== undefined && { envs }),
    ...(init !== undefined && { init }),
    ...(untilSuccess !== undefined && { evaluation: { untilSuccess } }),
  };
  const config = await resolveConfig({
    layers: [
      { source: 'config', values: options.config ?? {} },
      { source: 'options', values: single },
    ],
    defaultAgent: async (envName) => defaultAgent(given ?? (await loadEnv(envName))),
    tunedDefaults,
    schemas: (envName, agentName) => optionSchemas(given ?? envName, agentName),
  });
  parseRelabel(config.relabel);
  return config;
}

/** The agent that an environment is trained with when none is named: by the kind of its actions. */
function defaultAgent(definition: EnvDefinition): string {
  const { spec } = definition.rules(parseEnvOptions(definition, {}));
  return spec.action.kind === 'discrete' ? 'dqn' : 'sac';
}

/** Schemas of the options of an environment and an agent. */
export async function optionSchemas(env: string | EnvDefinition, agent: string) {
  const definition = typeof env === 'string' ? await loadEnv(env) : env;
  return { env: definition.options, agent: findAgent(agent).config };
}
