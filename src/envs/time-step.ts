// The memory of one time step: all that an environment shows, in one buffer, so that it is saved and checked as one.
import { columnsOf } from './columns.js';
import type { EnvSpec, TimeStep } from './env.js';

export interface TimeStepMemory {
  readonly now: TimeStep;
  /** Every float32 number. */
  readonly floats: Float32Array;
  /** Everything. */
  readonly bytes: Uint8Array;
  /** The float32 arrays by name, for messages. */
  readonly named: readonly (readonly [name: string, values: Float32Array])[];
}

export function createTimeStep(spec: EnvSpec): TimeStepMemory {
  const ownNames = [...Object.keys(spec.parts ?? {}), ...Object.keys(spec.columns ?? {})];
  const own = columnsOf(spec).filter(({ name }) => ownNames.includes(name));
  const sizes = {
    observation: spec.observation.size,
    achieved: spec.achieved.size,
    goal: spec.goal.size,
    info: spec.info.length,
    task: spec.tasks ? 1 : 0,
  };
  const sum = (numbers: readonly number[]) => numbers.reduce((total, n) => total + n, 0);
  const ofType = (wanted: 'float32' | 'uint8') => own.filter(({ dtype }) => dtype === wanted);
  const floatCount = sum([...Object.values(sizes), ...ofType('float32').map(({ size }) => size)]);
  const buffer = new ArrayBuffer(4 * floatCount + sum(ofType('uint8').map(({ size }) => size)));
  let at = 0;
  const floats = (size: number) => {
    at += 4 * size;
    return new Float32Array(buffer, at - 4 * size, size);
  };
  const fixed = Object.entries(sizes).map(([name, size]) => [name, floats(size)] as const);
  const named = [...fixed, ...ofType('float32').map(({ name, size }) => [name, floats(size)] as const)];
  const columns: Record<string, Float32Array | Uint8Array> = Object.fromEntries(named.slice(fixed.length));
  for (const { name, size } of ofType('uint8')) {
    columns[name] = new Uint8Array(buffer, at, size);
    at += size;
  }
  const now = { ...(Object.fromEntries(fixed) as Record<keyof typeof sizes, Float32Array>), columns };
  return { now, floats: new Float32Array(buffer, 0, floatCount), bytes: new Uint8Array(buffer), named };
}
