// Settings as rows of a table: name, default, what is allowed, what it means.
import type { Setting } from '../config/describe-settings.js';

/** Rows of a section's settings (`listSettings`) with `prefix.` before their names. */
export const settingRows = (settings: readonly Setting[], prefix: string): string[][] =>
  settings.map(({ path, allowed, default: value, meaning }) => [
    `${prefix}.${path}`,
    value === undefined ? '' : JSON.stringify(value),
    allowed,
    meaning,
  ]);
