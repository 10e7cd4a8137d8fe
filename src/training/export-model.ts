// A run's model of the world as an ONNX model.
import { modelProgram } from '../models/model-program.js';
import { toOnnx, toOnnxOfRows } from '../tensor/index.js';
import { checkOptions } from './check-options.js';
import { calls } from './options.js';
import type { PolicySource } from './policy.js';
import { openModel } from './world-model.js';

/**
 * A run's model as ONNX, its numbers and normalisation inside, for any N unless `rows` fixes it. Inputs: the state's columns
 * by name [N, size], `action` [N, a], `task` [N, 1] where there are several. Outputs of every elite: means `next.NAME` [E, N,
 * size], `reward`, `info`, their `deviation.NAME`, and the probability of an end, `failure` [E, N, 1] (models/model-program.ts).
 * Models are kept with the last checkpoint only: that is the default.
 * @throws UsageError for runs without a model, RunError where it was not fitted yet or the checkpoint does not keep it
 */
export async function exportModel(source: PolicySource & { rows?: number }): Promise<Uint8Array> {
  checkOptions(calls.exportModel, source);
  const { rows, ...place } = source;
  const { run, ensemble, eliteCount, elites, scales, spec } = await openModel(place);
  const { env } = spec;
  const options = {
    freeze: { elites, scales },
    metadata: {
      env: env.name,
      agent: run.config.agent.name,
      steps: String(run.steps),
      observation: JSON.stringify(env.observation),
      achieved: JSON.stringify(env.achieved),
      ...(env.parts && { parts: JSON.stringify(env.parts) }),
      ...(env.tasks && { tasks: JSON.stringify(env.tasks) }),
      info: JSON.stringify(env.info),
      action: JSON.stringify(env.action),
    },
  };
  const build = (n: number) => modelProgram(ensemble, eliteCount, n);
  return rows === undefined ? toOnnxOfRows(build, options) : toOnnx(build(rows), options);
}
