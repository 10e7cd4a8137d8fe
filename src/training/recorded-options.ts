// Settings of an environment that data sets were recorded with: a run takes them, and what it is given must agree with them.
import { flatValues, settingLines, settingText } from '../config/flat-values.js';
import { type ConfigLayer, isSection, mergeSections, type Section } from '../config/merge-config.js';
import { parseSetting } from '../config/settings-text.js';
import { type DataSet, openDataSet } from '../datasets/index.js';
import { type EnvDefinition, parseEnvOptions, RECORDED } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { quoted } from '../quoted.js';
import { type SettingSchema, settingSchema } from '../setting-schema.js';

/** A data set of the run's environment, by its name, and the settings of then, as they were given and complete. */
interface Recorded {
  readonly name: string;
  readonly given: Section;
  readonly complete: Section;
}

export interface RecordedOptions {
  /** What the run is set to where nothing else is given; absent: nothing that the environment would not be by itself. */
  readonly layer?: ConfigLayer;
  /** What of the layer counts beside settings that are given, in a line; absent: nothing. */
  note(asked: Readonly<Section>): string | undefined;
  /** @throws UsageError where complete settings would have other things seen, done or asked, naming each and the fix */
  check(options: Readonly<Section>): void;
}

/**
 * The settings of the data sets among `files` that were recorded in this environment, under the name `env` in the
 * configuration; those of other programs tell none, and whatever cannot be opened is told about later.
 * @throws UsageError where two of them do not go together
 */
export async function recordedOptions(
  definition: EnvDefinition,
  env: string,
  files: readonly string[],
  inMemory: readonly DataSet[] = [],
): Promise<RecordedOptions | undefined> {
  if (env === RECORDED || !definition.options) return undefined;
  const schema = settingSchema(definition.options);
  const complete = (options: Section): Section => {
    const parsed = definition.options?.safeParse(options);
    return whereAbsent(parsed?.success ? (parsed.data as Section) : options, schema) as Section;
  };
  const all: Recorded[] = [];
  for (const file of files) {
    const given = inMemory.find(({ name }) => name === file);
    const set = given ?? (await openDataSet(file).catch(() => undefined));
    if (!set) continue;
    if (!set.derived && (set.env === env || set.env === definition.name)) {
      const options = withoutPolicys(set, definition);
      all.push({ name: file, given: options, complete: complete(options) });
    }
    if (!given) await set.close();
  }
  if (all.length === 0) return undefined;
  refuseDiscord(definition.name, all, schema);
  const byItself = complete({});
  const taken = all
    .map((one) => (adopted(one.given, one.complete, byItself, schema) ?? {}) as Section)
    .reduce((sum, one) => common(sum, one, schema));
  const names = all.map(({ name }) => name).join(', ');
  return {
    ...(Object.keys(taken).length > 0 && { layer: { source: names, values: { env: { options: taken } } } }),
    note(asked) {
      const rest = notIn(taken, asked);
      if (Object.keys(rest).length === 0) return undefined;
      return `As ${names} was recorded: ${settingLines(rest, 'env').join(', ')}.`;
    },
    check(options) {
      const here = whereAbsent(options, schema);
      for (const one of all) refuseOthers(definition.name, one, differences(one.complete, here, schema));
    },
  };
}

/**
 * Of settings `path=value` that a data set was recorded with, those that a run in its environment has to be given too, for it
 * would not take them from the data: such as the physics engine, or what is a policy's own.
 */
export async function notTaken(
  definition: EnvDefinition,
  env: string,
  set: DataSet,
  settings: readonly string[],
): Promise<string[]> {
  const recorded = await recordedOptions(definition, env, [set.name], [set]);
  const taken = (recorded?.layer?.values.env as { options: Section } | undefined)?.options;
  const [here, there] = [taken ?? {}, set.options].map((options) =>
    flatValues({ env: { options: parseEnvOptions(definition, options) } }),
  );
  return settings.filter((text) =>
    [...flatValues(parseSetting(text).values).keys()].some((path) => !equal(here.get(path), there.get(path))),
  );
}

/** How long one who explores goes on, and that success does not stop it, are no part of the task. */
function withoutPolicys({ options, origin: { policy = '' } }: DataSet, { dataPolicies = {} }: EnvDefinition): Section {
  const own = Object.hasOwn(dataPolicies, policy) ? dataPolicies[policy].options : undefined;
  return Object.fromEntries(Object.entries(options).filter(([name, value]) => own?.[name] !== value));
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a, inOrder) === JSON.stringify(b, inOrder);

/** Sections by their names' order, which says nothing. */
const inOrder = (_: string, value: unknown): unknown =>
  isSection(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value;

/** Complete settings in which what is absent stands as what it means; settings of then that are none now count for nothing. */
function whereAbsent(value: unknown, schema: SettingSchema): unknown {
  const { properties, whereAbsent: meant, default: usual } = schema;
  if (value === undefined) return meant ?? usual;
  if (!isSection(value) || !properties) return value;
  const known = Object.entries(properties).map(([name, schema]) => [name, whereAbsent(value[name], schema)] as const);
  return { ...value, ...Object.fromEntries(known.filter(([, inner]) => inner !== undefined)) };
}

interface Difference {
  /** Dotted, from the environment's settings on. */
  readonly path: string;
  /** Undefined: it was not set. */
  readonly there: unknown;
  readonly here: unknown;
}

/** Of the settings that have to agree. */
function differences(there: unknown, here: unknown, schema: SettingSchema, path = 'env'): Difference[] {
  const { properties, fromData } = schema;
  if (fromData !== undefined || equal(there, here)) return [];
  if (!isSection(there) || !isSection(here) || !properties) return [{ path, there, here }];
  return Object.entries(properties).flatMap(([name, inner]) =>
    differences(there[name], here[name], inner, `${path}.${name}`),
  );
}

/** What data were recorded with, as far as it is a run's business and not so by itself. */
function adopted(given: unknown, complete: unknown, byItself: unknown, schema: SettingSchema): unknown {
  if (schema.fromData === 'ignored' || given === undefined || equal(complete, byItself)) return undefined;
  if (!isSection(given) || !isSection(complete) || !schema.properties) return given;
  // A section that is not there by itself has its settings' defaults once any of it is set.
  const usual = (name: string, inner: SettingSchema) => (isSection(byItself) ? byItself[name] : inner.default);
  const parts = Object.entries(schema.properties)
    .map(([name, inner]) => [name, adopted(given[name], complete[name], usual(name, inner), inner)] as const)
    .filter(([, value]) => value !== undefined);
  return parts.length === 0 && byItself === undefined ? given : Object.fromEntries(parts);
}

/** Of two data sets: what must agree does; the usual is taken where both have it. */
function common(a: Section, b: Section, { properties }: SettingSchema): Section {
  if (!properties) return a;
  const both = Object.entries(properties).map(([name, schema]) => {
    const [one, other] = [a[name], b[name]];
    if (schema.properties && (isSection(one) || isSection(other))) {
      const both = common((one ?? {}) as Section, (other ?? {}) as Section, schema);
      // Without settings a section only counts where both have it.
      return [name, Object.keys(both).length > 0 || (one && other) ? both : undefined] as const;
    }
    if (schema.fromData === 'usual') return [name, equal(one, other) ? one : undefined] as const;
    return [name, one ?? other] as const;
  });
  return Object.fromEntries(both.filter(([, value]) => value !== undefined));
}

/** Settings without those that another has too. */
function notIn(settings: Section, other: Readonly<Section>): Section {
  const rest = Object.entries(settings).flatMap(([name, value]) => {
    const also = other[name];
    if (isSection(value) && isSection(also)) {
      const inner = notIn(value, also);
      return Object.keys(inner).length > 0 ? [[name, inner] as const] : [];
    }
    return also === undefined ? [[name, value] as const] : [];
  });
  return mergeSections([Object.fromEntries(rest)]);
}

const shown = (value: unknown): string => (value === undefined ? 'not set' : settingText(value));

function refuseOthers(env: string, { name }: Recorded, found: readonly Difference[]): void {
  if (found.length === 0) return;
  const list = found.map(({ path, there, here }) => `${path} was ${shown(there)}, and is ${shown(here)}`);
  const unset = found.filter(({ there }) => there === undefined).map(({ path }) => path);
  const set = found.flatMap(({ path, there }) => (there === undefined ? [] : settingLines(there, path)));
  const fixes = [
    ...(set.length > 0 ? [`set it as it was (${set.map((line) => `--set ${quoted(line)}`).join(' ')})`] : []),
    ...(unset.length > 0 ? [`leave ${unset.join(', ')} out`] : []),
  ];
  throw new UsageError(
    `${name} was recorded with other settings of ${env}: ${list.join('; ')}. What is seen or asked would not be what was recorded; ${fixes.join(', ')}, or record anew.`,
  );
}

/** @throws UsageError for data sets that were not recorded with the same */
function refuseDiscord(env: string, [first, ...others]: readonly Recorded[], schema: SettingSchema): void {
  for (const other of others) {
    const found = differences(first.complete, other.complete, schema);
    if (found.length === 0) continue;
    const list = found.map(
      ({ path, there, here }) => `${path} was ${shown(there)} in one, ${shown(here)} in the other`,
    );
    throw new UsageError(
      `data.files: ${first.name} and ${other.name} were recorded with different settings of ${env}: ${list.join('; ')}. Leave one of them out, or record it anew with the settings of the other.`,
    );
  }
}
