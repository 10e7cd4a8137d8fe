// A run's model of the world as an ONNX model.
import * as platform from '#platform';
import { float32Of, float64Of } from '../bytes.js';
import { reviveSpec } from '../envs/spec.js';
import { RunError, UsageError } from '../errors.js';
import { createEnsemble } from '../models/ensemble.js';
import { modelProgram } from '../models/model-program.js';
import { modelSpec } from '../models/model-spec.js';
import { openRun, readStateParts } from '../runs/run-reader.js';
import { toOnnx, toOnnxOfRows } from '../tensor/index.js';
import { checkOptions } from './check-options.js';
import { calls } from './options.js';
import type { PolicySource } from './policy.js';

const PARTS = ['elites', 'scales', 'facts'].map((name) => `learner.model.${name}`);

/**
 * A run's model as ONNX, its numbers and normalisation inside, for any N unless `rows` fixes it. Inputs: the state's columns
 * by name [N, size], `action` [N, a], `task` [N, 1] where there are several. Outputs of every elite: means `next.NAME` [E, N,
 * size], `reward`, `info`, their `deviation.NAME`, and the probability of an end, `failure` [E, N, 1] (models/model-program.ts).
 * Models are kept with the last checkpoint only: that is the default.
 * @throws UsageError for runs without a model, RunError where it was not fitted yet or the checkpoint does not keep it
 */
export async function exportModel(source: PolicySource & { rows?: number }): Promise<Uint8Array> {
  checkOptions(calls.exportModel, source);
  const { run: place, store: given, checkpoint = 'last', rows } = source;
  const [store, dir] = given ? [given, place] : [platform.openStore(place), ''];
  const run = await openRun(store, dir, checkpoint);
  const { model, agent } = run.config;
  if (model.kind === 'none') {
    throw new UsageError(`${run.path} has no model of the world; export one of a run with model.kind=ensemble.`);
  }
  const env = reviveSpec(run.metadata.spec);
  const state = await readStateParts(store, dir, run.steps, PARTS);
  const [elites, scales] = PARTS.map((part) => float32Of(state[part]));
  if (float64Of(state[PARTS[2]])[1] !== 1) {
    throw new RunError(`the model of ${run.path} was not fitted before step ${run.steps}; train on.`);
  }
  const ensemble = createEnsemble(modelSpec(env), model);
  const options = {
    freeze: { elites, scales },
    metadata: {
      env: env.name,
      agent: agent.name,
      steps: String(run.steps),
      observation: JSON.stringify(env.observation),
      achieved: JSON.stringify(env.achieved),
      ...(env.parts && { parts: JSON.stringify(env.parts) }),
      ...(env.tasks && { tasks: JSON.stringify(env.tasks) }),
      info: JSON.stringify(env.info),
      action: JSON.stringify(env.action),
    },
  };
  const build = (n: number) => modelProgram(ensemble, model.elites, n);
  return rows === undefined ? toOnnxOfRows(build, options) : toOnnx(build(rows), options);
}
