// A learning step as the benchmark runs it: state in two sets of buffers that take turns, everything bound once.
import type { Agent } from '../../src/agents/index.js';
import { createRandom } from '../../src/random.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import { type Program, toModel } from '../../src/tensor/index.js';
import { agentOf, referenceOf, turns, type UpdateCase } from './cases.js';
import { ADAM } from './hand-nets.js';

export interface Step {
  /** Names of the outputs, those of state vectors without `_out`. */
  readonly outputs: readonly string[];
  run(): Promise<void>;
  /** An output of the last run. */
  read(name: string): Float32Array;
  dispose(): Promise<void>;
}

/** Binds a step; inputs that come out again under the same name are its state. */
export async function openStep(
  source: Program | Uint8Array,
  inputs: Readonly<Record<string, Float32Array>>,
  threads: number,
): Promise<Step> {
  const executable = await nodeRuntime.compile(source, { threads });
  const copies = [0, 1].map(() =>
    Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, value.slice()])),
  );
  const own = new Map(executable.outputs.map(({ name }) => [name.replace(/_out$/, ''), name]));
  const rest = [...own].filter(([key]) => !(key in inputs));
  const results = Object.fromEntries(
    rest.map(([key, name]) => {
      const { shape } = executable.outputs.find((output) => output.name === name)!;
      return [key, new Float32Array(shape.reduce((product, n) => product * n, 1))];
    }),
  );
  const bindings = [0, 1].map((turn) => {
    const given = Object.fromEntries(executable.inputs.map(({ name }) => [name, copies[turn][name]]));
    const filled = [...own].map(([key, name]) => [name, results[key] ?? copies[1 - turn][key]]);
    return executable.bind(given, Object.fromEntries(filled));
  });
  let turn = 0;
  return {
    outputs: [...own.keys()],
    async run() {
      await bindings[turn].run();
      turn = 1 - turn;
    },
    read: (name) => results[name] ?? copies[turn][name],
    dispose: () => executable.dispose(),
  };
}

function map(values: Float32Array, change: (value: number) => number): void {
  values.set(values.map(change));
}

/** Step count that Adam's bias correction is taken at. */
const STEP = 5;

/** One random batch, noise and a state in mid-training, as inputs of a compiled step and of its reference. */
export function stepInputs(
  agent: Agent,
  { inputs: specs }: Program,
  { agent: kind, action }: UpdateCase,
  seed: number,
): { compiled: Record<string, Float32Array>; reference: Record<string, Float32Array> } {
  const random = createRandom(seed);
  const compiled: Record<string, Float32Array> = {};
  const reference: Record<string, Float32Array> = {};
  for (const { name, shape } of specs) {
    const values = new Float32Array(shape.reduce((product, n) => product * n, 1));
    const scalars = agent.scalars[name];
    if (scalars) {
      scalars.fill(STEP, values);
      // From the compiled Adam's numbers (tensor/optimizers.ts) to the textbook's.
      const c = ADAM.epsilon / values[1];
      const textbook = Float32Array.of((values[0] * c) / (1 - ADAM.beta1), c / Math.sqrt(1 - ADAM.beta2));
      reference[name] = textbook;
      if (/^(critics?|q)\.rate$/.test(name)) reference.rate = textbook;
    } else if (/\.[mv]$/.test(name)) {
      // The compiled Adam keeps sums M = m / (1 - beta1) and V = v / (1 - beta2).
      const first = name.endsWith('.m');
      random.fillNormal(values);
      reference[name] = values.map((v) => (first ? 1e-3 * v : 1e-5 * v * v));
      const share = 1 - (first ? ADAM.beta1 : ADAM.beta2);
      values.set(reference[name].map((v) => v / share));
    } else {
      const state = agent.state[name];
      if (state) values.set(state.init(random));
      else random.fillNormal(values);
      if (name === 'reward') map(values, (v) => (v > 0 ? 0 : -1));
      if (name === 'terminated') map(values, (v) => (v > 0.8 ? 1 : 0));
      if (name === 'action' && kind === 'dqn') map(values, () => random.below(action));
      reference[name] = values;
    }
    compiled[name] = values;
  }
  return { compiled, reference };
}

/** One of the agent's update programs as a step. */
export interface UpdateStep extends Step {
  /** The program's name among the agent's updates. */
  readonly update: string;
  readonly nodes: number;
}

/** The steps of a case in their turns, compiled or by hand; both begin with the same state, batch and noise. */
export async function openSteps(
  of: UpdateCase,
  side: 'compiled' | 'reference',
  threads: number,
): Promise<UpdateStep[]> {
  const agent = agentOf(of);
  const steps: UpdateStep[] = [];
  for (const update of turns(agent)) {
    const { program } = agent.updates[update];
    const inputs = stepInputs(agent, program, of, 1)[side];
    if (side === 'compiled') {
      steps.push({ update, nodes: toModel(program).nodes.length, ...(await openStep(program, inputs, threads)) });
    } else {
      const { bytes, nodeCount } = referenceOf(of, update);
      steps.push({ update, nodes: nodeCount, ...(await openStep(bytes, inputs, threads)) });
    }
  }
  return steps;
}

/** All of them, one after the other. */
export const inTurn = (steps: readonly Step[]): { run(): Promise<void> } => ({
  async run() {
    for (const step of steps) await step.run();
  },
});
