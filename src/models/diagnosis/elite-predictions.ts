// What every elite says of the same transitions: normalised means and deviations, and whether the world ends.
import type { Runtime } from '../../runtime/runtime.js';
import { program } from '../../tensor/index.js';
import type { DynamicsModel } from '../dynamics-model.js';
import { seenInputs } from '../ensemble.js';

export interface ElitePredictions {
  readonly rows: number;
  readonly elites: number;
  /** [rows, s], [rows, a], [rows, 1]: written before `run`. */
  readonly state: Float32Array;
  readonly action: Float32Array;
  readonly task: Float32Array;
  /** [elites, rows, outputs], normalised: filled by `run`. */
  readonly means: Float32Array;
  /** As the means; absent in a deterministic ensemble. */
  readonly deviations?: Float32Array;
  /** [elites, rows]: above 0 where an end is likelier than not. */
  readonly failure: Float32Array;
  run(): Promise<void>;
  dispose(): Promise<void>;
}

export async function createElitePredictions(
  model: Pick<DynamicsModel, 'spec' | 'ensemble' | 'elites' | 'eliteCount' | 'scales'>,
  runtime: Runtime,
  rows: number,
): Promise<ElitePredictions> {
  const { spec, ensemble, elites, eliteCount: count, scales } = model;
  const { state: s, action: a } = spec.sizes;
  const executable = await runtime.compile(
    program('model-elites', (g) => {
      const x = seenInputs(g, spec, g.input('state', [rows, s]), g.input('action', [rows, a]));
      const { mean, logVariance, failure } = ensemble.predict(g, count, x.reshape([1, rows, spec.inputs]), 'elites');
      const deviations = logVariance?.mul(0.5).exp();
      return { means: mean, ...(deviations && { deviations }), failure };
    }),
    { threads: 1 },
  );
  const inputs = {
    state: new Float32Array(rows * s),
    action: new Float32Array(rows * a),
    task: new Float32Array(rows),
  };
  const outputs = {
    means: new Float32Array(count * rows * spec.outputs),
    ...(executable.outputs.some(({ name }) => name === 'deviations') && {
      deviations: new Float32Array(count * rows * spec.outputs),
    }),
    failure: new Float32Array(count * rows),
  };
  const all: Record<string, Float32Array> = { ...inputs, elites, scales };
  const binding = executable.bind(
    Object.fromEntries(executable.inputs.filter(({ unused }) => !unused).map(({ name }) => [name, all[name]])),
    outputs,
  );
  return { rows, elites: count, ...inputs, ...outputs, run: binding.run, dispose: () => executable.dispose() };
}
