// The options of the library's calls, for the checks: what each may be, as their types say.
import { goalParts } from '../acting/training-goals.js';
import { trainConfigSchema } from '../config/config.js';
import { allowedText, listSettings, type SettingSchema, settingSchema } from '../config/describe-settings.js';
import { type Call, isObject, type Option, withMethods } from './check-options.js';
import type { EvaluateRunOptions, PolicySource } from './policy.js';
import type { RecordDataOptions } from './record.js';
import type { ResumeOptions, TrainOptions } from './types.js';
import type { FitModelOptions } from './world-model.js';

const anything: Option = { allowed: 'anything', accepts: () => true };
/** As the run's own setting of that name. */
const setting = (name: 'steps' | 'seed' | 'workers'): Option => {
  const schema = trainConfigSchema.shape[name];
  return { allowed: allowedText(settingSchema(schema)), accepts: (value) => schema.safeParse(value).success };
};
const count = (least: number): Option => ({
  allowed: `a whole number, at least ${least}`,
  accepts: (value) => Number.isInteger(value) && (value as number) >= least,
});
const wish = (name: 'untilSuccess' | 'untilWorst' | 'untilReward', allowed: string): Option => {
  const schema = trainConfigSchema.shape.evaluation.unwrap().shape[name];
  return { allowed, accepts: (value) => schema.safeParse(value).success };
};
const callback: Option = { allowed: 'a function', accepts: (value) => typeof value === 'function' };
const signal: Option = {
  allowed: 'an AbortSignal, such as the signal of an AbortController',
  accepts: (value) => isObject(value) && typeof value.aborted === 'boolean',
};
const runtime = withMethods('a runtime (anygoal/runtime/node, anygoal/runtime/web)', 'compile');
const readable = withMethods('a store', 'read', 'size', 'list', 'readLink');
const store = withMethods('a store', 'read', 'write', 'append', 'truncate', 'sync', 'size', 'list', 'rename', 'remove');
const isDefinition = withMethods('', 'create', 'rules').accepts;
const definition: Option = { allowed: 'an environment as defineEnv or loadEnv gives it', accepts: isDefinition };
const isDataSet = withMethods('', 'read', 'checksum').accepts;
const shownEnv: Option = {
  allowed: 'an environment as makeEnv gives it, with its spec',
  accepts: (value) => isObject(value) && isObject(value.spec),
};
const run: Option = {
  allowed: "a run's folder: a path, in pages a URL, or its name in the store",
  accepts: (value) => typeof value === 'string',
};

const watching = {
  runtime,
  broker: withMethods('a broker (connectBroker or createMemoryBroker of anygoal/actors)', 'create', 'open'),
  signal,
  onProgress: callback,
  onEvaluation: callback,
  onStart: callback,
  onIteration: callback,
} satisfies Partial<Record<keyof TrainOptions, Option>>;

// What the settings of a run are is checked where they are merged, with the same words as on the command line.
const trainOptions = {
  env: {
    allowed: 'the name of an environment, the path of a module, or an environment as defineEnv or loadEnv gives it',
    accepts: (value) => typeof value === 'string' || isDefinition(value),
  },
  agent: anything,
  relabel: anything,
  data: {
    allowed: 'the path of a data set, one opened by openDataSet, or a list of these',
    accepts: (value) =>
      (Array.isArray(value) ? value : [value]).every((one) => typeof one === 'string' || isDataSet(one)),
  },
  steps: anything,
  seed: anything,
  envs: anything,
  workers: anything,
  untilSuccess: anything,
  untilWorst: anything,
  untilReward: anything,
  init: anything,
  config: {
    allowed: 'settings by section, such as { training: { batchSize: 128 } }',
    accepts: (value) => isObject(value),
  },
  store,
  ...watching,
} satisfies Record<keyof TrainOptions, Option>;

const resumeOptions = {
  run,
  store,
  env: definition,
  data: {
    allowed: 'a list of data sets opened by openDataSet',
    accepts: (value) => Array.isArray(value) && value.every(isDataSet),
  },
  steps: setting('steps'),
  untilSuccess: wish('untilSuccess', 'a number from 0 to 1'),
  untilWorst: wish('untilWorst', 'a number from 0 to 1'),
  untilReward: wish('untilReward', 'a number'),
  workers: setting('workers'),
  ...watching,
} satisfies Record<keyof ResumeOptions, Option>;

const source = {
  run,
  store: readable,
  checkpoint: {
    allowed: '"best", "last" or the steps of a checkpoint',
    accepts: (value) => value === 'best' || value === 'last' || count(0).accepts(value),
  },
} satisfies Record<keyof PolicySource, Option>;

const fitOptions = {
  env: trainOptions.env,
  data: trainOptions.data,
  config: trainOptions.config,
  seed: setting('seed'),
  runtime,
} satisfies Record<keyof FitModelOptions, Option>;

const evaluateOptions = {
  ...source,
  env: definition,
  episodes: count(1),
  task: {
    allowed: 'the name or number of a task',
    accepts: (value) => typeof value === 'string' || count(0).accepts(value),
  },
  seed: setting('seed'),
  goal: {
    allowed: 'a list of numbers',
    accepts: (value) => Array.isArray(value) || ArrayBuffer.isView(value),
  },
  instruction: { allowed: 'a sentence', accepts: (value) => typeof value === 'string' },
  demonstration: { allowed: 'the path of a data set', accepts: (value) => typeof value === 'string' },
  goals: {
    allowed: allowedText({ enum: goalParts } satisfies SettingSchema),
    accepts: (value) => goalParts.some((part) => part === value),
  },
  runtime,
  signal,
  onEpisode: callback,
} satisfies Record<keyof EvaluateRunOptions, Option>;

const recordOptions = {
  env: trainOptions.env,
  envOptions: { allowed: "the environment's settings by name", accepts: (value) => isObject(value) },
  policy: {
    allowed:
      '"scripted", "random", "explore", a name among the environment\'s dataPolicies, or a run: its path, or { run, store, checkpoint }',
    accepts: (value) => typeof value === 'string' || (isObject(value) && typeof value.run === 'string'),
  },
  episodes: count(1),
  tasks: {
    allowed: 'a list of names of tasks, or numbers of episodes by the names of tasks',
    accepts: (value) =>
      Array.isArray(value)
        ? value.every((task) => typeof task === 'string')
        : isObject(value) && Object.values(value).every((n) => Number.isInteger(n) && (n as number) >= 0),
  },
  without: {
    allowed: 'a list of words',
    accepts: (value) => Array.isArray(value) && value.every((word) => typeof word === 'string'),
  },
  keepSteps: count(1),
  holdSteps: count(1),
  noise: { allowed: 'a number, at least 0', accepts: (value) => Number.isFinite(value) && (value as number) >= 0 },
  shake: { allowed: 'a number, at least 0', accepts: (value) => Number.isFinite(value) && (value as number) >= 0 },
  random: { allowed: 'a number from 0 to 1', accepts: (value) => (value as number) >= 0 && (value as number) <= 1 },
  seed: setting('seed'),
  runtime,
  signal,
  onEpisode: callback,
} satisfies Record<keyof RecordDataOptions, Option>;

const example = "({ run: 'runs/NAME' })";
const trainCall = (name: string): Call => ({
  name,
  options: trainOptions,
  required: ['env'],
  example: `${name}({ env: 'arm/reach' })`,
  settings: () => listSettings(settingSchema(trainConfigSchema)).map(({ path }) => path),
});
const runCall = (name: string, options: Call['options']): Call => ({
  name,
  options,
  required: ['run'],
  example: `${name}${example}`,
});
/** The second argument, beside the run. */
const besideCall = (name: string, options: Call['options']): Call => ({
  name: `${name}'s second argument`,
  options,
  example: `${name}({ run: 'runs/NAME', checkpoint: 'last' }, { ${Object.keys(options).at(-1)} })`,
});

export const calls = {
  train: trainCall('train'),
  configure: trainCall('configure'),
  resume: runCall('resume', resumeOptions),
  recordData: {
    name: 'recordData',
    options: recordOptions,
    required: ['env', 'policy'],
    example: "recordData({ env: 'arm/push', policy: 'scripted', episodes: 100 })",
  } satisfies Call,
  evaluateRun: runCall('evaluateRun', evaluateOptions),
  pictureEpisode: runCall('pictureEpisode', { ...source, seed: count(0), steps: count(1), width: count(1) }),
  exportPolicy: runCall('exportPolicy', { ...source, rows: count(1) }),
  exportModel: runCall('exportModel', { ...source, rows: count(1) }),
  loadModel: runCall('loadModel', source),
  fitModel: {
    name: 'fitModel',
    options: fitOptions,
    required: ['env', 'data'],
    example: "fitModel({ env: 'pendulum', data: 'walks.safetensors' })",
  },
  loadPolicy: runCall('loadPolicy', source),
  loadPolicyBeside: besideCall('loadPolicy', { env: shownEnv, runtime }),
  loadValue: runCall('loadValue', source),
  loadValueBeside: besideCall('loadValue', { rows: count(1), runtime }),
};
