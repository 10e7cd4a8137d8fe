// The learner that a configuration describes, of the kind that its agent needs.
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import type { Runtime } from '../runtime/runtime.js';
import { createAgent } from './create-agent.js';
import type { Learner, LearnerParts, LearnerSetup } from './learner.js';
import { createOffPolicyLearner } from './off-policy-learner.js';
import { createOnPolicyLearner } from './on-policy-learner.js';
import { createTabularLearner } from './tabular-learner.js';

/** Loads the environment's rules, not its simulation. */
export async function createLearner({ config, definition }: LearnerSetup, runtime: Runtime): Promise<Learner> {
  const env = definition ?? (await loadEnv(config.env.name));
  const rules = env.rules(parseEnvOptions(env, config.env.options));
  const { agent, spec } = createAgent(config, rules.spec);
  const parts: LearnerParts = { config, rules, agent, spec, runtime };
  if (agent.table) return createTabularLearner(parts, agent.table);
  if (agent.rollouts) return createOnPolicyLearner(parts, agent.rollouts);
  return createOffPolicyLearner(parts);
}
