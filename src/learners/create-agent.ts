// The agent that a configuration names, for an environment; combinations that make no sense are refused.
import { type Agent, type AgentDefinition, agentSpec, findAgent, listAgents } from '../agents/index.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/index.js';
import { UsageError } from '../errors.js';

/** The agent of a configuration for an environment; combinations that make no sense are refused with the reason. */
export function createAgent(config: TrainConfig, env: EnvSpec): Agent {
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
  const options = optionsOf(definition, config.agent.options);
  const { normalize } = config.training;
  return definition.create(agentSpec(env, { byTask: normalize === 'task' }), options, { normalize });
}

/** Settings of former versions: a run that has them at these values means the same without them. */
const retired: Readonly<Record<string, unknown>> = { simultaneous: false };

/** Whoever sets something learns of mistakes before (config/merge-config.ts); these come from runs of other versions. */
function optionsOf({ name, config }: AgentDefinition, given: Readonly<Record<string, unknown>>): unknown {
  const known = Object.entries(given).filter(([key, value]) => !(key in retired) || value !== retired[key]);
  const parsed = config.safeParse(Object.fromEntries(known));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const what =
    issue.code === 'unrecognized_keys' ? `no setting "${issue.keys[0]}"` : `${issue.path.join('.')}: ${issue.message}`;
  throw new UsageError(
    `agent "${name}" of this version does not take the run's settings (${what}); use the version that config.json names, or train anew.`,
  );
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
