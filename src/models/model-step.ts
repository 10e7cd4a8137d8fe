// Steps of a fitted model on many states at once: arrays to fill, a run, arrays to read.
import type { Runtime } from '../runtime/runtime.js';
import { program } from '../tensor/index.js';
import type { DynamicsModel } from './dynamics-model.js';
import { ensembleStep } from './ensemble.js';

export interface BatchStep {
  /** A multiple of the elites: each predicts an equal block of rows. */
  readonly rows: number;
  /** [rows, s], [rows, a], [rows, 1] and [rows, outputs] (standard normals, or zeros for means): written before `run`. */
  readonly state: Float32Array;
  readonly action: Float32Array;
  readonly task: Float32Array;
  readonly noise: Float32Array;
  /** [rows, s], [rows, r], and [rows, 1], above 0 where an end is likelier than not: filled by `run`. */
  readonly next: Float32Array;
  readonly results: Float32Array;
  readonly failure: Float32Array;
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** For at least so many rows. */
export async function createBatchStep(
  model: Pick<DynamicsModel, 'spec' | 'ensemble' | 'elites' | 'eliteCount' | 'scales'>,
  runtime: Runtime,
  least: number,
): Promise<BatchStep> {
  const { ensemble, spec, elites, eliteCount, scales } = model;
  const { state: s, action: a, result: r } = spec.sizes;
  const rows = eliteCount * Math.ceil(least / eliteCount);
  const executable = await runtime.compile(
    program('model-step', (g) => {
      const [state, action] = [g.input('state', [rows, s]), g.input('action', [rows, a])];
      const { next, results, failure } = ensembleStep(
        g,
        ensemble,
        eliteCount,
        state,
        action,
        g.input('noise', [rows, spec.outputs]),
      );
      return { next, ...(results && { results }), failure };
    }),
    { threads: 1 },
  );
  const of = (size: number) => new Float32Array(rows * size);
  const inputs = { state: of(s), action: of(a), task: of(1), noise: of(spec.outputs) };
  const outputs = { next: of(s), results: of(r), failure: of(1) };
  const all: Record<string, Float32Array> = { ...inputs, elites, scales };
  const binding = executable.bind(
    Object.fromEntries(executable.inputs.filter(({ unused }) => !unused).map(({ name }) => [name, all[name]])),
    Object.fromEntries(executable.outputs.map(({ name }) => [name, outputs[name as keyof typeof outputs]])),
  );
  return { rows, ...inputs, ...outputs, run: binding.run, dispose: () => executable.dispose() };
}
