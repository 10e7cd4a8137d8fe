// Updates an agent: batches, noise and scalars for its update programs, and what their metrics say.
import type { Agent } from '../agents/agent.js';
import { RunError } from '../errors.js';
import type { Random } from '../random.js';
import type { Runtime } from '../runtime/runtime.js';
import { createStateBuffers, type ReadyProgram, readyPrograms } from './update-programs.js';
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
  /** The batch, by the names of agent.ts, refilled by `nextBatch` for each update, as soon as nothing reads it. */
  readonly batch: Readonly<Record<string, Float32Array>>;
  readonly nextBatch: () => void;
}

/** Values beyond this mean that learning has diverged. */
const EXPLODED = 1e12;

/** Longest stretch without a turn for the event loop, in milliseconds: in pages everything shares one thread. */
const TURN = 8;

export async function createUpdater(options: UpdaterOptions): Promise<Updater> {
  const { agent, random, batch } = options;
  const state = createStateBuffers(agent.state, random);
  const scalars = mapValues(agent.scalars, ({ size }) => new Float32Array(size));
  const programs = await readyPrograms(agent, state, { ...batch, ...scalars }, options);
  const sums = new Map<string, [sum: number, count: number]>();
  const latest = new Map<string, number>();
  let updates = 0;

  /** One update: its programs read what was before it. `ahead` is called while another thread may still be at work. */
  async function update(number: number, first: boolean, last: boolean, ahead: () => void): Promise<void> {
    const parts = agent.updateNames(number).map((name) => programs.get(name) as ReadyProgram);
    for (const name in scalars) agent.scalars[name].fill(number, scalars[name]);
    for (const { noise } of parts) for (const array of noise) random.fillNormal(array);
    for (const part of parts) await part.run(first, last);
    ahead();
    for (const part of parts) await part.finish?.(last);
    for (const { written } of parts) for (const name of written) state.swap(name);
    updates = number;
    for (const part of parts) count(part);
  }

  function count({ metrics, metricNames }: ReadyProgram): void {
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
    names: state.names,
    get updates() {
      return updates;
    },
    set updates(value) {
      updates = value;
    },
    async update(many) {
      let turn = performance.now();
      if (many > 0) options.nextBatch();
      for (let i = 0; i < many; i++) {
        if (performance.now() - turn > TURN) {
          await nextTurn();
          turn = performance.now();
        }
        const last = i === many - 1;
        await update(updates + 1, i === 0, last, last ? nothing : options.nextBatch);
      }
    },
    vector: state.now,
    setVector: (name, values) => state.now(name).set(values),
    takeMetrics() {
      const means = Object.fromEntries([...sums].map(([name, [sum, n]]) => [name, sum / n]));
      sums.clear();
      return means;
    },
    latest: (metric) => latest.get(metric) ?? Number.NaN,
    async dispose() {
      for (const program of programs.values()) await program.dispose();
    },
  };
}

const nothing = () => undefined;

function diverged(metric: string, value: number, updates: number): RunError {
  return new RunError(
    `learning diverged at update ${updates}: ${metric} is ${value}. Usual causes: a learning rate that is too high ` +
      '(agent.learningRate), a discount too near to 1 (agent.discount), rewards or observations of very different sizes ' +
      '(training.normalize=true), or an environment that gives numbers that are not finite (anygoal check).',
  );
}

const mapValues = <A, B>(record: Readonly<Record<string, A>>, of: (value: A) => B): Record<string, B> =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, of(value)]));
