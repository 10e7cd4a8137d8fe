// anygoal: goal-conditioned reinforcement learning. Further rooms: anygoal/agents, /envs, /nets, /physics, /replay, /tensor.
export { type AgentDefinition, findAgent, listAgents } from './agents/index.js';
export * from './conditioning/index.js';
export {
  box,
  createGoalEnv,
  createVectorEnv,
  defineEnv,
  discrete,
  type EnvDefinition,
  type EnvSpec,
  type GoalEnv,
  type GoalRules,
  listEnvs,
  loadEnv,
  makeEnv,
  type Simulation,
} from './envs/index.js';
export { RunError, StoppedError, UsageError } from './errors.js';
export { createRandom, type Random } from './random.js';
export * from './training/index.js';
