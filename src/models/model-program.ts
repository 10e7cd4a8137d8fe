// A model as one program by the columns' names: what every elite says of states and actions, for whoever runs it elsewhere.

import type { RowColumn } from '../replay/index.js';
import { concat, type Program, program, type Tensor } from '../tensor/index.js';
import { type Ensemble, seenInputs } from './ensemble.js';

/**
 * Inputs `elites` and `scales`, the state's columns by name [N, size], `action` [N, a] (choices by their number), and `task`
 * [N, 1] where there are several. Outputs of E elites, means and deviations in the columns' own units: `next.NAME` [E, N,
 * size] of the state's columns, `reward` and `info` where they are predicted, `deviation.NAME` of all of these in a
 * probabilistic ensemble, and `failure` [E, N, 1], the probability that the world ends. To sample: draw an elite, add its
 * deviation times a standard normal.
 */
export function modelProgram(ensemble: Ensemble, elites: number, rows: number): Program {
  const { spec } = ensemble;
  const { states, results, sizes } = spec;
  return program('model', (g) => {
    const parts = states.map(({ name, size }) => g.input(name, [rows, size]));
    const state = parts.length > 1 ? concat(parts, 1) : parts[0];
    const x = seenInputs(g, spec, state, g.input('action', [rows, sizes.action])).reshape([1, rows, spec.inputs]);
    const said = ensemble.predict(g, elites, x, 'elites');
    const [change, means] = divided(ensemble.restore(g, said.mean), sizes.state, sizes.result);
    const next = ensemble.bound(g, ensemble.round(g, state.reshape([1, rows, sizes.state]).add(change)));
    const outputs: Record<string, Tensor> = {};
    const write = (prefix: string, columns: readonly RowColumn[], values: Tensor) => {
      for (const [i, part] of byColumn(values, columns).entries()) outputs[`${prefix}${columns[i].name}`] = part;
    };
    write('next.', states, next);
    if (means) write('', results, means);
    if (said.logVariance) {
      const deviations = ensemble.restoreDeviation(g, said.logVariance.mul(0.5).exp());
      write('deviation.', [...states, ...results], deviations);
    }
    outputs.failure = said.failure.sigmoid();
    return outputs;
  });
}

/** The first `size` numbers of the last axis, and the others where there are any. */
const divided = (values: Tensor, size: number, rest: number): [Tensor, Tensor?] =>
  rest > 0 ? (values.split([size, rest], 2) as [Tensor, Tensor]) : [values];

const byColumn = (values: Tensor, columns: readonly RowColumn[]): Tensor[] =>
  columns.length > 1
    ? values.split(
        columns.map(({ size }) => size),
        2,
      )
    : [values];
