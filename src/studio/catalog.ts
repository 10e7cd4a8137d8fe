// What a new run can be: environments, agents, and every setting with its words and the value it would have.

import { findAgent, listAgents } from '../agents/index.js';
import { type TrainConfig, trainConfigSchema } from '../config/config.js';
import { listSettings, type Setting, type SettingSchema, settingSchema } from '../config/describe-settings.js';
import { flatValues } from '../config/flat-values.js';
import type { ConfigLayer } from '../config/merge-config.js';
import { parseValue } from '../config/settings-text.js';
import { listEnvs, loadEnv, parseEnvOptions } from '../envs/index.js';
import { hasGoals } from '../envs/spec.js';
import { unknownName } from '../errors.js';
import { quoted } from '../quoted.js';
import { type ConfigureOptions, configureLayers } from '../training/configure.js';
import type { AgentListing, FormSetting, RunForm, StartRequest } from './api-types.js';
import { RequestError } from './request-error.js';

/** Settings that a form asks for by themselves, or that a page must not choose. */
const NOT_IN_FORM = ['version', 'env.name', 'env.options', 'agent.name', 'agent.options', 'relabel', 'seed', 'steps'];
const PATHS = ['init'];

export const agentListings = (): AgentListing[] =>
  listAgents().map(({ name, description, paper, learning, actions }) => ({
    name,
    description,
    paper,
    learning,
    actions,
  }));

/** Environments that come with anygoal; modules on the disk are not imported for a page. */
function refuseUnlisted(env: string): void {
  const names = listEnvs().map(({ name }) => name);
  if (names.includes(env)) return;
  const { message } = unknownName('environment', env, names);
  throw new RequestError(
    400,
    `${message} Train an environment of your own from the command line: anygoal train ${quoted(env)}.`,
  );
}

/** The form of a new run; the agent is the environment's usual one unless given. */
export async function runForm(env: string, agent?: string): Promise<RunForm> {
  refuseUnlisted(env);
  const config = await configureLayers([
    { source: 'the form', values: { env, ...(agent !== undefined && { agent }) } },
  ]);
  const definition = await loadEnv(env);
  const { spec } = definition.rules(parseEnvOptions(definition, {}));
  const values = flatValues(config);
  /** Of parts that are not there unless something of them is set, such as a camera: what they would have. */
  const shownValue = ({ path, default: usual = null }: Setting): unknown =>
    (values.has(path) ? values.get(path) : sectionAt(config, path)) ?? usual;
  const of = (schema: SettingSchema, prefix: string): FormSetting[] =>
    listSettings(schema, prefix).map((setting) => ({
      ...setting,
      schema: schemaAt(schema, setting.path.slice(prefix === '' ? 0 : prefix.length + 1)),
      value: shownValue(setting),
    }));
  const general = of(settingSchema(trainConfigSchema), '').filter(
    ({ path }) => ![...NOT_IN_FORM, ...PATHS].includes(path),
  );
  return {
    env,
    agent: config.agent.name,
    agents: listAgents()
      .filter(({ actions }) => actions.includes(spec.action.kind))
      .filter(({ needsGoals }) => hasGoals(spec) || !needsGoals)
      .map(({ name }) => name),
    settings: [
      { path: 'steps', ...meaningOf('steps'), value: config.steps },
      { path: 'relabel', ...meaningOf('relabel'), value: config.relabel },
      ...(definition.options ? of(settingSchema(definition.options), 'env') : []),
      ...of(settingSchema(findAgent(config.agent.name).config), 'agent'),
      ...general,
    ],
  };
}

/**
 * The configurations that a request asks for, one per seed, checked by the library; `mayOpen` throws for files that may not
 * be named (a page by itself has none).
 */
export async function requestedConfigs(
  request: StartRequest,
  options: Pick<ConfigureOptions, 'mayOpen' | 'onNote'> = {},
): Promise<TrainConfig[]> {
  const { env, agent, relabel, steps, seeds = [0], settings = {} } = request;
  refuseUnlisted(env);
  const forbidden = Object.keys(settings).find((path) => PATHS.includes(path.split('.')[0]));
  if (forbidden !== undefined) {
    throw new RequestError(400, `${forbidden} names a file, which pages may not; use anygoal train --${forbidden}.`);
  }
  const layers: ConfigLayer[] = Object.entries(settings).map(([path, value]) => ({
    source: 'the form',
    values: nested(path, typeof value === 'string' ? parseValue(value) : value),
  }));
  layers.push({
    source: 'the form',
    values: {
      env: { name: env },
      ...(agent !== undefined && { agent: { name: agent } }),
      ...(relabel !== undefined && { relabel }),
      ...(steps !== undefined && { steps }),
    },
  });
  if (new Set(seeds).size < seeds.length) throw new RequestError(400, `seeds ${seeds.join(', ')} name a seed twice.`);
  return Promise.all(
    seeds.map((seed) => configureLayers([...layers, { source: 'the form', values: { seed } }], options)),
  );
}

/** A setting that is a section of its own, such as the weights of tasks or an agent's encoders. */
const sectionAt = ({ env, agent, ...rest }: TrainConfig, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown> | undefined)?.[name], {
    ...rest,
    env: env.options,
    agent: agent.options,
  });

/** `a.b` and a value as `{ a: { b: value } }`. */
function nested(path: string, value: unknown): Record<string, unknown> {
  const parts = path.split('.');
  if (parts.includes('') || parts.includes('__proto__')) {
    throw new RequestError(400, `"${path}" is no setting; settings are named as in agent.learningRate.`);
  }
  return parts.reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Record<string, unknown>;
}

function meaningOf(name: 'steps' | 'relabel'): Omit<FormSetting, 'path' | 'value'> {
  const root = settingSchema(trainConfigSchema);
  const setting = listSettings(root).find(({ path }) => path === name)!;
  return { allowed: setting.allowed, default: setting.default, meaning: setting.meaning, schema: schemaAt(root, name) };
}

const schemaAt = (schema: SettingSchema, path: string): SettingSchema =>
  path.split('.').reduce<SettingSchema>((inner, name) => inner.properties?.[name] ?? {}, schema);
