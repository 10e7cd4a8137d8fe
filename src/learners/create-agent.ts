// The agent that a configuration names, for an environment; combinations that make no sense are refused.
import { type Agent, type AgentDefinition, type AgentSpec, agentSpec, findAgent, listAgents } from '../agents/index.js';
import type { TrainConfig } from '../config/config.js';
import { shownParts } from '../envs/families/demonstration.js';
import { type EnvDefinition, type EnvSpec, loadEnv, parseEnvOptions } from '../envs/index.js';
import { hasGoals } from '../envs/spec.js';
import { UsageError, unknownName } from '../errors.js';
import type { InputSpec } from '../nets/index.js';
import { planningAgent } from '../planning/planning-agent.js';
import { parseRelabel } from '../replay/index.js';

/**
 * The agent of a configuration for an environment; combinations that make no sense are refused with the reason. `given`: the
 * environment itself, where it cannot be loaded by its name.
 */
export function createAgent(config: TrainConfig, env: EnvSpec, given?: EnvDefinition): Agent {
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
  if (definition.needsGoals && !seesGoal(config, env)) {
    const why = hasGoals(env) ? 'tasks.identifiers leaves the goal out' : `${env.name} has none`;
    throw new UsageError(
      `agent "${definition.name}" learns to reach goals, and ${why}; use another agent, such as sac.`,
    );
  }
  if (definition.learning === 'on-policy') refuseOtherData(definition.name, config);
  const options = optionsOf(definition, config.agent.options);
  const { normalize } = config.training;
  const spec = withIdentifiers(config, env, agentSpec(env, { byTask: normalize === 'task' }));
  const rules = async () => {
    const known = given ?? (await loadEnv(config.env.name));
    const made = known.rules(parseEnvOptions(known, config.env.options));
    await made.ready?.();
    return made;
  };
  const agent = definition.create(spec, options, {
    normalize,
    ...(config.model.kind !== 'none' && {
      plan: (seen, settings) => planningAgent(env, config.model, seen, settings, rules),
    }),
  });
  refuseVectorNames(definition.name, agent, env);
  refuseHindsight(config, agent);
  refuseOtherViews(config, options);
  return agent;
}

/** The run's hindsight is for the goal that batches have where an agent asks for no others. */
function refuseHindsight({ relabel, agent: { name } }: TrainConfig, { batch }: Agent): void {
  if (relabel === 'none' || !batch?.goals) return;
  throw new UsageError(
    `relabel is ${relabel}, but agent "${name}" draws goals of its own (${Object.keys(batch.goals).join(', ')}); use relabel none.`,
  );
}

/** Whether a policy sees its goal, in numbers or as a picture, so that hindsight can give it another one. */
export const seesGoal = ({ tasks: { identifiers } }: Pick<TrainConfig, 'tasks'>, env: EnvSpec): boolean =>
  hasGoals(env) &&
  ['goal', ...Object.keys(env.goalPictures ?? {})].some(
    (name) => !env.privileged?.includes(name) && (identifiers.length === 0 || identifiers.includes(name)),
  );

/** All of the state, and of what tells the task (goal, number, parts of episodes) what the configuration names. */
function withIdentifiers(config: TrainConfig, env: EnvSpec, spec: AgentSpec): AgentSpec {
  const { identifiers } = config.tasks;
  if (identifiers.length === 0) return spec;
  const known = spec.inputs.filter(({ role }) => role !== 'state').map(({ name }) => name);
  const stranger = identifiers.find((name) => !known.includes(name));
  if (stranger !== undefined && known.length === 0) {
    throw new UsageError(
      `tasks.identifiers names ${stranger}, but ${env.name} has a single task without goals; leave it out.`,
    );
  }
  if (stranger !== undefined) throw unknownName(`identifier of ${env.name} in tasks.identifiers`, stranger, known);
  if (parseRelabel(config.relabel).strategy !== 'caption' && config.relabel !== 'none' && !seesGoal(config, env)) {
    throw new UsageError(
      `relabel "${config.relabel}" does not go with tasks.identifiers ${identifiers.join(', ')}: the policy would not see the new goals; use relabel none, or add goal.`,
    );
  }
  const isTold = ({ name, role }: InputSpec) => role === 'state' || identifiers.includes(name);
  const untold = spec.inputs.filter((input) => !isTold(input));
  return { ...spec, inputs: spec.inputs.filter(isTold), ...(untold.length > 0 && { untold }) };
}

/** Of views that are all of the same size a film does not tell which is which. */
function refuseOtherViews({ env }: TrainConfig, options: unknown): void {
  const { views = [] } = (options as { recognizes?: { views?: readonly string[] } }).recognizes ?? {};
  const shown = shownParts(env.options);
  if (views.length === 0 || views.join() === shown.join()) return;
  throw new UsageError(
    `agent.recognizes.views is [${views.join(', ')}], but what episodes of ${env.name} show of each moment is ${shown.join(', ')} (env.demonstrationIn); name the same, in that order.`,
  );
}

/** Programs know the parts of an observation and the agent's vectors by name. */
function refuseVectorNames(name: string, { state }: Agent, { name: env, parts = {} }: EnvSpec): void {
  const taken = Object.keys(parts).find((part) => Object.hasOwn(state, part));
  if (taken === undefined) return;
  throw new UsageError(
    `${env} has a part "${taken}" of its observation, and agent "${name}" has a vector of that name; rename the part (${Object.keys(state).join(', ')} are taken).`,
  );
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
function refuseOtherData(agent: string, { relabel, training, runtime, tasks }: TrainConfig): void {
  const refuse = (setting: string, reason: string, remedy: string) => {
    throw new UsageError(`${setting} does not go with agent "${agent}": it is on-policy, and ${reason}; ${remedy}.`);
  };
  if (relabel !== 'none') {
    const reason = 'a relabelled transition was not made by the policy for that goal';
    refuse(`relabel "${relabel}"`, reason, 'use relabel none');
  }
  if (tasks.hindsight > 0) {
    const reason = "another task's episode was not made by the policy for that task";
    refuse(`tasks.hindsight ${tasks.hindsight}`, reason, 'set it to 0');
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
