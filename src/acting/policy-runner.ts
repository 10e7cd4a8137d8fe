// Actions: a policy program bound to reusable buffers, fed with the parameters it is given.
import type { Agent, AgentSpec } from '../agents/agent.js';
import { identityNormalizer, type PolicyVectors } from '../agents/policy-vectors.js';
import { actionSize } from '../envs/env.js';
import type { Executable, NumericArray, Runtime } from '../runtime/runtime.js';

export interface PolicyRunner {
  /** [rows, observation], [rows, goal]: write here before `run`. */
  readonly observation: Float32Array;
  readonly goal: Float32Array;
  /** [rows, actionNoise]: write standard normals here before `run`; empty when deterministic. */
  readonly noise: Float32Array;
  /** [rows, action], filled by `run`. */
  readonly action: Float32Array;
  setPolicy(vectors: PolicyVectors): void;
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** Compiles the agent's policy for batches of `rows`. */
export async function createPolicyRunner(
  runtime: Runtime,
  agent: Agent,
  spec: AgentSpec,
  rows: number,
  options: { deterministic: boolean },
): Promise<PolicyRunner> {
  const executable: Executable = await runtime.compile(agent.act(rows, options), { threads: 1 });
  const observation = new Float32Array(rows * spec.observation);
  const goal = new Float32Array(rows * spec.goal);
  const noise = new Float32Array(options.deterministic ? 0 : rows * agent.actionNoise);
  const action = new Float32Array(rows * actionSize(spec.action));
  const parameters: Record<string, Float32Array> = { normalizer: identityNormalizer(spec) };
  for (const name of agent.policyVectors) parameters[name] = new Float32Array(agent.state[name].size);

  const all: Record<string, NumericArray> = { ...parameters, observation, goal, noise };
  const inputs = Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name]]));
  const binding = executable.bind(inputs, { action });
  return {
    observation,
    goal,
    noise,
    action,
    setPolicy(vectors) {
      for (const [name, values] of Object.entries(parameters)) values.set(vectors[name]);
    },
    run: () => binding.run(),
    dispose: () => executable.dispose(),
  };
}
