// The agent that a configuration names, for an environment; combinations that make no sense are refused.
import { type Agent, type AgentSpec, findAgent } from '../agents/index.js';
import type { EnvSpec } from '../envs/index.js';
import { UsageError } from '../errors.js';
import type { TrainConfig } from './config.js';

const agentSpec = (spec: EnvSpec): AgentSpec => ({
  observation: spec.observation.size,
  goal: spec.goal.size,
  action: spec.action,
  rewardRange: spec.rewardRange,
});

/** The agent of a configuration for an environment; combinations that make no sense are refused with the reason. */
export function createAgent(
  config: TrainConfig,
  env: EnvSpec,
  batchSize = config.training.batchSize,
): { agent: Agent; spec: AgentSpec } {
  const definition = findAgent(config.agent.name);
  if (!definition.actions.includes(env.action.kind)) {
    const kind = { box: 'continuous', discrete: 'discrete' } as const;
    throw new UsageError(
      `agent "${definition.name}" needs ${definition.actions.map((a) => kind[a]).join(' or ')} actions, but ${env.name} has ${kind[env.action.kind]} ones; choose another agent.`,
    );
  }
  if (definition.learning === 'on-policy' && config.relabel !== 'none') {
    throw new UsageError(
      `relabel "${config.relabel}" does not go with agent "${definition.name}": it is on-policy, and a relabelled transition was not made by the policy for that goal; use relabel none.`,
    );
  }
  const spec = agentSpec(env);
  const options = definition.config.parse(config.agent.options);
  return { agent: definition.create(spec, options, { batchSize, normalize: config.training.normalize }), spec };
}
