// Tuned settings: whatever agent is asked for, an environment's settings suit it, and they ask for nothing that is not there.
import { describe, expect, test } from 'vitest';
import { findDemonstrator } from '../../acting/demonstrations.js';
import { listAgents } from '../../agents/index.js';
import { listEnvs, loadEnv, parseEnvOptions } from '../../envs/index.js';
import { createAgent } from '../../learners/create-agent.js';
import { configure } from '../configure.js';
import { tunedFor } from './index.js';

describe.each(listEnvs().filter(({ name }) => tunedFor(name)))('$name', ({ name: env }) => {
  test('every agent for its actions takes them', async () => {
    const definition = await loadEnv(env);
    const rules = definition.rules(parseEnvOptions(definition, {}));
    const { spec } = rules;
    const agents = listAgents().filter(({ actions }) => actions.includes(spec.action.kind));
    expect(agents.length).toBeGreaterThan(1);
    for (const { name: agent } of agents) {
      const config = await configure({ env, agent });
      expect(createAgent(config, spec).steps(1), agent).toBeDefined();
      if (config.training.demonstrations > 0) findDemonstrator(definition, config.env.options);
    }
    rules.dispose?.();
  });
});
