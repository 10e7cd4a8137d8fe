// The agent that a configuration names, for an environment; combinations that make no sense are refused.
import { type Agent, type AgentSpec, findAgent, listAgents } from '../agents/index.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/index.js';
import { UsageError } from '../errors.js';

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
    const fitting = listAgents()
      .filter(({ actions }) => actions.includes(env.action.kind))
      .map(({ name }) => name);
    throw new UsageError(
      `agent "${definition.name}" needs ${definition.actions.map((a) => kind[a]).join(' or ')} actions, but ${env.name} has ${kind[env.action.kind]} ones; use one of ${fitting.join(', ')}.`,
    );
  }
  if (definition.learning === 'on-policy') refuseOtherData(definition.name, config);
  const spec = agentSpec(env);
  const options = definition.config.parse(config.agent.options);
  return { agent: definition.create(spec, options, { batchSize, normalize: config.training.normalize }), spec };
}

/** On-policy agents learn from what their present policy did, and from nothing else. */
function refuseOtherData(agent: string, { relabel, training, runtime }: TrainConfig): void {
  const refuse = (setting: string, reason: string, remedy: string) => {
    throw new UsageError(`${setting} does not go with agent "${agent}": it is on-policy, and ${reason}; ${remedy}.`);
  };
  if (relabel !== 'none') {
    const reason = 'a relabelled transition was not made by the policy for that goal';
    refuse(`relabel "${relabel}"`, reason, 'use relabel none');
  }
  if (runtime.overlap) {
    const reason = 'what is collected while it learns comes from the policy before';
    refuse('runtime.overlap', reason, 'set it to false');
  }
  const { warmupSteps, demonstrations } = training;
  if (warmupSteps > 0) {
    refuse(`training.warmupSteps ${warmupSteps}`, 'random actions are not those of its policy', 'set it to 0');
  }
  if (demonstrations > 0) {
    refuse(`training.demonstrations ${demonstrations}`, 'demonstrations are not made by its policy', 'set it to 0');
  }
}
