// Says in words what a setting may be: its type, range, default and meaning, read from a zod schema.
import * as z from 'zod';
import type { FromData } from '../envs/from-data.js';

/** The part of JSON Schema that zod gives for our settings. */
export interface SettingSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly SettingSchema[];
  readonly items?: SettingSchema;
  readonly prefixItems?: readonly SettingSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, SettingSchema>>;
  /** Of settings under names of a person's own; false where there are none. */
  readonly additionalProperties?: SettingSchema | false;
  /** Of an environment's setting: what becomes of the value that data were recorded with. */
  readonly fromData?: FromData;
  /** What holds where a setting without a default is absent. */
  readonly whereAbsent?: unknown;
}

export interface Setting {
  /** Dotted, such as `training.batchSize`. */
  readonly path: string;
  /** Such as `a whole number from 1 to 1024`. */
  readonly allowed: string;
  /** Undefined where a value must be given. */
  readonly default: unknown;
  readonly meaning: string;
}

/** The schema of a setting or a section; one without properties where zod cannot tell. */
export function settingSchema(schema: z.ZodType): SettingSchema {
  try {
    return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SettingSchema;
  } catch {
    return {};
  }
}

/** All settings inside a section, in the order of the schema. */
export function listSettings(schema: SettingSchema, path = ''): Setting[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, entry]) => {
    const full = path === '' ? name : `${path}.${name}`;
    if (entry.properties !== undefined) return listSettings(entry, full);
    return [{ path: full, allowed: allowedText(entry), default: entry.default, meaning: entry.description ?? '' }];
  });
}

/**
 * What a value may be, in words that follow "must be". `exact`: with the bounds that a table leaves out, of lengths and of
 * whole numbers that a double holds.
 */
export function allowedText(schema: SettingSchema, exact = false): string {
  const { anyOf, enum: choices, type } = schema;
  if (anyOf !== undefined) return oneOf(anyOf.map((one) => allowedText(one, exact)));
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (choices !== undefined) return oneOf(choices.map((choice) => JSON.stringify(choice)));
  if (Array.isArray(type)) return oneOf(type.map((one) => allowedText({ ...schema, type: one }, exact)));
  switch (type) {
    case 'integer':
      return `a whole number${rangeText(schema, exact)}`;
    case 'number':
      return `a number${rangeText(schema, exact)}`;
    case 'boolean':
      return 'true or false';
    case 'string':
      return 'text';
    case 'null':
      return 'null';
    case 'array':
      return `a list${exact ? lengthText(schema) : ''}${schema.items === undefined ? '' : `, each ${allowedText(schema.items, exact)}`}`;
    case 'object':
      return 'a section of settings (name: value)';
    default:
      return 'a valid value';
  }
}

function lengthText({ minItems = 0, maxItems }: SettingSchema): string {
  if (maxItems !== undefined) return minItems === maxItems ? ` of ${maxItems}` : ` of ${minItems} to ${maxItems}`;
  return minItems > 0 ? ` of at least ${minItems}` : '';
}

function rangeText({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SettingSchema, exact: boolean): string {
  // zod bounds whole numbers by what a double holds exactly; nobody needs to read that.
  const low = minimum === Number.MIN_SAFE_INTEGER && !exact ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER && !exact ? undefined : maximum;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const bounds = [
    low !== undefined && `at least ${low}`,
    exclusiveMinimum !== undefined && `above ${exclusiveMinimum}`,
    high !== undefined && `at most ${high}`,
    exclusiveMaximum !== undefined && `below ${exclusiveMaximum}`,
  ].filter((bound) => bound !== false);
  return bounds.length === 0 ? '' : `, ${bounds.join(' and ')}`;
}

const oneOf = (texts: readonly string[]): string => [...new Set(texts)].join(' or ');
