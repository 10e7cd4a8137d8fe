// The errors of an ensemble's members on transitions that they were not fitted to.

import { nextTurn } from '../platform/yield.js';
import type { Runtime } from '../runtime/runtime.js';
import type { Ensemble } from './ensemble.js';
import { readInputs, readTargets } from './model-spec.js';
import type { Transitions } from './transitions.js';

export interface Judge {
  /** [members, outputs]: mean squared errors of normalised outputs over the transitions with these numbers. The array is reused. */
  errors(data: Transitions, numbers: Uint32Array, members: Float32Array, scales: Float32Array): Promise<Float64Array>;
  dispose(): Promise<void>;
}

export async function createJudge(ensemble: Ensemble, runtime: Runtime, rows: number): Promise<Judge> {
  const { spec } = ensemble;
  const executable = await runtime.compile(ensemble.judge(rows), { threads: 1 });
  const inputs = new Float32Array(rows * spec.inputs);
  const targets = new Float32Array(rows * spec.outputs);
  const present = new Float32Array(rows);
  const [members, outputs] = executable.outputs[0].shape;
  const count = members * outputs;
  const found = new Float32Array(count);
  const sums = new Float64Array(count);
  return {
    async errors(data, numbers, parameters, scales) {
      const binding = executable.bind({ members: parameters, scales, inputs, targets, present }, { errors: found });
      sums.fill(0);
      for (let first = 0; first < numbers.length; first += rows) {
        const some = Math.min(rows, numbers.length - first);
        for (let n = 0; n < some; n++) {
          const i = numbers[first + n];
          readInputs(spec, data.memory(i), data.row(i), inputs, n * spec.inputs);
          readTargets(spec, data.memory(i), data.row(i), data.next(i), targets, n * spec.outputs);
        }
        // Rows left over from before count nothing, and are finite.
        for (let n = 0; n < rows; n++) present[n] = n < some ? 1 : 0;
        await binding.run();
        for (let m = 0; m < count; m++) sums[m] += found[m];
        await nextTurn();
      }
      for (let m = 0; m < count; m++) sums[m] /= numbers.length;
      return sums;
    },
    dispose: () => executable.dispose(),
  };
}
