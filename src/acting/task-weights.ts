// How often the episodes of a run have each task: uniform, or by weights that may change between iterations.
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec, GoalEnv } from '../envs/env.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { RunError, UsageError, unknownName } from '../errors.js';
import { createRandom, mixSeed } from '../random.js';

/**
 * Weights in the order of the tasks, 1 where none is given, of tasks in sequence those of the first phase; undefined where
 * there is a single task. `shared`: in memory that threads see, so that a change reaches the environments there.
 */
export function taskWeights(
  { tasks: { weights, sequence } }: Pick<TrainConfig, 'tasks'>,
  { name, tasks }: EnvSpec,
  shared = false,
): Float64Array | undefined {
  const [first] = Object.keys(weights);
  if (!tasks) {
    if (first === undefined) return undefined;
    throw new UsageError(`tasks.weights.${first} is given, but ${name} has a single task; leave tasks.weights out.`);
  }
  const out = new Float64Array(shared ? new SharedArrayBuffer(8 * tasks.length) : new ArrayBuffer(8 * tasks.length));
  out.fill(1);
  setTaskWeights(out, { name, tasks }, weights);
  if (sequence.length > 0) setTaskWeights(out, { name, tasks }, onlyTask({ tasks }, sequence[0]));
  return out;
}

/** Weights under which all episodes have one task. */
export const onlyTask = ({ tasks = [] }: Pick<EnvSpec, 'tasks'>, only: string): Record<string, number> => ({
  ...Object.fromEntries(tasks.map((task) => [task, 0])),
  [only]: 1,
});

/** Names of the tasks with weight 0: no episode of training has them, unless the weights change on the way. */
export const heldOutTasks = ({ tasks: { weights } }: Pick<TrainConfig, 'tasks'>): string[] =>
  Object.keys(weights).filter((task) => weights[task] === 0);

/** Changes the weights of the named tasks from the next episodes on. */
export function setTaskWeights(
  out: Float64Array,
  { name, tasks = [] }: Pick<EnvSpec, 'name' | 'tasks'>,
  weights: Readonly<Record<string, number>>,
): void {
  const changed = Array.from(out);
  for (const [task, weight] of Object.entries(weights)) {
    const number = tasks.indexOf(task);
    if (number < 0) throw unknownName('task', task, tasks, ` of ${name} in tasks.weights`);
    if (!(weight >= 0 && weight < Infinity)) {
      throw new UsageError(`tasks.weights.${task} is ${weight}; it must be a finite number, at least 0.`);
    }
    changed[number] = weight;
  }
  if (!changed.some((weight) => weight > 0)) {
    throw new UsageError(`tasks.weights are all 0; give at least one of ${tasks.join(', ')} a weight above 0.`);
  }
  out.set(changed);
}

/**
 * An environment whose episodes have tasks with chances proportional to the weights, which are read at each reset and
 * saved with the state. A task or state that is given to `reset` is taken as it is.
 */
export function withTaskWeights(env: GoalEnv, weights: Float64Array): GoalEnv {
  const random = createRandom(0);
  const words = random.save().length;
  const own = 4 * words + weights.byteLength;
  const draw = (): number => {
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    let left = random.uniform() * total;
    const task = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    return task >= 0 ? task : weights.findLastIndex((weight) => weight > 0); // rounding at the very end
  };
  return wrapEnv(env, {
    reset(options) {
      const { seed, state, task } = options ?? {};
      if (seed !== undefined) random.restore(createRandom(mixSeed(seed, 'task')).save());
      if (state) return env.reset({ ...options, state: state.subarray(own) });
      return env.reset({ ...options, task: task ?? draw() });
    },
    saveState() {
      const inner = env.saveState();
      const bytes = new Uint8Array(own + inner.length);
      bytes.set(new Uint8Array(random.save().buffer));
      bytes.set(new Uint8Array(Float64Array.from(weights).buffer), 4 * words);
      bytes.set(inner, own);
      return bytes;
    },
    restoreState(bytes) {
      if (bytes.length < own) throw new RunError(`${env.spec.name}: the saved state is of a run with other tasks.`);
      env.restoreState(bytes.subarray(own));
      random.restore(new Uint32Array(bytes.slice(0, 4 * words).buffer));
      weights.set(new Float64Array(bytes.slice(4 * words, own).buffer));
    },
  });
}
