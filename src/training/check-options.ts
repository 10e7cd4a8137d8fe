// Checks what library calls are given: unknown options by name with the nearest one, missing ones, values of the wrong kind.
import { nearestName, UsageError } from '../errors.js';

export interface Option {
  /** What a value may be, in words that follow "must be". */
  readonly allowed: string;
  accepts(value: unknown): boolean;
}

/** What a call takes, by name. */
export type Options = Readonly<Record<string, Option>>;

export interface Call {
  /** Of the function. */
  readonly name: string;
  readonly options: Options;
  /** Those that must be given. */
  readonly required?: readonly string[];
  /** A call as it should be. */
  readonly example: string;
  /** Names of the settings inside `config`, dotted, for people who write them beside it. */
  readonly settings?: () => readonly string[];
}

/** @throws UsageError naming the option, its value, what is allowed and the fix */
export function checkOptions(call: Call, given: unknown): void {
  const { name, options, required = [], example } = call;
  if (!isObject(given))
    throw new UsageError(`${name} takes an object of options, as in ${example}, not ${show(given)}.`);
  for (const option of Object.keys(given)) if (!Object.hasOwn(options, option)) throw unknownOption(call, option);
  for (const option of required) {
    if (given[option] !== undefined) continue;
    throw new UsageError(`${name} needs ${option}: ${options[option].allowed}, as in ${example}.`);
  }
  for (const [option, { allowed, accepts }] of Object.entries(options)) {
    const value = given[option];
    if (value === undefined || accepts(value)) continue;
    throw new UsageError(`${option} of ${name} must be ${allowed}, not ${show(value)}.`);
  }
}

function unknownOption({ name, options, settings }: Call, option: string): UsageError {
  const known = Object.keys(options);
  const setting = settings?.().find((path) => path.endsWith(`.${option}`));
  const near = setting === undefined ? nearestName(option, known) : `config: ${nested(setting)}`;
  const hint = near === undefined ? '.' : `; did you mean ${setting === undefined ? `"${near}"` : near}?`;
  return new UsageError(`unknown option "${option}" of ${name}${hint} Available: ${known.join(', ')}.`);
}

const nested = (path: string): string => path.split('.').reduceRight((inner, part) => `{ ${part}: ${inner} }`, '...');

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** An object with these methods. */
export const withMethods = (what: string, ...methods: readonly string[]): Option => ({
  allowed: `${what}: an object with ${methods.join(', ')}`,
  accepts: (value) => isObject(value) && methods.every((method) => typeof value[method] === 'function'),
});

/** A value in few words. */
export function show(value: unknown): string {
  if (value instanceof Promise) return 'a promise (await it)';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'number' || value === undefined) return String(value);
  const kind = isObject(value) ? (Object.getPrototypeOf(value)?.constructor?.name ?? 'Object') : 'Object';
  if (kind !== 'Object') return `a value of kind ${kind}`;
  const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
