// Settings as rows: the path, range, default and meaning of each, read from a zod schema.
import { allowedText, type SettingSchema } from '../setting-schema.js';

export { allowedText, type SettingSchema, settingSchema } from '../setting-schema.js';

export interface Setting {
  /** Dotted, such as `training.batchSize`. */
  readonly path: string;
  /** Such as `a whole number from 1 to 1024`. */
  readonly allowed: string;
  /** What holds where it is absent; undefined where a value must be given. */
  readonly default: unknown;
  readonly meaning: string;
}

/** All settings inside a section, in the order of the schema. */
export function listSettings(schema: SettingSchema, path = ''): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, entry]) => {
    const full = path === '' ? name : `${path}.${name}`;
    if (entry.properties !== undefined) return listSettings(entry, full);
    const usual = entry.default === undefined ? entry.whereAbsent : entry.default;
    return [{ path: full, allowed: allowedText(entry), default: usual, meaning: entry.description ?? '' }];
  });
}
