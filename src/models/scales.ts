// Means and deviations of what a model sees and predicts, each number by itself: targets of unlike size weigh alike.
import { nextTurn } from '../platform/yield.js';
import { type ModelSpec, readInputs, readTargets } from './model-spec.js';
import { READ_AT_ONCE, type Transitions } from './transitions.js';

/** Deviations of inputs below this count as this one, so that nearly constant ones are not blown up. */
const LEAST = 1e-3;

/**
 * Writes the input `scales` of programs: [means and 1/deviations of inputs, means and deviations of targets, whether each
 * number of the state is a whole one], over the transitions with these numbers. What never changed has deviation 0, so
 * that it is predicted exactly: the number of a task among what is achieved, for one; and numbers that were whole (bits,
 * cells, choices) are rounded, so that rules that compare them find them equal.
 */
export async function writeScales(
  spec: ModelSpec,
  data: Transitions,
  numbers: Uint32Array,
  out: Float32Array,
): Promise<void> {
  const { inputs, outputs, sizes } = spec;
  const size = inputs + outputs;
  const values = new Float32Array(size);
  const mean = new Float64Array(size);
  const squares = new Float64Array(size);
  const whole = out.subarray(2 * size).fill(1);
  for (let n = 0; n < numbers.length; n++) {
    if (n % READ_AT_ONCE === 0) await nextTurn();
    const i = numbers[n];
    const memory = data.memory(i);
    readInputs(spec, memory, data.row(i), values, 0);
    readTargets(spec, memory, data.row(i), data.next(i), values, inputs);
    for (let j = 0; j < sizes.state; j++) if (!Number.isInteger(values[j])) whole[j] = 0;
    // Welford (1962).
    for (let j = 0; j < size; j++) {
      const deviation = values[j] - mean[j];
      mean[j] += deviation / (n + 1);
      squares[j] += deviation * (values[j] - mean[j]);
    }
  }
  const deviation = (j: number) => Math.sqrt(squares[j] / numbers.length);
  for (let j = 0; j < inputs; j++) {
    out[j] = mean[j];
    out[inputs + j] = 1 / Math.max(deviation(j), LEAST);
  }
  for (let j = 0; j < outputs; j++) {
    out[2 * inputs + j] = mean[inputs + j];
    out[2 * inputs + outputs + j] = deviation(inputs + j);
  }
}
