// Means and deviations of what a model sees and predicts, each number by itself: targets of unlike size weigh alike.
import { type ModelSpec, readInputs, readTargets } from './model-spec.js';
import type { Transitions } from './transitions.js';

/** Deviations below this count as this one: of inputs, so that nearly constant ones are not blown up; of targets, against 0. */
const LEAST = { inputs: 1e-3, targets: 1e-6 };

/**
 * Writes [means, 1/deviations of inputs, means, deviations of targets], over the transitions with these numbers, into the
 * input `scales` of programs.
 */
export function writeScales(spec: ModelSpec, data: Transitions, numbers: Uint32Array, out: Float32Array): void {
  const { inputs, outputs } = spec;
  const size = inputs + outputs;
  const values = new Float32Array(size);
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let n = 0; n < numbers.length; n++) {
    const i = numbers[n];
    const memory = data.memory(i);
    readInputs(spec, memory, data.row(i), values, 0);
    readTargets(spec, memory, data.row(i), data.next(i), values, inputs);
    // Welford (1962).
    for (let j = 0; j < size; j++) {
      const deviation = values[j] - mean[j];
      mean[j] += deviation / (n + 1);
      squares[j] += deviation * (values[j] - mean[j]);
    }
  }
  const deviation = (j: number, least: number) => Math.max(Math.sqrt(squares[j] / numbers.length), least);
  for (let j = 0; j < inputs; j++) {
    out[j] = mean[j];
    out[inputs + j] = 1 / deviation(j, LEAST.inputs);
  }
  for (let j = 0; j < outputs; j++) {
    out[2 * inputs + j] = mean[inputs + j];
    out[2 * inputs + outputs + j] = deviation(inputs + j, LEAST.targets);
  }
}
