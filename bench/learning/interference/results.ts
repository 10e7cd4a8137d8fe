// Cosines of two opposed tasks' gradients, by layer, as they were measured at several moments of runs.
import { existsSync, readFileSync } from 'node:fs';

/** What is taken of the actor and of the first critic. */
export const networks = ['actor', 'q1'] as const;

export interface CosineSeed {
  readonly seed: number;
  readonly moments: readonly {
    /** Environment steps. */
    readonly steps: number;
    /** By network, from the first layer to the last. */
    readonly layers: Readonly<Record<(typeof networks)[number], readonly number[]>>;
  }[];
}

/** By experiment. */
export type CosineResults = Readonly<Record<string, readonly CosineSeed[]>>;

export const cosineName = 'learning/opposed-cosines';
const file = new URL(`../../results/${cosineName}.json`, import.meta.url);

export const readCosines = (): CosineResults =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { results: CosineResults }).results : {};
