// The configuration of a run from its layers: defaults, a file, flags, single settings; with errors that name the setting.

import type { z } from 'zod';
import { nearestName, UsageError } from '../errors.js';
import { mustBe, type SettingSchema, schemaAt, settingSchema, show } from '../setting-schema.js';
import { type TrainConfig, trainConfigSchema } from './config.js';
import { listSettings } from './describe-settings.js';

export type Section = Record<string, unknown>;

/** Settings that one place gives; sections nested as in TrainConfig. */
export interface ConfigLayer {
  /** Where they come from, for errors: `my.yaml`, `--steps`. */
  readonly source: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface ConfigRequest {
  /** What the person gave, lowest first (file, then flags, then `--set`); at least one names the environment. */
  readonly layers: readonly ConfigLayer[];
  /** The agent that an environment is trained with when none is named; its options are as they were given, not checked. */
  readonly defaultAgent?: (env: string, options: Readonly<Section>) => string | Promise<string>;
  /** Settings for an environment, with the options given, and an agent over the general defaults, the most general first. */
  readonly tunedDefaults?: (
    env: string,
    agent: string,
    options: Readonly<Section>,
  ) => readonly Readonly<Record<string, unknown>>[];
  /** What an environment, with the options given, is set to by the data sets of these names where nothing else is given. */
  readonly recordedOptions?: (
    env: string,
    options: Readonly<Section>,
    files: readonly string[],
  ) => Promise<ConfigLayer | undefined>;
  /** Schemas of the options of this environment and agent; throws where there is none of that name. */
  readonly schemas?: (env: string, agent: string) => OptionSchemas | Promise<OptionSchemas>;
}

/** An absent schema means that there are no options to set. */
export interface OptionSchemas {
  readonly env?: z.ZodType;
  readonly agent?: z.ZodType;
}

/**
 * Merges the layers over the tuned and the general defaults and checks the result, the options of environment and agent
 * included; what comes out is complete. `env: name`, `agent: name` and options directly inside `env` or `agent`
 * (`agent.learningRate`) are understood. Throws `UsageError` naming the setting, its value, where it came from and what is
 * allowed.
 */
export async function resolveConfig(request: ConfigRequest): Promise<TrainConfig> {
  const { tunedDefaults, schemas } = request;
  const asked = request.layers.map(({ source, values }) => ({ source, values: expandShorthands(values) }));
  const named = mergeSections(asked.map(({ values }) => values)) as { env?: Section; agent?: Section; data?: Section };
  const env = nameOf(named.env, 'environment') ?? missingEnv();
  const askedOptions = isSection(named.env?.options) ? named.env.options : {};
  const recorded = await request.recordedOptions?.(env, askedOptions, namesOf(named.data?.files));
  const given = recorded ? [recorded, ...asked] : asked;
  const recordedEnv = recorded?.values.env as { options: Section } | undefined;
  const envOptions = recordedEnv ? mergeSections([recordedEnv.options, askedOptions]) : askedOptions;
  const agent =
    nameOf(named.agent, 'agent') ??
    (await request.defaultAgent?.(env, envOptions)) ??
    trainConfigSchema.parse({ env: { name: env } }).agent.name;
  const options = (await schemas?.(env, agent)) ?? {};
  const tuned = (tunedDefaults?.(env, agent, envOptions) ?? []).map((values) => ({
    source: `the defaults of ${env}`,
    values: expandShorthands(values),
  }));
  const all = [...tuned, { source: 'the default agent', values: { agent: { name: agent } } }, ...given];

  const merged = mergeSections(all.map(({ values }) => values));
  const schema = schemas === undefined ? settingSchema(trainConfigSchema) : completeSchema(options);
  refuseUnknown(merged, schema, { env, agent }, all);
  const check = <T>(section: z.ZodType<T>, value: unknown, prefix: readonly string[]): T => {
    const result = section.safeParse(value);
    if (result.success) return result.data;
    const { path, message, code } = result.error.issues[0];
    throw invalid(
      [...prefix, ...path.map(String)],
      { merged, schema, layers: all },
      code === 'custom' ? message : undefined,
    );
  };
  const config = check(trainConfigSchema, merged, []);
  if (options.env) config.env.options = check(options.env, config.env.options, ['env', 'options']) as Section;
  if (options.agent) config.agent.options = check(options.agent, config.agent.options, ['agent', 'options']) as Section;
  return config;
}

export { show };

export const isSection = (value: unknown): value is Section =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);

/** Later ones win; sections merge, everything else is replaced. */
export function mergeSections(sections: readonly Readonly<Section>[]): Section {
  const merged = new Map<string, unknown>();
  for (const section of sections) {
    for (const [name, value] of Object.entries(section)) {
      const before = merged.get(name);
      merged.set(name, isSection(before) && isSection(value) ? mergeSections([before, value]) : value);
    }
  }
  return Object.fromEntries(merged);
}

/** `env: 'x'` to `env: { name: 'x' }`, what is neither name nor options into the options; `data: 'x'` to its files. */
function expandShorthands(values: Readonly<Section>): Section {
  const expand = (value: unknown): unknown => {
    if (typeof value === 'string') return { name: value };
    if (!isSection(value)) return value;
    const { name, options, ...rest } = value;
    const shorthand = Object.keys(rest).length > 0 ? [rest] : [];
    return {
      ...('name' in value && { name }),
      ...(isSection(options) || options === undefined
        ? (options || shorthand.length > 0) && { options: mergeSections([...(options ? [options] : []), ...shorthand]) }
        : { options }),
    };
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      if (name === 'data') return [name, expandFiles(value)];
      return [name, name === 'env' || name === 'agent' ? expand(value) : value];
    }),
  );
}

const expandFiles = (value: unknown): unknown =>
  typeof value === 'string' ? { files: [value] } : Array.isArray(value) ? { files: value } : value;

/** Those of a list that may be anything yet. */
const namesOf = (files: unknown): string[] =>
  Array.isArray(files) ? files.filter((file) => typeof file === 'string') : [];

function nameOf(section: Section | undefined, kind: string): string | undefined {
  const name = section?.name;
  if (name === undefined || typeof name === 'string') return name;
  throw new UsageError(`the ${kind} must be given by name, not ${show(name)}.`);
}

function missingEnv(): never {
  throw new UsageError('no environment is named. Name one, such as arm/reach; "anygoal envs" lists them.');
}

/** The schema of all settings with the options of environment and agent in their places. */
function completeSchema(options: OptionSchemas): SettingSchema {
  const root = settingSchema(trainConfigSchema);
  const sections = { ...root.properties };
  for (const part of ['env', 'agent'] as const) {
    const section = options[part];
    const schema: SettingSchema = section === undefined ? { type: 'object', properties: {} } : settingSchema(section);
    sections[part] = { ...sections[part], properties: { ...sections[part].properties, options: schema } };
  }
  return { ...root, properties: sections };
}

/** People write and read `agent.learningRate`, not `agent.options.learningRate`. */
const shown = (path: readonly string[]): string =>
  path.filter((name, i) => !(i === 1 && name === 'options' && path.length > 2)).join('.');

const valueAt = (values: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Section | undefined)?.[name], values);

function refuseUnknown(
  merged: Section,
  schema: SettingSchema,
  names: { env: string; agent: string },
  layers: readonly ConfigLayer[],
): void {
  const visit = (value: unknown, at: SettingSchema, path: readonly string[]): void => {
    if (!isSection(value) || at.properties === undefined) return;
    for (const [name, inner] of Object.entries(value)) {
      if (!Object.hasOwn(at.properties, name)) {
        const from = layers.findLast(({ values }) => valueAt(values, [...path, name]) !== undefined)?.source;
        throw unknownSetting([...path, name], at, schema, { ...names, from });
      }
      visit(inner, at.properties[name], [...path, name]);
    }
  };
  visit(merged, schema, []);
}

function unknownSetting(
  path: readonly string[],
  section: SettingSchema,
  root: SettingSchema,
  names: { env: string; agent: string; from?: string },
): UsageError {
  const all = listSettings(root).map((setting) => shown(setting.path.split('.')));
  const name = shown(path);
  const leaf = path[path.length - 1];
  const sameLeaf = all.find((candidate) => candidate.endsWith(`.${leaf}`));
  const sibling = (other: string) => shown([...path.slice(0, -1), other]);
  const siblings = Object.keys(section.properties ?? {});
  const [part] = path;
  const isOption = path.length > 2 && (part === 'env' || part === 'agent');
  // Compared without the section's name, which would make everything in it look near.
  // Their own setting "name" is short: three letters of a longer word, such as camera, make it look near.
  const mayBeName = isOption && leaf.length <= 'name'.length + 1;
  const nearSibling = nearestName(leaf, mayBeName ? ['name', ...siblings] : siblings);
  const near = sameLeaf ?? (nearSibling ? sibling(nearSibling) : isOption ? undefined : nearestName(name, all));
  const hint = near === undefined ? '' : `; did you mean "${near}"?`;
  const owner = isOption ? ` of ${names[part]}` : '';
  // A flag shows the setting itself; a file has to be named.
  const place = names.from === undefined || names.from.startsWith('--') ? '' : ` in ${names.from}`;
  const list = siblings.length > 0 ? `Available: ${siblings.map(sibling).join(', ')}.` : 'There are no settings here.';
  return new UsageError(`unknown setting "${name}"${owner}${place}${hint || '.'} ${list}`);
}

function invalid(
  path: readonly string[],
  { merged, schema, layers }: { merged: Section; schema: SettingSchema; layers: readonly ConfigLayer[] },
  message?: string,
): UsageError {
  const setting = schemaAt(schema, path);
  const value = valueAt(merged, path);
  const source = layers.findLast(({ values }) => valueAt(values, path) !== undefined)?.source;
  const from = source === undefined ? '' : ` (from ${source})`;
  if (message === undefined) return new UsageError(`${shown(path)} ${mustBe(setting, value, from)}`);
  const isSentence = message.startsWith('must be ');
  return new UsageError(isSentence ? `${shown(path)} ${message}` : `${shown(path)}: ${message}${from}.`);
}
