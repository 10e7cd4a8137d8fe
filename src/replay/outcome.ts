// Whether a stored episode ended in success, by the environment's rules.
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { copyNumbers } from './layout.js';
import type { Ring } from './ring.js';

/** Of the episode that begins in a row and has so many transitions: whether its own goal was met after the last one. */
export function createOutcome(
  spec: EnvSpec,
  { layout, rows, capacity }: Ring,
  rules: Pick<GoalRules, 'computeSuccess'>,
): (row: number, length: number) => boolean {
  const { width } = layout;
  const parts = (['achieved', 'goal', 'info'] as const).map((name) => layout.column(name));
  const values = parts.map(({ size }) => new Float32Array(size));
  const success = new Uint8Array(1);
  return (row, length) => {
    const last = ((row + length - 1) % capacity) * width;
    const end = ((row + length) % capacity) * width;
    // What was achieved after the action, under the goal and with the info of its own row.
    [end, last, last].forEach((at, i) => {
      copyNumbers(values[i], 0, rows, at + parts[i].offset, parts[i].size);
    });
    const [achieved, goal, info] = values;
    rules.computeSuccess(achieved, goal, info.subarray(0, spec.info.length), success);
    return success[0] !== 0;
  };
}
