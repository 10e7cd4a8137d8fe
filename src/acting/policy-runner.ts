// Actions: a policy program bound to reusable buffers, fed with the parameters it is given.
import type { Agent } from '../agents/agent.js';
import { identityNormalizer, type PolicyVectors } from '../agents/policy-vectors.js';
import type { TimeStep } from '../envs/env.js';
import { actionSize } from '../envs/space.js';
import type { NumericArray, Runtime } from '../runtime/runtime.js';

export interface PolicyRunner {
  /** What the policy sees, [rows, size] by the names of the agent's inputs: write here before `run`. */
  readonly inputs: Readonly<Record<string, Float32Array | Uint8Array>>;
  /** [rows, actionNoise]: write standard normals here before `run`; empty when deterministic. */
  readonly noise: Float32Array;
  /** [rows, action], filled by `run`. */
  readonly action: Float32Array;
  /** Writes what a time step shows into the inputs of a row, the first unless said otherwise. */
  see(now: TimeStep, row?: number): void;
  setPolicy(vectors: PolicyVectors): void;
  /** What a policy with memory carries along, [rows, size] by name; nothing for others. Part of what a source saves. */
  readonly memory: Readonly<Record<string, Float32Array>>;
  /** An episode begins in this row, the first unless said otherwise: its memory is empty. */
  begin(row?: number): void;
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** Compiles the agent's policy for batches of `rows`. */
export async function createPolicyRunner(
  runtime: Runtime,
  agent: Agent,
  rows: number,
  options: { deterministic: boolean },
): Promise<PolicyRunner> {
  const { spec } = agent;
  const executable = agent.decide
    ? await agent.decide(runtime, rows, options)
    : await runtime.compile(agent.act(rows, options), { threads: 1 });
  const inputs = inputArrays(agent, rows);
  const noise = new Float32Array(options.deterministic ? 0 : rows * agent.actionNoise);
  const action = new Float32Array(rows * actionSize(spec.action));
  const parameters: Record<string, Float32Array> = { normalizer: identityNormalizer(spec) };
  for (const name of agent.policyVectors) {
    parameters[name] = executable.inputArray?.(name) ?? new Float32Array(agent.state[name].size);
  }

  const memory = Object.fromEntries(
    Object.entries(agent.memory ?? {}).map(([name, size]) => [name, new Float32Array(rows * size)]),
  );
  /** What comes after: a program must not write what it reads. */
  const next = Object.fromEntries(Object.entries(memory).map(([name, { length }]) => [name, new Float32Array(length)]));
  const all: Record<string, NumericArray> = { ...parameters, ...inputs, noise, ...memory };
  const given = Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name]]));
  const binding = executable.bind(given, { action, ...next });
  const remembered = Object.keys(memory);
  const sizes = spec.inputs.map(({ name, size }) => ({ name, size }));
  return {
    inputs,
    noise,
    action,
    see(now, row = 0) {
      for (const { name, size } of sizes) inputs[name].set(shown(now, name), row * size);
    },
    setPolicy(vectors) {
      for (const [name, values] of Object.entries(parameters)) values.set(vectors[name]);
    },
    memory,
    begin(row = 0) {
      for (const values of Object.values(memory)) {
        const size = values.length / rows;
        values.fill(0, row * size, (row + 1) * size);
      }
    },
    async run() {
      await binding.run();
      for (const name of remembered) memory[name].set(next[name]);
    },
    dispose: () => executable.dispose(),
  };
}

/** Arrays for what an agent sees of `rows` states. */
export const inputArrays = ({ spec }: Agent, rows: number): Record<string, Float32Array | Uint8Array> =>
  Object.fromEntries(
    spec.inputs.map(({ name, size, dtype }) => [
      name,
      dtype === 'uint8' ? new Uint8Array(rows * size) : new Float32Array(rows * size),
    ]),
  );

/** What a time step shows of an input. */
const shown = (now: TimeStep, name: string): Float32Array | Uint8Array =>
  name === 'observation' || name === 'achieved' || name === 'goal' || name === 'task' ? now[name] : now.columns[name];
