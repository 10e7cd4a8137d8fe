// Reward and success of goals, asked of Python in batches.
import { RunError } from '../../errors.js';
import type { EnvRules, EnvSpec } from '../env.js';
import { rulesWithoutGoals } from '../spec.js';
import type { Description } from './description.js';
import { COMMAND, type PythonHost } from './host.js';
import type { GymOptions } from './options.js';

/** Of `host`, which may not be there yet. */
export function pythonRules(
  spec: EnvSpec,
  about: Description,
  { tolerance, timeout }: GymOptions,
  host: () => PythonHost | undefined,
): EnvRules {
  if (!about.goal) return rulesWithoutGoals(spec);
  const sizes = [spec.achieved.size, spec.goal.size, spec.info.length];

  /** Rewards [n] of the answer, and where the bytes of success begin. */
  function ask(n: number, ...columns: readonly Float32Array[]): Uint8Array<ArrayBuffer> {
    const python = host();
    if (!python) throw new RunError(`${spec.name}: its rules were asked before they were ready(); wait for that.`);
    const bytes = 4 * n * sizes.reduce((sum, size) => sum + size, 0);
    const body = python.body(bytes);
    const numbers = new Float32Array(body.buffer, body.byteOffset, bytes / 4);
    let at = 0;
    for (const [k, column] of columns.entries()) {
      numbers.set(column.subarray(0, n * sizes[k]), at);
      at += n * sizes[k];
    }
    return python.ask(COMMAND.rules, n, bytes, timeout);
  }

  const distanceWithin = (achieved: Float32Array, desired: Float32Array, i: number, most: number): boolean => {
    let sum = 0;
    for (let j = i * spec.goal.size; j < (i + 1) * spec.goal.size; j++) sum += (achieved[j] - desired[j]) ** 2;
    return Math.sqrt(sum) <= most;
  };

  return {
    spec,
    computeReward(achieved, desired, info, out) {
      const answer = ask(out.length, achieved, desired, info);
      out.set(new Float32Array(answer.buffer, answer.byteOffset, out.length));
    },
    computeSuccess(achieved, desired, info, out) {
      if (tolerance !== null) {
        for (let i = 0; i < out.length; i++) out[i] = distanceWithin(achieved, desired, i, tolerance) ? 1 : 0;
        return;
      }
      const answer = ask(out.length, achieved, desired, info);
      out.set(answer.subarray(4 * out.length, 5 * out.length));
    },
    ...(spec.achieved.size === spec.goal.size && {
      goalFrom: (achieved: Float32Array, out: Float32Array) => out.set(achieved),
    }),
  };
}
