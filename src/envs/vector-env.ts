// Several environments stepped side by side, in flat arrays written in place.
import { RunError, UsageError } from '../errors.js';
import { mixSeed } from '../random.js';
import { actionSize, type EnvSpec, type GoalEnv, type TimeStep } from './env.js';
import { createEnvMemory, type EnvColumns, packEnvs, unpackEnvs } from './env-columns.js';

/** n environments of one kind, in this thread; the arrays belong to this object and change with each call. */
export interface VectorEnv extends EnvColumns {
  readonly spec: EnvSpec;
  /** Number of environments: n. */
  readonly count: number;
  /** Begins an episode in every row. With a seed, row i is seeded with `mixSeed(seed, 'env', i)`. */
  reset(seed?: number): void;
  /** Steps every row with its action [n, action] and begins a new episode where one ended. */
  step(actions: Float32Array): void;
  /** Everything, exactly; between calls, so no row is ever at the end of an episode. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  dispose(): void;
}

/** A vectorised environment whose rows may live in other threads: what they do may take a promise. One call at a time. */
export type EnvGroup = Pick<VectorEnv, 'spec' | 'count' | keyof EnvColumns> & {
  readonly [Method in 'reset' | 'step' | 'saveState' | 'restoreState' | 'dispose']: (
    ...args: Parameters<VectorEnv[Method]>
  ) => ReturnType<VectorEnv[Method]> | Promise<ReturnType<VectorEnv[Method]>>;
};

/** Where the rows of a vectorised environment are written, when it is a part of a larger one. */
export interface VectorPlace {
  readonly columns: EnvColumns;
  /** The number of the first row in the whole, for seeds and messages. */
  readonly first: number;
}

/** Steps environments in turn. They must be of one kind and belong to this object from then on. */
export function createVectorEnv(envs: readonly GoalEnv[], place?: VectorPlace): VectorEnv {
  if (envs.length === 0) throw new UsageError('createVectorEnv needs at least one environment.');
  const n = envs.length;
  const { spec } = envs[0];
  const odd = envs.findIndex((env) => env.spec.name !== spec.name);
  if (odd >= 0) {
    throw new UsageError(`environment ${odd} is ${envs[odd].spec.name}, the first is ${spec.name}; all must be alike.`);
  }
  const { columns, first } = place ?? { columns: createEnvMemory(spec, n).columns, first: 0 };
  const { observation, achieved, goal, finalObservation, finalAchieved, info, reward } = columns;
  const { terminated, truncated, failed, success } = columns;
  const rowAction = new Float32Array(actionSize(spec.action));
  const rowSize = rowAction.length;
  const sizes = {
    observation: spec.observation.size,
    achieved: spec.achieved.size,
    goal: spec.goal.size,
    info: spec.info.length,
  };

  /** The environment's own error, where it was not told with its name already. */
  function explain(error: unknown, i: number): unknown {
    if (error instanceof RunError || error instanceof UsageError) return error;
    return new RunError(`${spec.name}: environment ${first + i} threw: ${error}`, { cause: error });
  }

  function show(i: number, now: TimeStep): void {
    observation.set(now.observation, i * sizes.observation);
    achieved.set(now.achieved, i * sizes.achieved);
    goal.set(now.goal, i * sizes.goal);
  }

  function stepRow(i: number, actions: Float32Array): void {
    for (let j = 0; j < rowSize; j++) rowAction[j] = actions[i * rowSize + j];
    const next = envs[i].step(rowAction);
    finalObservation.set(next.observation, i * sizes.observation);
    finalAchieved.set(next.achieved, i * sizes.achieved);
    info.set(next.info, i * sizes.info);
    reward[i] = next.reward;
    terminated[i] = next.terminated ? 1 : 0;
    truncated[i] = next.truncated ? 1 : 0;
    failed[i] = next.failed ? 1 : 0;
    success[i] = next.isSuccess ? 1 : 0;
    show(i, next.terminated || next.truncated ? envs[i].reset() : next);
  }

  return {
    spec,
    count: n,
    ...columns,
    reset(seed) {
      for (let i = 0; i < n; i++) {
        show(i, envs[i].reset(seed === undefined ? undefined : { seed: mixSeed(seed, 'env', first + i) }));
      }
      for (const array of [reward, info, terminated, truncated, failed, success]) array.fill(0);
      finalObservation.set(observation);
      finalAchieved.set(achieved);
    },
    step(actions) {
      if (actions.length !== n * rowSize) {
        throw new UsageError(
          `${spec.name}: ${actions.length} action numbers for ${n} environments; expected ${n} x ${rowSize} = ${n * rowSize}.`,
        );
      }
      let i = 0;
      try {
        for (; i < n; i++) stepRow(i, actions);
      } catch (error) {
        throw explain(error, i);
      }
    },
    saveState: () =>
      packEnvs(
        spec,
        columns,
        envs.map((env) => env.saveState()),
      ),
    restoreState(bytes) {
      for (const [i, state] of unpackEnvs(spec, columns, bytes).entries()) envs[i].restoreState(state);
    },
    dispose() {
      for (const env of envs) env.dispose?.();
    },
  };
}
