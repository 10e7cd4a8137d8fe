// In which settings some runs differ.

import { flatValues } from '../config/flat-values.js';
import type { Difference } from './api-types.js';

/** Settings that are not the same in all configurations, in the order in which they first appear. */
export function differences(configs: readonly Readonly<Record<string, unknown>>[]): Difference[] {
  const flat = configs.map(flatValues);
  const paths = new Set(flat.flatMap((values) => [...values.keys()]));
  return [...paths]
    .map((path) => ({ path, values: flat.map((values) => values.get(path)) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
