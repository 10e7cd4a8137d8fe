// What a setting may be, in words that follow "must be": read from the JSON Schema that zod makes of its schema.
import * as z from 'zod';
import { nearestName } from './errors.js';

/**
 * What a run makes of the value of an environment's setting that its data were recorded with. Absent: it must have the same,
 * for it decides what is shown, done or asked. `usual`: it decides neither, so that it is only taken where none is given.
 * `ignored`: it was the business of who recorded.
 */
export type FromData = 'usual' | 'ignored';

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
  readonly minLength?: number;
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

/** The schema of a setting or a section; one without properties where zod cannot tell. */
export function settingSchema(schema: z.ZodType): SettingSchema {
  try {
    return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as SettingSchema;
  } catch {
    return {};
  }
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
      return exact && schema.minLength ? 'text that is not empty' : 'text';
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

/** The schema of what lies at a path inside a setting; of one that may be one thing or another, in the first that has it. */
export const schemaAt = (schema: SettingSchema, path: readonly PropertyKey[]): SettingSchema =>
  path.reduce<SettingSchema>((outer, name) => partOf(outer, name) ?? {}, schema);

const partOf = (schema: SettingSchema, name: PropertyKey): SettingSchema | undefined =>
  schema.properties?.[String(name)] ??
  schema.prefixItems?.[Number(name)] ??
  schema.items ??
  (schema.additionalProperties || schema.anyOf?.map((one) => partOf(one, name)).find((found) => found !== undefined));

/** `must be "a" or "b", not "bb"; did you mean "b"?`, or with a full stop; `from` stands behind the value. */
export const mustBe = (schema: SettingSchema, value: unknown, from = ''): string =>
  `must be ${allowedFor(schema, value)}, not ${show(value)}${from}${nearestChoice(schema, value)}`;

/** What a setting may be that is not this value. */
export function allowedFor(schema: SettingSchema, value: unknown): string {
  // Where the usual words hold for the value, it is one of the bounds that they leave out.
  const exact =
    value === '' ||
    Array.isArray(value) ||
    (typeof value === 'number' && !Number.isSafeInteger(value) && value % 1 === 0);
  return allowedText(schema, exact);
}

/** The end of a sentence about a value: `; did you mean "b"?` where a choice is near, else a full stop. */
export function nearestChoice(schema: SettingSchema, value: unknown): string {
  const choices = (schema.enum ?? []).filter((choice) => typeof choice === 'string');
  const near = typeof value === 'string' ? nearestName(value, choices) : undefined;
  return near === undefined ? '.' : `; did you mean ${JSON.stringify(near)}?`;
}

export function show(value: unknown): string {
  const text = value === undefined ? 'missing' : typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
