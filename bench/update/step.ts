// A learning step as the benchmark runs it: the program's through the updater, the hand-written one bound once.
import type { Agent } from '../../src/agents/index.js';
import { testBatch } from '../../src/agents/testing.js';
import { batchOf as askedOf } from '../../src/learners/updater-inputs.js';
import { createRandom, type Random } from '../../src/random.js';
import { nodeRuntime } from '../../src/runtime/node.js';
import type { Runtime } from '../../src/runtime/runtime.js';
import { toModel } from '../../src/tensor/index.js';
import { blocksOf, drawStreams, noiseOf, WORDS } from '../../src/updates/update-noise.js';
import { createUpdater, type Updater } from '../../src/updates/updater.js';
import { agentOf, referenceOf, specOf, turns, type UpdateCase } from './cases.js';
import { ADAM } from './hand-nets.js';
import { sampledBatches } from './sampled.js';

/** Updates done before: Adam's bias correction is in mid-training. An even number, so that turns begin with the first. */
const BEFORE = 4;

type Vectors = Record<string, Float32Array>;

/** Every update has the same noise, drawn from its beginning on, on both sides in the same order. */
const noiseStream = () => createRandom(3);

/** One batch for all updates. */
function batchOf(of: UpdateCase): Vectors {
  const batch = testBatch(specOf(of), of.batch);
  const random = createRandom(1);
  for (const name of ['observation', 'next.observation', 'goal', 'reward', 'terminated', 'action']) {
    random.fillNormal(batch[name]);
  }
  const change = (name: string, to: (value: number) => number) => batch[name].set(batch[name].map(to));
  change('reward', (v) => (v > 0 ? 0 : -1));
  change('terminated', (v) => (v > 0.8 ? 1 : 0));
  if (of.agent === 'dqn') change('action', () => random.below(of.action));
  return batch;
}

/** A state in mid-training, with the compiled Adam's sums M = m / (1 - beta1) and V = v / (1 - beta2). */
function stateOf(agent: Agent): Vectors {
  const random = createRandom(2);
  const state: Vectors = {};
  for (const [name, { size, init }] of Object.entries(agent.state)) {
    state[name] = init(random);
    if (!/\.[mv]$/.test(name)) continue;
    const values = new Float32Array(size);
    random.fillNormal(values);
    const first = name.endsWith('.m');
    state[name] = values.map((v) => (first ? (1e-3 * v) / (1 - ADAM.beta1) : (1e-5 * v * v) / (1 - ADAM.beta2)));
  }
  return state;
}

export interface Compiled {
  readonly updater: Updater;
  /** Nodes of the programs of each of the updates that take turns. */
  readonly nodes: readonly number[];
  /** Whether each update draws its batch; else all have the same one, and the same noise. */
  sampled: boolean;
  /** Called when a batch is due: before each update. */
  onUpdate: () => void;
}

/** The agent's own updates, as training runs them. */
export async function openCompiled(of: UpdateCase, threads: number, runtime: Runtime = nodeRuntime): Promise<Compiled> {
  const agent = agentOf(of);
  const programs = agent.steps(of.batch);
  const opened = {
    nodes: turns(agent).map((steps) =>
      steps.reduce((sum, step) => sum + toModel(programs[step].program, { pieces: true }).nodes.length, 0),
    ),
    sampled: false,
    onUpdate() {},
  };
  const noise = noiseStream();
  const beginning = noise.save();
  const drawn = sampledBatches(of, askedOf(agent, of.batch).names);
  const { normalizer, ...stored } = batchOf(of);
  for (const [name, column] of Object.entries(drawn.columns)) column.set(stored[name]);
  const updater = await createUpdater({
    agent,
    rows: of.batch,
    runtime,
    threads,
    random: noise,
    batch: { ...drawn.columns, normalizer },
    nextBatch() {
      opened.onUpdate();
      if (opened.sampled) drawn.sample();
      else noise.restore(beginning);
    },
  });
  for (const [name, values] of Object.entries(stateOf(agent))) updater.setVector(name, values);
  updater.updates = BEFORE;
  return Object.assign(opened, { updater });
}

export interface ReferenceStep {
  readonly nodes: number;
  readonly metricNames: readonly string[];
  /** Outputs that are state vectors. */
  readonly vectors: readonly string[];
  run(): Promise<void>;
  /** A state vector after the last run, its moments as the compiled Adam keeps them, or `metrics`. */
  read(name: string): Float32Array;
  dispose(): Promise<void>;
}

/** The hand-written updates in their turns, from the same state, batch and noise. */
export async function openReferences(of: UpdateCase, threads: number): Promise<ReferenceStep[]> {
  const agent = agentOf(of);
  const steps: ReferenceStep[] = [];
  for (const [turn, names] of turns(agent).entries()) {
    const { bytes, nodeCount, metricNames } = referenceOf(of, names);
    const inputs: Vectors = { ...batchOf(of), ...stateOf(agent), ...ratesOf(agent, of.batch, BEFORE + 1 + turn) };
    const random = noiseStream();
    for (const step of names) Object.assign(inputs, noiseInputs(agent, step, of.batch, random));
    for (const name of Object.keys(agent.state)) inputs[name] = inputs[name].map((v) => v * shareOf(name));
    steps.push({ nodes: nodeCount, metricNames, ...(await bind(bytes, inputs, threads)) });
  }
  return steps;
}

/** The noise that training draws for a step: that of rows in blocks, each from a stream of its own. */
function noiseInputs(agent: Agent, step: string, rows: number, random: Random): Vectors {
  const { noise: declared } = agent.steps(rows)[step];
  const noise: Vectors = Object.fromEntries(
    Object.entries(declared).map(([name, { shape }]) => [name, new Float32Array(shape.reduce((a, b) => a * b, 1))]),
  );
  const asked = Object.keys(declared);
  const ofRows = asked.filter((name) => declared[name].per === 'row');
  const streams = new Uint32Array(ofRows.length > 0 ? WORDS * blocksOf(rows) : 0);
  drawStreams(random, streams);
  const fill = noiseOf(
    streams,
    ofRows.map((name) => noise[name]),
  );
  fill();
  for (const name of asked) if (!ofRows.includes(name)) random.fillNormal(noise[name]);
  return noise;
}

/** From the compiled Adam's moments to the textbook's. */
const shareOf = (name: string): number =>
  name.endsWith('.m') ? 1 - ADAM.beta1 : name.endsWith('.v') ? 1 - ADAM.beta2 : 1;

/** The textbook's numbers of Adam for each vector: those of the compiled one (tensor/optimizers.ts), without its sums. */
function ratesOf(agent: Agent, rows: number, update: number): Vectors {
  const rates: Vectors = {};
  for (const { optimizerSteps } of Object.values(agent.steps(rows))) {
    for (const { vector, fill } of optimizerSteps) {
      const out = new Float32Array(2);
      fill(update, out);
      const c = ADAM.epsilon / out[1];
      const textbook = Float32Array.of((out[0] * c) / (1 - ADAM.beta1), c / Math.sqrt(1 - ADAM.beta2));
      rates[`${vector}.rate`] = textbook;
      if (/^(critics?|q)$/.test(vector)) rates.rate = textbook;
    }
  }
  return rates;
}

/** State in two sets of buffers that take turns, everything bound once. */
async function bind(bytes: Uint8Array, inputs: Vectors, threads: number) {
  const executable = await nodeRuntime.compile(bytes, { threads });
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
    vectors: [...own.keys()].filter((key) => key in inputs),
    async run() {
      await bindings[turn].run();
      turn = 1 - turn;
    },
    read: (name: string) => results[name] ?? copies[turn][name].map((v) => v / shareOf(name)),
    dispose: () => executable.dispose(),
  };
}

/** All of them, one after the other. */
export const inTurn = (steps: readonly { run(): Promise<void> }[]): { run(): Promise<void> } => ({
  async run() {
    for (const step of steps) await step.run();
  },
});
