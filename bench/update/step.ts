// A learning step as the benchmark runs it: state in two sets of buffers that take turns, everything bound once.
import { type Agent, type AgentSpec, sac } from '../../src/agents/index.js';
import { box } from '../../src/envs/index.js';
import { createRandom } from '../../src/random.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import { type Program, toModel } from '../../src/tensor/index.js';
import { ADAM, type SacSize, sacReference } from './sac-reference.js';

export interface Step {
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
    async run() {
      await bindings[turn].run();
      turn = 1 - turn;
    },
    read: (name) => results[name] ?? copies[turn][name],
    dispose: () => executable.dispose(),
  };
}

export function sacAgent({ observation, goal, action, batch, hidden }: SacSize): Agent {
  const spec: AgentSpec = { observation, goal, action: box(action, -1, 1), rewardRange: [-1, 0] };
  return sac.create(spec, sac.config.parse({ hidden }), { batchSize: batch, normalize: false });
}

const LEARNING_RATE = 3e-4;
/** Step count that Adam's bias correction is taken at. */
const STEP = 5;

/** One random batch, noise and a state in mid-training, as inputs of the compiled step and of the reference. */
export function sacInputs(
  agent: Agent,
  seed: number,
): { compiled: Record<string, Float32Array>; reference: Record<string, Float32Array> } {
  const random = createRandom(seed);
  const common: Record<string, Float32Array> = {};
  for (const [name, vector] of Object.entries(agent.state)) common[name] = vector.init(random);
  const specs = agent.updates.all.program.inputs.filter(({ name }) => !(name in common) && !name.endsWith('.rate'));
  for (const { name, shape } of specs) {
    common[name] = new Float32Array(shape.reduce((product, n) => product * n, 1));
    random.fillNormal(common[name]);
    if (name === 'reward' || name === 'terminated') common[name] = common[name].map((v) => (v > 0.8 ? 1 : 0));
  }
  const compiled = { ...common };
  const reference = { ...common };
  for (const name of Object.keys(common).filter((key) => /\.[mv]$/.test(key))) {
    // The compiled Adam keeps sums M = m / (1 - beta1) and V = v / (1 - beta2).
    const share = 1 - (name.endsWith('.m') ? ADAM.beta1 : ADAM.beta2);
    random.fillNormal(reference[name]);
    reference[name] = reference[name].map((v) => (name.endsWith('.m') ? 1e-3 * v : 1e-5 * v * v));
    compiled[name] = reference[name].map((v) => v / share);
  }
  for (const [name, { size, fill }] of Object.entries(agent.scalars)) {
    compiled[name] = new Float32Array(size);
    fill(STEP, compiled[name]);
  }
  reference.rate = Float32Array.of(LEARNING_RATE / (1 - ADAM.beta1 ** STEP), 1 / Math.sqrt(1 - ADAM.beta2 ** STEP));
  return { compiled, reference };
}

export interface Pair {
  readonly compiled: Step;
  readonly reference: Step;
  readonly compiledNodes: number;
  readonly referenceNodes: number;
}

/** The compiled step and the reference from the same state, batch and noise. */
export async function openPair(size: SacSize, threads: number): Promise<Pair> {
  const agent = sacAgent(size);
  const { program } = agent.updates.all;
  const inputs = sacInputs(agent, 1);
  const { bytes, nodeCount } = sacReference(size);
  return {
    compiled: await openStep(program, inputs.compiled, threads),
    reference: await openStep(bytes, inputs.reference, threads),
    compiledNodes: toModel(program).nodes.length,
    referenceNodes: nodeCount,
  };
}
