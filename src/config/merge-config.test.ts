// Configuration: the order of layers, shorthands, and messages that name setting, value, source and what is allowed.
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { UsageError } from '../errors.js';
import { trainConfigSchema } from './config.js';
import { allowedText, listSettings, settingSchema } from './describe-settings.js';
import { resolveConfig } from './merge-config.js';
import { parseConfigFile, parseSetting, parseValue } from './settings-text.js';

const agentOptions = z.object({
  learningRate: z.number().gt(0).max(1).default(0.001).describe("Adam's step size"),
  hidden: z.array(z.int().min(1).max(4096)).default([64, 64]),
  temperature: z.union([z.literal('auto'), z.number().min(0)]).default('auto'),
  bound: z
    .number()
    .nullable()
    .default(null)
    .refine((value) => value !== 13, 'thirteen is not allowed'),
});
const envOptions = z.strictObject({ reward: z.enum(['sparse', 'dense']).default('sparse') });

const resolve = (values: Record<string, unknown>, ...sets: string[]) =>
  resolveConfig({
    layers: [{ source: 'my.yaml', values: { env: 'arm/reach', ...values } }, ...sets.map(parseSetting)],
    tunedDefaults: (env, agent) => [
      {
        steps: 7000,
        agent: { learningRate: 0.01 },
        training: { batchSize: 64 },
        relabel: `${env}-${agent}`,
      },
    ],
    schemas: () => ({ env: envOptions, agent: agentOptions }),
  });
const message = async (values: Record<string, unknown>, ...sets: string[]): Promise<string> => {
  const error = await resolve(values, ...sets).then(
    () => undefined,
    (error) => error,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error.message;
};

describe('layers', () => {
  test('later ones win, tuned defaults lie over general ones, everything is filled in', async () => {
    const config = await resolve({ training: { batchSize: 128 } }, 'training.batchSize=32', 'seed=5');
    expect(config).toMatchObject({
      steps: 7000,
      seed: 5,
      relabel: 'arm/reach-sac',
      training: { batchSize: 32, warmupSteps: 500 },
    });
    expect(config.agent).toEqual({
      name: 'sac',
      options: { learningRate: 0.01, hidden: [64, 64], temperature: 'auto', bound: null },
    });
    expect(config.env).toEqual({ name: 'arm/reach', options: { reward: 'sparse' } });
  });

  test('a complete configuration goes through unchanged', async () => {
    const config = await resolve({}, 'agent.hidden=[32]', 'env.reward=dense');
    expect(await resolve(config)).toEqual(config);
  });

  test('options are understood in their long and short form, lists are replaced', async () => {
    const long = await resolve({ agent: { name: 'td3', options: { hidden: [8] } } }, 'agent.options.learningRate=0.5');
    const short = await resolve({ agent: { name: 'td3', hidden: [8] } }, 'agent.learningRate=5e-1');
    expect(long).toEqual(short);
    expect(short.agent).toMatchObject({ name: 'td3', options: { hidden: [8], learningRate: 0.5 } });
    expect((await resolve({}, 'agent=td3', 'env.options.reward=dense')).agent.name).toBe('td3');
  });

  test('an environment may prefer an agent', async () => {
    const request = { layers: [parseSetting('env=e')], defaultAgent: (env: string) => `agent-of-${env}` };
    expect((await resolveConfig(request)).agent.name).toBe('agent-of-e');
    expect((await resolveConfig({ ...request, layers: [...request.layers, parseSetting('agent=b')] })).agent.name).toBe(
      'b',
    );
  });

  test('without schemas the options are kept as they are', async () => {
    const layers = [{ source: 'x', values: { env: { name: 'e', anything: 1 } } }];
    expect((await resolveConfig({ layers })).env).toEqual({ name: 'e', options: { anything: 1 } });
  });
});

describe('messages', () => {
  test.each([
    [
      'training.batchSize=big',
      'training.batchSize must be a whole number from 1 to 65536, not "big" (from --set training.batchSize=big).',
    ],
    [
      'tasks.weights.push=-2',
      'tasks.weights.push must be a number, at least 0, not -2 (from --set tasks.weights.push=-2).',
    ],
    ['steps=0', 'steps must be a whole number, at least 1, not 0 (from --set steps=0).'],
    ['steps=1.5', 'steps must be a whole number, at least 1, not 1.5 (from --set steps=1.5).'],
    [
      'agent.learningRate=0',
      'agent.learningRate must be a number, above 0 and at most 1, not 0 (from --set agent.learningRate=0).',
    ],
    [
      'agent.learningRate=.nan',
      'agent.learningRate must be a number, above 0 and at most 1, not NaN (from --set agent.learningRate=.nan).',
    ],
    [
      'agent.hidden=[64, 0]',
      'agent.hidden.1 must be a whole number from 1 to 4096, not 0 (from --set agent.hidden=[64, 0]).',
    ],
    [
      'agent.hidden=64',
      'agent.hidden must be a list, each a whole number from 1 to 4096, not 64 (from --set agent.hidden=64).',
    ],
    [
      'agent.temperature=warm',
      'agent.temperature must be "auto" or a number, at least 0, not "warm" (from --set agent.temperature=warm).',
    ],
    ['agent.bound=x', 'agent.bound must be a number or null, not "x" (from --set agent.bound=x).'],
    ['agent.bound=13', 'agent.bound: thirteen is not allowed (from --set agent.bound=13).'],
    ['env.reward=shaped', 'env.reward must be "sparse" or "dense", not "shaped" (from --set env.reward=shaped).'],
    [
      'evaluation.untilSuccess=2',
      'evaluation.untilSuccess must be a number from 0 to 1 or null, not 2 (from --set evaluation.untilSuccess=2).',
    ],
    [
      'training.normalize=maybe',
      'training.normalize must be true or false or "task", not "maybe" (from --set training.normalize=maybe).',
    ],
    ['training=3', 'training must be a section of settings (name: value), not 3 (from --set training=3).'],
    ['agent.name=3', 'the agent must be given by name, not 3.'],
    ['trainig.batchSize=3', 'unknown setting "trainig"; did you mean "training"?'],
    [
      'training.bachSize=3',
      'unknown setting "training.bachSize"; did you mean "training.batchSize"? Available: training.warmupSteps,',
    ],
    [
      'agent.lerningRate=3',
      'unknown setting "agent.lerningRate" of sac; did you mean "agent.learningRate"? Available: agent.learningRate, agent.hidden,',
    ],
    ['learningRate=3', 'unknown setting "learningRate"; did you mean "agent.learningRate"?'],
    [
      'agent.reward=3',
      'unknown setting "agent.reward" of sac; did you mean "env.reward"? Available: agent.learningRate,',
    ],
    ['env.colour=red', 'unknown setting "env.colour" of arm/reach. Available: env.reward.'],
    ['env.camera.size=8', 'unknown setting "env.camera" of arm/reach. Available: env.reward.'],
    ['env.nmae=8', 'unknown setting "env.nmae" of arm/reach; did you mean "env.name"? Available: env.reward.'],
    ['__proto__.polluted=1', 'unknown setting "__proto__"'],
    ['env.constructor=1', 'unknown setting "env.constructor" of arm/reach'],
  ])('--set %s', async (setting, expected) => {
    expect(await message({}, setting)).toContain(expected);
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  test('the source is the layer that gave the value', async () => {
    expect(await message({ seed: -1 }, 'steps=5')).toBe(
      'seed must be a whole number, at least 0, not -1 (from my.yaml).',
    );
  });

  test('an environment without settings has none', async () => {
    const layers = [parseSetting('env.name=e'), parseSetting('env.reward=dense')];
    await expect(resolveConfig({ layers, schemas: () => ({}) })).rejects.toThrow(
      'unknown setting "env.reward" of e. There are no settings here.',
    );
    await expect(resolveConfig({ layers: [] })).rejects.toThrow('no environment is named');
  });

  test.each(['x', '=3', 'a..b=1', 'a=', '.a=1'])('--set %s is explained', (text) => {
    expect(() => parseSetting(text)).toThrow(
      `--set takes path=value, such as --set agent.learningRate=0.001, not "${text}".`,
    );
  });
});

test('a name glued to its value is told as what it is, in settings and in files', () => {
  const glued = 'names a setting "size:48" without a value: YAML wants a space after the colon; write size: 48.';
  expect(() => parseSetting('env.camera={size:48}')).toThrow(`--set env.camera={size:48} ${glued}`);
  expect(() => parseConfigFile('env:\n  name: e\n  camera: {state: true, size:48}\n', 'a.yaml')).toThrow(
    `a.yaml ${glued}`,
  );
  expect(parseSetting('env.camera={"size":48, state: null}').values).toEqual({
    env: { camera: { size: 48, state: null } },
  });
});

test('a name in quotes may hold a colon and have no value', () => {
  const named = { tasks: { weights: { 'a:b': null } } };
  expect(parseSetting('tasks.weights={"a:b": null}').values).toEqual(named);
  expect(parseSetting("tasks.weights={'a:b'}").values).toEqual(named);
  for (const text of ['{"tasks": {"weights": {"a:b": null}}}', "tasks:\n  weights:\n    'a:b':\n"]) {
    expect(parseConfigFile(text, 'a.yaml')).toEqual(named);
  }
  expect(() => parseConfigFile('tasks:\n  weights:\n    a:b:\n', 'a.yaml')).toThrow('write a: b.');
});

test('configuration files are YAML or JSON', () => {
  expect(parseConfigFile('env: arm/reach\nagent:\n  hidden: [8, 8]\n', 'a.yaml')).toEqual({
    env: 'arm/reach',
    agent: { hidden: [8, 8] },
  });
  expect(parseConfigFile('{"steps": 5}', 'a.json')).toEqual({ steps: 5 });
  expect(parseConfigFile('{"steps": 5, "created": "today", "versions": {}, "spec": {}}', 'config.json')).toEqual({
    steps: 5,
  });
  expect(parseConfigFile('# nothing\n', 'a.yaml')).toEqual({});
  expect(() => parseConfigFile('a: [1', 'a.yaml')).toThrow(/^a\.yaml is neither YAML nor JSON: .*line 1/);
  expect(() => parseConfigFile('- 1', 'a.yaml')).toThrow('a.yaml must hold settings (name: value), not [1].');
  expect(['5', '1e5', 'true', 'null', 'future:4', '[1, 2]', '[1'].map(parseValue)).toEqual([
    5,
    1e5,
    true,
    null,
    'future:4',
    [1, 2],
    '[1',
  ]);
});

test('of choices the nearest one is named, in lists too', async () => {
  const options = z.strictObject({
    camera: z.strictObject({ views: z.array(z.enum(['front', 'corner'])) }).optional(),
  });
  const views = { env: { name: 'x', camera: { views: ['corner', 'fornt'] } } };
  await expect(
    resolveConfig({ layers: [{ source: '--set', values: views }], schemas: () => ({ env: options }) }),
  ).rejects.toThrow('env.camera.views.1 must be "front" or "corner", not "fornt" (from --set); did you mean "front"?');
});

test('bounds that tables leave out are named where they are broken', async () => {
  const fail = (values: Record<string, unknown>) =>
    resolveConfig({ layers: [{ source: '--seed', values: { env: 'x', ...values } }] });
  await expect(fail({ seed: 2 ** 53 })).rejects.toThrow(
    'seed must be a whole number from 0 to 9007199254740991, not 9007199254740992 (from --seed).',
  );
  await expect(fail({ seed: 1e300 })).rejects.toThrow('a whole number from 0 to 9007199254740991, not 1e+300');
  await expect(fail({ seed: -1 })).rejects.toThrow('seed must be a whole number, at least 0, not -1');
  const list = settingSchema(z.array(z.int().min(1).max(8)).min(1).max(3));
  expect(allowedText(list)).toBe('a list, each a whole number from 1 to 8');
  expect(allowedText(list, true)).toBe('a list of 1 to 3, each a whole number from 1 to 8');
});

test('names with dots in files are those of messages and --set', () => {
  const read = (text: string) => parseConfigFile(text, 'a.yaml');
  expect(read('env: arm/reach\nagent.name: td3\nagent.hidden: [16, 16]\nevaluation.untilSuccess: null\n')).toEqual({
    env: 'arm/reach',
    agent: { name: 'td3', hidden: [16, 16] },
    evaluation: { untilSuccess: null },
  });
  expect(read('agent: td3\nagent.hidden: [16]')).toEqual({ agent: { name: 'td3', hidden: [16] } });
  expect(read('agent.hidden: [16]\nagent: {name: td3}')).toEqual({ agent: { name: 'td3', hidden: [16] } });
  expect(read('agent:\n  options.hidden: [16]')).toEqual({ agent: { options: { hidden: [16] } } });
  expect(() => read('agent.hidden: [16]\nagent: {hidden: [8]}')).toThrow(
    'a.yaml gives agent.hidden twice: [16] and [8]. Remove one of them.',
  );
  expect(() => read('agent: td3\nagent.name: sac')).toThrow('a.yaml gives agent.name twice: "td3" and "sac".');
  expect(() => read('agent..hidden: 1')).toThrow('"agent..hidden" in a.yaml is no name of a setting');
});

test('merge keys take settings over, nearer ones win', () => {
  const text =
    'x: &small\n  hidden: [16]\n  learningRate: 0.1\nagent:\n  <<: *small\n  learningRate: 0.2\n' +
    'y: &b {tau: 0.5}\nz:\n  <<: [*small, *b]\n';
  expect(parseConfigFile(text, 'a.yaml')).toMatchObject({
    agent: { hidden: [16], learningRate: 0.2 },
    z: { hidden: [16], learningRate: 0.1, tau: 0.5 },
  });
  expect(parseConfigFile('x-a: &a {hidden: [8]}\nagent: {<<: *a}', 'a.yaml')).toEqual({ agent: { hidden: [8] } });
  expect(() => parseConfigFile('agent: &a {hidden: *a}', 'a.yaml')).toThrow(
    /sections in sections without end at agent/,
  );
  expect(() => parseConfigFile('agent: *absent', 'a.yaml')).toThrow(/^a\.yaml is neither YAML nor JSON: .*absent/);
});

test('several documents in one file are refused with what to do; marks of a single one are not', () => {
  expect(() => parseConfigFile('steps: 5\n---\nsteps: 6\n', 'a.yaml')).toThrow(
    /^a\.yaml holds 2 documents, parts with "---" between them; a settings file is one\. Keep one/,
  );
  expect(parseConfigFile('---\nsteps: 5\n...\n', 'a.yaml')).toEqual({ steps: 5 });
});

test('every setting of a run has a meaning and a default', () => {
  const settings = listSettings(settingSchema(trainConfigSchema)).filter(({ path }) => path !== 'version');
  expect(settings.length).toBeGreaterThan(15);
  for (const { path, meaning, default: value } of settings) {
    expect(meaning, path).not.toBe('');
    if (path !== 'env.name') expect(value, path).not.toBe(undefined);
  }
  const iteration = settings.find(({ path }) => path === 'training.cycleSteps');
  expect(iteration?.meaning).toContain('per iteration');
  expect(iteration?.meaning).toContain('train_freq in Stable-Baselines3');
});

test('an unknown setting of a file is told with the file, and a misspelt name of the agent as such', async () => {
  expect(await message({ agent: { nam: 'sac' } })).toContain(
    'unknown setting "agent.nam" of sac in my.yaml; did you mean "agent.name"?',
  );
});

test('names of tasks keep their dots, in files and in --set', () => {
  const weights = { tasks: { weights: { 'v1.0': 2, push: 1 } } };
  expect(parseConfigFile('tasks:\n  weights:\n    v1.0: 2\n    push: 1', 'my.yaml')).toEqual(weights);
  expect(parseConfigFile('tasks.weights: { v1.0: 2, push: 1 }', 'my.yaml')).toEqual(weights);
  expect(parseConfigFile('tasks.weights.v1.0: 2\ntasks: { weights.push: 1 }', 'my.yaml')).toEqual(weights);
  expect(parseSetting('tasks.weights.v1.0=2').values).toEqual({ tasks: { weights: { 'v1.0': 2 } } });
  expect(() => parseSetting('tasks.weights.=2')).toThrow(/takes path=value/);
});
