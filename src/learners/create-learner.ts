// The learner that a configuration describes, of the kind that its agent needs.
import type { Learning } from '../agents/agent.js';
import type { EnvRules } from '../envs/env.js';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { RunError, UsageError } from '../errors.js';
import { createQueue } from '../runtime/in-turn.js';
import type { Runtime } from '../runtime/runtime.js';
import { createAgent } from './create-agent.js';
import { refuseLanguage } from './language-refusals.js';
import type { Learner, LearnerParts, LearnerSetup } from './learner.js';
import { createOffPolicyLearner } from './off-policy-learner.js';
import { createOnPolicyLearner } from './on-policy-learner.js';
import { createTabularLearner } from './tabular-learner.js';
import { taskGroups } from './task-groups.js';

/** Loads the environment's rules, not its simulation. */
export async function createLearner({ config, definition }: LearnerSetup, runtime: Runtime): Promise<Learner> {
  const env = definition ?? (await loadEnv(config.env.name));
  const options = parseEnvOptions(env, config.env.options);
  const given = env.rules(options);
  await given.ready?.();
  const rules = withNames(given);
  const groups = taskGroups(config, env, options, rules.spec);
  const learner = await learnerOf({ config, rules, runtime, groups });
  const inTurn = createQueue();
  return {
    policy: () => inTurn(learner.policy),
    load: (episodes, rows) => inTurn(() => learner.load(episodes, rows)),
    learn: (pieces, updates, most) => inTurn(() => learner.learn(pieces, updates, most)),
    stop: () => learner.stop?.(),
    beginTask: (task) => inTurn(() => learner.beginTask(task)),
    save: () => inTurn(learner.save),
    restore: (parts, replay) => inTurn(() => learner.restore(parts, replay)),
    adopt: (parts) => inTurn(() => learner.adopt(parts)),
    dispose: () =>
      inTurn(async () => {
        await learner.dispose();
        rules.dispose?.();
      }),
  };
}

async function learnerOf(given: Omit<LearnerParts, 'agent' | 'spec'>): Promise<Learner> {
  const agent = createAgent(given.config, given.rules.spec);
  const parts: LearnerParts = { ...given, agent, spec: agent.spec };
  if (given.groups && agent.learner.kind !== 'updates') {
    throw new UsageError(
      `tasks.hindsight does not go with agent "${given.config.agent.name}", which learns from ${agent.learner.kind}; set it to 0.`,
    );
  }
  refuseLanguage(parts);
  const { gradientsEvery } = given.config.tasks;
  if (gradientsEvery > 0 && agent.learner.kind !== 'updates') {
    throw new UsageError(
      `tasks.gradientsEvery is ${gradientsEvery}, but agent "${given.config.agent.name}" learns from ${agent.learner.kind}, not from a replay, which gradients of tasks are taken from; set it to 0.`,
    );
  }
  if (given.config.model.kind !== 'none' && agent.learner.kind === 'table') {
    throw new UsageError(
      `model.kind does not go with agent "${given.config.agent.name}", which learns a table; set model.kind=none, or use another agent, such as dqn.`,
    );
  }
  const create = kinds[agent.learner.kind] as (parts: LearnerParts, learning: Learning) => Promise<Learner>;
  return create(parts, agent.learner);
}

/** The learner of each kind, which is given what the agent says about it. */
const kinds: {
  readonly [Kind in Learning['kind']]: (
    parts: LearnerParts,
    learning: Extract<Learning, { kind: Kind }>,
  ) => Promise<Learner>;
} = { updates: createOffPolicyLearner, rollouts: createOnPolicyLearner, table: createTabularLearner };

/** What the author's rules throw is told with the environment's name: it happens far from where the environment steps. */
function withNames(rules: EnvRules): EnvRules {
  const { spec } = rules;
  const attempt = (method: keyof EnvRules, run: () => void) => {
    try {
      run();
    } catch (error) {
      if (error instanceof RunError || error instanceof UsageError) throw error;
      throw new RunError(`${spec.name}: its ${method}() threw on a batch of the replay: ${error}`, { cause: error });
    }
  };
  return {
    spec,
    computeReward(achieved, desired, info, out) {
      attempt('computeReward', () => rules.computeReward(achieved, desired, info, out));
      const odd = out.find((reward) => !Number.isFinite(reward));
      if (odd === undefined) return;
      throw new RunError(
        `${spec.name}: its computeReward() gave ${odd} on a batch of the replay, for a goal of hindsight or the episode's own; it must write finite numbers only.`,
      );
    },
    computeSuccess(achieved, desired, info, out) {
      attempt('computeSuccess', () => rules.computeSuccess(achieved, desired, info, out));
    },
    computeFailed:
      rules.computeFailed &&
      ((observation, out) => attempt('computeFailed', () => rules.computeFailed?.(observation, out))),
    captions: rules.captions,
    goalFrom: rules.goalFrom && ((achieved, out) => attempt('goalFrom', () => rules.goalFrom?.(achieved, out))),
    dispose: rules.dispose && (() => rules.dispose?.()),
  };
}
