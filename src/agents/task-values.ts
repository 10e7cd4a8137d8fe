// Numbers that each task has for itself, as the rows of a batch need them.
import { UsageError } from '../errors.js';
import type { InputSpec } from '../nets/index.js';
import type { Graph, Tensor } from '../tensor/index.js';

/** Of values [K], each row's own by the number of its task: [B, 1]. Of one value, or of a single task, that value [1, 1]. */
export function perTask(g: Graph, task: InputSpec | undefined, rows: number, values: Tensor): Tensor {
  if (!task || values.shape[0] === 1) return values.reshape([1, 1]);
  return values.gather(g.input(task.name, [rows, 1]).reshape([rows]), 0).reshape([rows, 1]);
}

/** Weights as settings: a number for each task, or by temperature; null: all the same. */
export type TaskWeights = readonly number[] | 'temperature' | null;

/**
 * Weights [K] with mean 1, of the logarithms of the temperatures [K]; undefined where all are the same. `temperature`:
 * K softmax(-log alpha), so that tasks whose policies are still random, or cannot be solved yet, hold the others up less
 * (soft modularisation: Yang et al. 2020, section 4.3).
 */
export function weightsOf(given: TaskWeights, tasks: number): ((logTemperature: Tensor) => Tensor) | undefined {
  if (given === 'temperature') {
    return (logTemperature) => logTemperature.neg().softmax(0).mul(tasks).stopGradient();
  }
  const weights = scaledWeights(given, tasks);
  return weights && ((logTemperature) => logTemperature.graph.constant([...weights]));
}

/** Numbers with mean 1; undefined where none are given. */
function scaledWeights(given: readonly number[] | null, tasks: number): readonly number[] | undefined {
  if (given === null) return undefined;
  if (given.length !== tasks) {
    throw new UsageError(
      `agent.taskWeights has ${given.length} numbers for ${tasks} tasks; give one for each, in their order.`,
    );
  }
  const sum = given.reduce((a, b) => a + b, 0);
  if (!(sum > 0)) throw new UsageError('agent.taskWeights are all 0; give at least one task a weight above 0.');
  return given.map((weight) => (weight * tasks) / sum);
}
