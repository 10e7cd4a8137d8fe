// Updates an agent: batches, noise and rates for its steps of learning, and what their metrics say.
import type { Learnable } from '../agents/agent.js';
import { RunError } from '../errors.js';
import { nextTurn } from '../platform/yield.js';
import type { Random } from '../random.js';
import { type StepsOptions, startSteps } from './update-steps.js';

/** A metric's values since they were last taken. */
export type MetricSum = readonly [sum: number, count: number];

export interface Updater {
  /**
   * Learns from so many batches, or fewer where `stops` says so before one of them; gives their number. Noise and rates are
   * the updater's own business.
   */
  update(count: number, stops?: () => boolean): Promise<number>;
  /** The vector's present values; valid until the next update. */
  vector(name: string): Float32Array;
  /** Replaces the vector's values. */
  setVector(name: string, values: ArrayLike<number>): void;
  readonly names: readonly string[];
  /** Updates done so far. */
  updates: number;
  /** Means of the metrics since the last call, by name; empty when there was no update. */
  takeMetrics(): Record<string, number>;
  /** What the means are of, so far; values are added to these where they are set. */
  sums: Readonly<Record<string, MetricSum>>;
  /** A metric's value in the last update that had it; NaN before. */
  latest(metric: string): number;
  dispose(): Promise<void>;
}

export interface UpdaterOptions extends StepsOptions {
  /** Refills the batch, before each update. */
  readonly nextBatch: () => void;
  /** The section of settings that errors name; absent: `agent`. */
  readonly section?: string;
}

/** Values beyond this mean that learning has diverged. */
const EXPLODED = 1e12;

/** Longest stretch without a turn for the event loop, in milliseconds: in pages everything shares one thread. */
const TURN = 8;

export async function createUpdater(options: UpdaterOptions): Promise<Updater> {
  const { agent, random, section = 'agent' } = options;
  const steps = await startSteps(options);
  const { vectors } = steps;
  initialize(agent, random, vectors);
  const indexOf = new Map(steps.names.map((name, i) => [name, i]));
  const sums = new Map<string, [sum: number, count: number]>();
  const latest = new Map<string, number>();
  let updates = 0;
  /** Whether vectors changed otherwise than by updates. */
  let changed = false;

  async function update(number: number): Promise<void> {
    const taken = agent.updateNames(number).map((name) => indexOf.get(name) as number);
    await steps.take(taken, number, changed);
    changed = false;
    updates = number;
    for (const step of taken) count(step);
  }

  function count(step: number): void {
    const metricNames = steps.metricNames[step];
    for (let i = 0; i < metricNames.length; i++) {
      const name = metricNames[i];
      const value = steps.metric(step, i);
      if (!(Math.abs(value) < EXPLODED)) throw diverged(name, value, updates, section);
      latest.set(name, value);
      const entry = sums.get(name);
      if (entry) {
        entry[0] += value;
        entry[1]++;
      } else sums.set(name, [value, 1]);
    }
  }

  return {
    names: Object.keys(vectors),
    get updates() {
      return updates;
    },
    set updates(value) {
      updates = value;
    },
    async update(many, stops = () => false) {
      let turn = performance.now();
      for (let i = 0; i < many; i++) {
        if (performance.now() - turn > TURN) {
          await nextTurn();
          turn = performance.now();
        }
        if (stops()) return i;
        options.nextBatch();
        await update(updates + 1);
      }
      return many;
    },
    vector: (name) => vectors[name],
    setVector(name, values) {
      vectors[name].set(values);
      changed = true;
    },
    takeMetrics() {
      const means = Object.fromEntries([...sums].map(([name, [sum, n]]) => [name, sum / n]));
      sums.clear();
      return means;
    },
    get sums() {
      return Object.fromEntries(sums);
    },
    set sums(saved) {
      for (const [name, [sum, count]] of Object.entries(saved)) sums.set(name, [sum, count]);
    },
    latest: (metric) => latest.get(metric) ?? Number.NaN,
    dispose: steps.dispose,
  };
}

/** Initial values; copies (target networks) after what they copy. */
function initialize({ state }: Learnable, random: Random, vectors: Readonly<Record<string, Float32Array>>): void {
  for (const [name, { init, copyOf }] of Object.entries(state)) if (!copyOf) vectors[name].set(init(random));
  for (const [name, { copyOf }] of Object.entries(state)) if (copyOf) vectors[name].set(vectors[copyOf]);
}

function diverged(metric: string, value: number, updates: number, section: string): RunError {
  return new RunError(
    `learning diverged at update ${updates}: ${metric} is ${value}. Usual causes: a learning rate that is too high ` +
      `(${section}.learningRate), ${section === 'agent' ? 'a discount too near to 1 (agent.discount), ' : ''}rewards or observations of very different sizes ` +
      '(training.normalize=true), or an environment that gives numbers that are not finite (anygoal check).',
  );
}
