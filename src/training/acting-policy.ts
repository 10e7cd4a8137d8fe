// A policy and its values by the names of what they see: inputs checked, calls in turn.
import { createPolicyRunner, inputArrays } from '../acting/policy-runner.js';
import type { Agent, ValueEstimate } from '../agents/index.js';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { type EnvSpec, taskNumber } from '../envs/index.js';
import { instructionName, wordsName } from '../envs/instruction-names.js';
import { UsageError, unknownName } from '../errors.js';
import type { InputSpec } from '../nets/index.js';
import { createQueue } from '../runtime/in-turn.js';
import type { NumericArray, Runtime } from '../runtime/runtime.js';
import { show } from './check-options.js';

/** Values by the names of the policy's inputs; what else the environment shows is not read, and other names are refused. */
export interface PolicyInput {
  readonly observation?: ArrayLike<number>;
  readonly goal?: ArrayLike<number>;
  readonly task?: string | number | ArrayLike<number>;
  readonly [part: string]: unknown;
}

export interface Policy {
  /** Spaces of the environment that it was trained in. */
  readonly spec: EnvSpec;
  /** Names of what it sees, in the order of the environment: those that `act` needs. */
  readonly inputs: readonly string[];
  /** In what the environment that it was loaded for is not what it was in training; empty where none was given. */
  readonly warnings: readonly string[];
  /**
   * The best action for what is seen: `observation`, `goal` and the environment's further parts by their names, `task` by
   * its name or number, `instruction` as a sentence or its vector; what the environment does not have is left out. A new array, within the action space.
   */
  act(input: PolicyInput): Promise<Float32Array>;
  /** An episode begins: a policy with memory forgets the one before. Others need not be told. */
  begin(): void;
  dispose(): Promise<void>;
}

/** An agent's policy with these parameters. */
export async function createPolicy(
  env: EnvSpec,
  agent: Agent,
  vectors: PolicyVectors,
  runtime: Runtime,
): Promise<Policy> {
  const runner = await createPolicyRunner(runtime, agent, 1, { deterministic: true });
  runner.setPolicy(vectors);
  const { inputs } = agent.spec;
  // Loaded where it is needed alone: the table of the encoder is large.
  const text = env.instruction && (await import('../envs/instruction-part.js'));
  /** What is given for an input; of a sentence its vector, and those of its words. */
  const said = (name: string, input: PolicyInput | undefined) => {
    const sentence = input?.instruction;
    if (!text || !env.instruction || typeof sentence !== 'string') return input?.[name];
    if (name === instructionName) return text.instructionVector(env.instruction, sentence);
    return name === wordsName ? text.wordVectors(env.instruction, sentence) : input?.[name];
  };
  const example = exampleOf(inputs, env);
  const known = knownNames(inputs, env);
  const inTurn = createQueue(); // calls share buffers
  return {
    spec: env,
    inputs: inputs.map(({ name }) => name),
    warnings: [],
    act: (input) =>
      inTurn(async () => {
        refuseUnknown(input, known);
        const values = inputs.map((of) => inputValues(of, said(of.name, input), env, example));
        inputs.forEach(({ name }, i) => {
          runner.inputs[name].set(values[i]);
        });
        await runner.run();
        return runner.action.slice();
      }),
    begin: () => runner.begin(),
    dispose: () => runner.dispose(),
  };
}

/** What time steps have, and policies may be given with the rest of them. */
const ofSteps = 'observation achieved goal info task columns reward isSuccess failed terminated truncated cut'.split(
  ' ',
);

/** Names that may be given: of inputs and, behind them, of what else the environment shows. */
function knownNames(inputs: readonly InputSpec[], { parts, columns, instruction }: EnvSpec) {
  const read = [...new Set([...inputs.map(({ name }) => name), ...(instruction ? [instructionName] : [])])];
  return { read, all: new Set([...read, ...ofSteps, ...Object.keys({ ...parts, ...columns })]) };
}

function refuseUnknown(input: PolicyInput | undefined, { read, all }: ReturnType<typeof knownNames>): void {
  for (const [name, value] of Object.entries(input ?? {})) {
    if (value !== undefined && !all.has(name)) throw unknownName('input', name, read, ' of act');
  }
}

/** Whether it is made of the sentence that is given as `instruction`. */
const isSaid = (name: string, { instruction }: EnvSpec): boolean =>
  instruction !== undefined && (name === instructionName || name === wordsName);

function exampleOf(inputs: readonly InputSpec[], env: EnvSpec): string {
  const names = inputs.map(({ name }) => (isSaid(name, env) ? instructionName : name));
  const given = [...new Set(names)].map((name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}': numbers`));
  return `act({ ${given.join(', ')} })`;
}

/** The values of an input, checked: all of them, each one that it can be, or a task's number. */
function inputValues(
  { name, size, shape, role, dtype }: InputSpec,
  given: unknown,
  env: EnvSpec,
  example: string,
): ArrayLike<number> {
  if (role === 'task') return [givenTask(given, env)];
  const values = given as ArrayLike<number> | null | undefined;
  const count = shape.length > 1 ? shape.join(' x ') : String(size);
  if (values?.length === undefined || typeof values === 'string') {
    const needed = isSaid(name, env)
      ? `${instructionName}: a sentence (or ${name === instructionName ? 'its' : `${name}:`} ${count} numbers)`
      : `${name}: a list of ${count} numbers`;
    throw new UsageError(`act needs ${needed}, as in ${example}, not ${show(given)}.`);
  }
  if (values.length !== size) {
    throw new UsageError(`${name} has ${values.length} numbers, but ${env.name} has ${count}; pass all of them.`);
  }
  for (let i = 0; i < size; i++) {
    const value = values[i];
    if (dtype === 'uint8' ? value >= 0 && value <= 255 && Number.isInteger(value) : Number.isFinite(value)) continue;
    const allowed = dtype === 'uint8' ? 'a whole number from 0 to 255' : 'a finite number';
    throw new UsageError(`${name}[${i}] is ${show(value)}; it must be ${allowed}.`);
  }
  return values;
}

/** Of a task's name, its number, or an array of just that. */
function givenTask(given: unknown, env: EnvSpec): number {
  const one = typeof given === 'object' && given !== null ? (given as ArrayLike<unknown>)[0] : given;
  if (typeof one === 'string' || typeof one === 'number') return taskNumber(env, one);
  const { tasks = [] } = env;
  const what = given === undefined ? 'task is missing' : `task is ${show(given)}`;
  throw new UsageError(`${what}: pass one of ${tasks.join(', ')}, or its number from 0 to ${tasks.length - 1}.`);
}

/** V(s, g) of `rows` states with their goals at a time. */
export interface ValueFunction {
  /** [rows, size] of every input by its name (tasks by number) to V(s, g) [rows], a new array. */
  evaluate(input: Readonly<Record<string, ArrayLike<number>>>): Promise<Float32Array>;
  dispose(): Promise<void>;
}

/** An agent's estimate with these parameters. */
export async function createValue(
  agent: Agent,
  estimate: ValueEstimate,
  vectors: PolicyVectors,
  { rows, runtime }: { rows: number; runtime: Runtime },
): Promise<ValueFunction> {
  const executable = await runtime.compile(estimate.program(rows), { threads: 1 });
  const seen = inputArrays(agent, rows);
  const all: Record<string, NumericArray> = { ...vectors, ...seen };
  const value = new Float32Array(rows);
  const given = Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name]]));
  const binding = executable.bind(given, { value });
  const inTurn = createQueue(); // calls share buffers
  return {
    evaluate: (input) =>
      inTurn(async () => {
        for (const [name, array] of Object.entries(seen)) {
          const values = input[name];
          if (values?.length !== array.length) {
            const what = values ? `has ${values.length} numbers` : 'is missing';
            throw new UsageError(`${name} ${what}, but ${rows} rows take ${array.length}.`);
          }
          array.set(values);
        }
        await binding.run();
        return value.slice();
      }),
    dispose: () => executable.dispose(),
  };
}
