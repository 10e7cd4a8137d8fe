// Settings as rows of a table: name, default, what is allowed, what it means.
import { listSettings, type SettingSchema } from '../config/describe-settings.js';

/** Rows of a section's settings with `prefix.` before their names. */
export const settingRows = (schema: SettingSchema, prefix: string): string[][] =>
  listSettings(schema).map(({ path, allowed, default: value, meaning }) => [
    `${prefix}.${path}`,
    value === undefined ? '' : JSON.stringify(value),
    allowed,
    meaning,
  ]);
