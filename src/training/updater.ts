// Runs an agent's update programs: state vectors in two sets of buffers that take turns, inputs bound once.
import type { Agent, StateVector, UpdateProgram } from '../agents/agent.js';
import { RunError } from '../errors.js';
import type { Random } from '../random.js';
import type { Executable, NumericArray, Runtime } from '../runtime/runtime.js';
import { nextTurn } from './yield.js';

export interface Updater {
  /** Arrays that the caller fills before each update: noise and scalars are the updater's own business. */
  update(count: number): Promise<void>;
  /** The vector's present values; valid until the next update. */
  vector(name: string): Float32Array;
  /** Replaces the vector's values. */
  setVector(name: string, values: ArrayLike<number>): void;
  readonly names: readonly string[];
  /** Updates done so far. */
  updates: number;
  /** Means of the metrics since the last call, by name; empty when there was no update. */
  takeMetrics(): Record<string, number>;
  /** A metric's value in the last update that had it; NaN before. */
  latest(metric: string): number;
  dispose(): Promise<void>;
}

export interface UpdaterOptions {
  readonly agent: Agent;
  readonly runtime: Runtime;
  readonly threads: number;
  /** Generator of the initial values and of all noise; it belongs to the caller, who saves it. */
  readonly random: Random;
  /** The batch, by the names of agent.ts, refilled by `nextBatch` before each update. */
  readonly batch: Readonly<Record<string, Float32Array>>;
  readonly nextBatch: () => void;
}

/** Values beyond this mean that learning has diverged. */
const EXPLODED = 1e12;

/** Longest stretch without a turn for the event loop, in milliseconds: in pages everything shares one thread. */
const TURN = 8;

/** An update program, ready to run. */
interface Compiled {
  readonly executable: Executable;
  readonly metrics: Float32Array;
  readonly metricNames: readonly string[];
  /** State vectors that it reads or writes, and those that it writes. */
  readonly touched: readonly string[];
  readonly written: readonly string[];
  readonly noise: readonly Float32Array[];
  /** Bindings by which buffers are current, one bit per touched vector. */
  readonly bindings: Map<number, { run(): Promise<void> }>;
}

export async function createUpdater(options: UpdaterOptions): Promise<Updater> {
  const { agent, random, batch } = options;
  const names = Object.keys(agent.state);
  const buffers = initialState(agent.state, random);
  /** Which of its two buffers holds a vector's present value. */
  const current: Record<string, 0 | 1> = Object.fromEntries(names.map((name) => [name, 0]));
  const noise = mapValues(agent.noise, (size) => new Float32Array(size));
  const scalars = mapValues(agent.scalars, ({ size }) => new Float32Array(size));
  const programs = new Map<string, Compiled>();
  for (const [name, update] of Object.entries(agent.updates)) {
    const executable = await options.runtime.compile(update.program, { threads: options.threads });
    programs.set(name, prepare(executable, update));
  }
  const sums = new Map<string, [sum: number, count: number]>();
  const latest = new Map<string, number>();
  let updates = 0;

  function prepare(executable: Executable, { metricNames }: UpdateProgram): Compiled {
    const inputs = new Set(executable.inputs.map(({ name }) => name));
    const written = names.filter((name) => executable.outputs.some((output) => output.name === name));
    return {
      executable,
      metrics: new Float32Array(metricNames.length),
      metricNames,
      touched: names.filter((name) => inputs.has(name) || written.includes(name)),
      written,
      noise: Object.keys(noise)
        .filter((name) => inputs.has(name))
        .map((name) => noise[name]),
      bindings: new Map(),
    };
  }

  function bindingOf({ executable, touched, written, bindings, metrics }: Compiled): { run(): Promise<void> } {
    let key = 0;
    for (let i = 0; i < touched.length; i++) key |= current[touched[i]] << i;
    let binding = bindings.get(key);
    if (!binding) {
      const all: Record<string, NumericArray> = { ...batch, ...noise, ...scalars };
      for (const name of names) all[name] = buffers[name][current[name]];
      const inputs = Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name]]));
      const outputs: Record<string, NumericArray> = { metrics };
      for (const name of written) outputs[name] = buffers[name][1 - current[name]];
      binding = executable.bind(inputs, outputs);
      bindings.set(key, binding);
    }
    return binding;
  }

  function count({ metrics, metricNames }: Compiled): void {
    for (let i = 0; i < metrics.length; i++) {
      const value = metrics[i];
      if (!(Math.abs(value) < EXPLODED)) throw diverged(metricNames[i], value, updates);
      latest.set(metricNames[i], value);
      const entry = sums.get(metricNames[i]);
      if (entry) {
        entry[0] += value;
        entry[1]++;
      } else sums.set(metricNames[i], [value, 1]);
    }
  }

  return {
    names,
    get updates() {
      return updates;
    },
    set updates(value) {
      updates = value;
    },
    async update(many) {
      let turn = performance.now();
      for (let i = 0; i < many; i++) {
        if (performance.now() - turn > TURN) {
          await nextTurn();
          turn = performance.now();
        }
        const next = updates + 1;
        const compiled = programs.get(agent.updateName(next)) as Compiled;
        options.nextBatch();
        for (const array of compiled.noise) random.fillNormal(array);
        for (const name in scalars) agent.scalars[name].fill(next, scalars[name]);
        await bindingOf(compiled).run();
        for (const name of compiled.written) current[name] = current[name] === 0 ? 1 : 0;
        updates = next;
        count(compiled);
      }
    },
    vector: (name) => buffers[name][current[name]],
    setVector(name, values) {
      buffers[name][current[name]].set(values);
    },
    takeMetrics() {
      const means = Object.fromEntries([...sums].map(([name, [sum, n]]) => [name, sum / n]));
      sums.clear();
      return means;
    },
    latest: (metric) => latest.get(metric) ?? Number.NaN,
    async dispose() {
      for (const { executable } of programs.values()) await executable.dispose();
    },
  };
}

/** Two buffers per vector, the first with its initial values; copies (target networks) after what they copy. */
function initialState(
  state: Readonly<Record<string, StateVector>>,
  random: Random,
): Record<string, [Float32Array, Float32Array]> {
  const buffers: Record<string, [Float32Array, Float32Array]> = {};
  const make = (values: Float32Array): [Float32Array, Float32Array] => [values, new Float32Array(values.length)];
  for (const [name, vector] of Object.entries(state)) {
    if (!vector.copyOf) buffers[name] = make(vector.init(random));
  }
  for (const [name, { copyOf }] of Object.entries(state)) {
    if (copyOf) buffers[name] = make(buffers[copyOf][0].slice());
  }
  return buffers;
}

function diverged(metric: string, value: number, updates: number): RunError {
  return new RunError(
    `learning diverged at update ${updates}: ${metric} is ${value}. Usual causes: a learning rate that is too high ` +
      '(agent.learningRate), a discount too near to 1 (agent.discount), rewards or observations of very different sizes ' +
      '(training.normalize=true), or an environment that gives numbers that are not finite (anygoal check).',
  );
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
