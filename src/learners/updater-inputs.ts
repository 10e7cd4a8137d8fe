// What programs of agents call the columns of a batch: the one place where the two vocabularies meet.
import type { ColumnArrays } from '../envs/columns.js';

/** Inputs of programs, and the columns of batches that they are. */
export const columnOf: Readonly<Record<string, string>> = {
  observation: 'observation',
  goal: 'goal',
  action: 'action',
  nextObservation: 'next.observation',
  reward: 'reward',
  terminated: 'terminated',
};

/** What an update of off-policy agents reads. */
export const updateColumns: readonly string[] = Object.values(columnOf);

/**
 * The columns under the names of the programs' inputs; those that are not there (size 0) are empty. Float32, for programs
 * have no other inputs yet.
 */
export const updaterInputs = (columns: ColumnArrays): Record<string, Float32Array> =>
  Object.fromEntries(
    Object.entries(columnOf).map(([input, name]) => [input, (columns[name] ?? new Float32Array(0)) as Float32Array]),
  );
