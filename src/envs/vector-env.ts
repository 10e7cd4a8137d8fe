// Several environments stepped side by side, in flat arrays written in place.
import { RunError, UsageError } from '../errors.js';
import { mixSeed } from '../random.js';
import { actionSize, type EnvSpec, type GoalEnv, type GoalStep } from './env.js';

/** n environments of one kind; all arrays are row-major [n, size], belong to this object and change with each call. */
export interface VectorEnv {
  readonly spec: EnvSpec;
  /** Number of environments: n. */
  readonly count: number;
  /** The present moment of each row; for an ended row already the first moment of its next episode. */
  readonly observation: Float32Array;
  readonly achieved: Float32Array;
  readonly goal: Float32Array;
  /** What the last action led to, for every row; differs from `observation` and `achieved` where the episode ended. */
  readonly finalObservation: Float32Array;
  readonly finalAchieved: Float32Array;
  /** The columns that go with the last action's reward; never those of a reset. */
  readonly info: Float32Array;
  readonly reward: Float32Array;
  /** 0 or 1. */
  readonly terminated: Uint8Array;
  readonly truncated: Uint8Array;
  readonly failed: Uint8Array;
  readonly success: Uint8Array;
  /** Begins an episode in every row. With a seed, row i is seeded with `mixSeed(seed, 'env', i)`. */
  reset(seed?: number): void;
  /** Steps every row with its action [n, action] and begins a new episode where one ended. */
  step(actions: Float32Array): void;
  /** Everything, exactly; between calls, so no row is ever at the end of an episode. */
  saveState(): Uint8Array;
  restoreState(bytes: Uint8Array): void;
  dispose(): void;
}

/** Steps environments in turn. They must be of one kind and belong to this object from then on. */
export function createVectorEnv(envs: readonly GoalEnv[]): VectorEnv {
  if (envs.length === 0) throw new UsageError('createVectorEnv needs at least one environment.');
  const n = envs.length;
  const { spec } = envs[0];
  const odd = envs.findIndex((env) => env.spec.name !== spec.name);
  if (odd >= 0) {
    throw new UsageError(`environment ${odd} is ${envs[odd].spec.name}, the first is ${spec.name}; all must be alike.`);
  }
  const sizes = {
    observation: spec.observation.size,
    achieved: spec.achieved.size,
    goal: spec.goal.size,
    info: spec.info.length,
  };
  const floats = (size: number) => new Float32Array(n * size);
  const observation = floats(sizes.observation);
  const achieved = floats(sizes.achieved);
  const goal = floats(sizes.goal);
  const finalObservation = floats(sizes.observation);
  const finalAchieved = floats(sizes.achieved);
  const info = floats(sizes.info);
  const reward = floats(1);
  const flags = () => new Uint8Array(n);
  const [terminated, truncated, failed, success] = [flags(), flags(), flags(), flags()];
  const rowSize = actionSize(spec.action);
  const rowAction = new Float32Array(rowSize);
  const saved = [observation, achieved, goal, finalObservation, finalAchieved, info, reward];
  const savedFlags = [terminated, truncated, failed, success];

  function show(i: number, now: GoalStep): void {
    observation.set(now.observation, i * sizes.observation);
    achieved.set(now.achieved, i * sizes.achieved);
    goal.set(now.goal, i * sizes.goal);
  }

  return {
    spec,
    count: n,
    observation,
    achieved,
    goal,
    finalObservation,
    finalAchieved,
    info,
    reward,
    terminated,
    truncated,
    failed,
    success,
    reset(seed) {
      for (let i = 0; i < n; i++) {
        show(i, envs[i].reset(seed === undefined ? undefined : { seed: mixSeed(seed, 'env', i) }));
      }
      for (const array of [reward, info, ...savedFlags]) array.fill(0);
      finalObservation.set(observation);
      finalAchieved.set(achieved);
    },
    step(actions) {
      if (actions.length !== n * rowSize) {
        throw new UsageError(
          `${spec.name}: ${actions.length} action numbers for ${n} environments; expected ${n} x ${rowSize} = ${n * rowSize}.`,
        );
      }
      for (let i = 0; i < n; i++) {
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
    },
    saveState: () => packBytes([...envs.map((env) => env.saveState()), ...[...saved, ...savedFlags].map(bytesOf)]),
    restoreState(bytes) {
      const arrays = [...saved, ...savedFlags];
      const parts = unpackBytes(bytes, n + arrays.length, spec.name);
      arrays.forEach((array, k) => {
        if (parts[n + k].length !== array.byteLength) {
          throw new RunError(`${spec.name}: the saved state is of environments with other sizes.`);
        }
      });
      for (const [i, env] of envs.entries()) env.restoreState(parts[i]);
      for (const [k, array] of arrays.entries()) bytesOf(array).set(parts[n + k]);
    },
    dispose() {
      for (const env of envs) env.dispose?.();
    },
  };
}

const bytesOf = (array: Float32Array | Uint8Array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** [count, length of each part, parts]. */
function packBytes(parts: readonly Uint8Array[]): Uint8Array {
  const head = Uint32Array.of(parts.length, ...parts.map((part) => part.length));
  const bytes = new Uint8Array(head.byteLength + parts.reduce((sum, part) => sum + part.length, 0));
  bytes.set(new Uint8Array(head.buffer));
  let at = head.byteLength;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function unpackBytes(bytes: Uint8Array, count: number, name: string): Uint8Array[] {
  const headBytes = 4 * (count + 1);
  const head = new Uint32Array(bytes.slice(0, bytes.length < headBytes ? 0 : headBytes).buffer);
  const total = head.reduce((sum, length, i) => (i === 0 ? sum : sum + length), headBytes);
  if (head[0] !== count || total !== bytes.length) {
    throw new RunError(`${name}: these ${bytes.length} bytes are not a saved state of that many environments.`);
  }
  let at = headBytes;
  return Array.from(head.subarray(1), (length) => {
    at += length;
    return bytes.subarray(at - length, at);
  });
}
