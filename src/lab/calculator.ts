// What a calculator of the lab is: checked options in, data out, and the data as tables that any surface can show.
import type { z } from 'zod';
import { allowedText, settingSchema } from '../config/describe-settings.js';
import { UsageError, unknownName } from '../errors.js';

export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** A sentence or two on what to see in it. */
  readonly note?: string;
}

/** A figure that the lecture (CS 224R, lecture 12) prints and that is not right, beside the right one. */
export interface Correction {
  readonly subject: string;
  readonly printed: string;
  readonly right: string;
  /** One sentence. */
  readonly why: string;
}

export interface Calculator<Schema extends z.ZodObject = z.ZodObject, Data = unknown> {
  readonly name: string;
  /** One line. */
  readonly description: string;
  /** Every option has a default and a description. */
  readonly options: Schema;
  /** Numbers, texts, lists and records only, so that they can be written as JSON. Equal options give equal data. */
  compute(options: z.output<Schema>): Data;
  table(data: Data): readonly Table[];
}

/** Infers the types of a calculator written in place. */
export const defineCalculator = <Schema extends z.ZodObject, Data>(
  calculator: Calculator<Schema, Data>,
): Calculator<Schema, Data> => calculator;

/**
 * Options as given to complete, checked ones.
 * @throws UsageError naming the option, its value and what is allowed
 */
export function parseOptions<Schema extends z.ZodObject>(
  { name, options: schema }: Calculator<Schema>,
  given: Readonly<Record<string, unknown>>,
): z.output<Schema> {
  const known = Object.keys(schema.shape);
  const stranger = Object.keys(given).find((option) => !known.includes(option));
  if (stranger !== undefined) throw unknownName(`option of ${name}`, stranger, known);
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const option = String(result.error.issues[0].path[0]);
  const allowed = allowedText(settingSchema(schema).properties?.[option] ?? {});
  throw new UsageError(`${name}: ${option} must be ${allowed}, not ${JSON.stringify(given[option])}.`);
}

/** Checks the options and computes. */
export function calculate<Schema extends z.ZodObject, Data>(
  calculator: Calculator<Schema, Data>,
  given: Readonly<Record<string, unknown>> = {},
): { readonly options: z.output<Schema>; readonly data: Data } {
  const options = parseOptions(calculator, given);
  return { options, data: calculator.compute(options) };
}

export const correctionTable = (corrections: readonly Correction[]): Table => ({
  title: 'Where the lecture prints another figure',
  columns: ['what', 'printed', 'right'],
  rows: corrections.map(({ subject, printed, right }) => [subject, printed, right]),
  note: corrections.map(({ why }) => why).join(' '),
});
