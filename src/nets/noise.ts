// Random numbers of programs: inputs of standard normals that say which rows they belong to.
import type { Graph, Tensor } from '../tensor/index.js';

export interface NoiseInput {
  readonly shape: readonly number[];
  /**
   * - `row`: [rows, ...], each row has its own; the same numbers however rows are dealt out to threads
   * - `update`: of the whole update, the same for all of its rows
   * - `share`: of the rows that a program is built for, together; every share of an update draws its own
   */
  readonly per: 'row' | 'update' | 'share';
}

export type Noise = Readonly<Record<string, NoiseInput>>;

const declared = new WeakMap<Graph, Record<string, NoiseInput>>();

/** An input that is filled with fresh standard normals at each run. */
export function noiseInput(g: Graph, name: string, shape: readonly number[], per: NoiseInput['per']): Tensor {
  const known = declared.get(g) ?? {};
  declared.set(g, known);
  known[name] = { shape, per };
  return g.input(name, shape);
}

/** All of them so far, by name. */
export const declaredNoise = (g: Graph): Noise => ({ ...declared.get(g) });
