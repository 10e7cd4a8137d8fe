// `anygoal train`: trains a policy, several with --seeds, or goes on with a run.
import { readFile } from 'node:fs/promises';
import type { Broker } from '../../actors/index.js';
import type { ConfigLayer } from '../../config/merge-config.js';
import { UsageError } from '../../errors.js';
import type { ResumeOptions, TrainConfig, TrainResult } from '../../training/index.js';
import type { Arguments } from '../args.js';
import { brokerFlags, brokerSuffix, connect } from '../broker.js';
import type { Command } from '../command.js';
import { dataLayer } from '../data-argument.js';
import { finiteNumber, share, wholeNumber } from '../numbers.js';
import { placeFlags, placesSuffix, usePlaces } from '../places.js';
import { findRun } from '../run-path.js';
import { runWithProgress } from '../run-with-progress.js';
import type { Terminal } from '../terminal.js';
import { seedsReport, summaryLines, trainJson } from '../train-report.js';

export const train: Command = {
  spec: {
    name: 'train',
    summary: 'Train a policy that reaches any goal of an environment',
    positional: {
      name: 'ENV',
      required: false,
      help: 'environment name or module path ("anygoal envs" lists names), gym:NAME for one of Gymnasium, or a data set: it is learned from alone',
    },
    flags: {
      env: { value: 'ENV', help: 'of a data set in the place of ENV: where to evaluate; else where it was recorded' },
      agent: { value: 'A', help: 'learning algorithm ("anygoal agents" lists them)' },
      relabel: { value: 'R', help: 'hindsight: future:4, final:4, episode:4, random:4, caption:4 (in words) or none' },
      data: { value: 'FILE', repeat: true, help: 'learn from recorded episodes ("anygoal data record"); repeatable' },
      steps: { value: 'N', help: 'environment steps in all; without acting: of the clock that updates are counted by' },
      seed: { value: 'S', help: 'one seed for everything random in the run' },
      seeds: { value: '1,2,3', help: 'train once for each seed and report mean and standard deviation' },
      envs: { value: 'N', help: 'environments stepped side by side' },
      workers: { value: 'W', help: 'threads that step the environments (default 0: none of their own)' },
      'until-success': { value: '0.95', help: 'stop after two evaluations in a row at or above this success rate' },
      'until-worst-success': { value: '0.9', help: 'the same for the success rate of the worst task' },
      'until-reward': { value: 'R', help: 'the same for the mean return' },
      config: { value: 'FILE', help: 'settings from a YAML or JSON file' },
      set: { value: 'path=value', repeat: true, help: 'one setting, such as agent.learningRate=0.001; repeatable' },
      init: { value: 'RUN', help: 'start from the policy of another run' },
      resume: { value: 'RUN', help: 'go on with a run from its last checkpoint (with --steps: to a new total)' },
      out: { value: 'DIR', help: 'folder for runs (default: runs)' },
      ...placeFlags,
      ...brokerFlags,
      broker: { ...brokerFlags.broker, help: 'learn from episodes that "anygoal actor" sends over this NATS server' },
      json: { help: 'print one JSON object at the end, everything else on standard error' },
      quiet: { help: 'no progress, only the result' },
    },
    examples: [
      ['arm/reach', 'with the tuned settings of the environment'],
      ['point/reach --agent td3 --steps 5000 --set training.batchSize=128', 'other settings'],
      ['arm/push --seeds 1,2,3 --json > result.json', 'three seeds, for a table'],
      ['walks.safetensors --agent saw', 'from a data set alone, evaluated where it was recorded'],
      ['arm/push --data push.safetensors --set data.share=0.5', 'half of each batch from recorded episodes'],
      ['--resume runs/arm-reach__sac__0__20261121-134501 --steps 50000', 'go on with a run'],
    ],
  },

  async run(args, terminal, program) {
    refuseCombinations(args);
    await usePlaces(args);
    const resumed = args.value('resume');
    if (resumed !== undefined) return goOn(args, resumed, terminal, program);
    const seeds = parseSeeds(args.value('seeds'));
    const layers = await readLayers(args);
    const { configureLayers } = await import('../../training/configure.js');
    const note = once(terminal.note);
    const resolve = (more: ConfigLayer[]) => configureLayers([...layers, ...more], { onNote: note });
    if (seeds === undefined) {
      const { result, exitCode } = await trainOnce(args, await resolve([]), terminal, program, note);
      for (const line of summaryLines(result, terminal, program, placesSuffix(args), suffix(args)))
        terminal.print(line);
      terminal.json(trainJson(result));
      return exitCode;
    }
    const results: TrainResult[] = [];
    let exitCode = 0;
    for (const seed of seeds) {
      terminal.note(`\nSeed ${seed} (${results.length + 1} of ${seeds.length})`);
      const config = await resolve([{ source: '--seeds', values: { seed } }]);
      const trained = await trainOnce(args, config, terminal, program, note);
      results.push(trained.result);
      exitCode = trained.exitCode;
      if (exitCode !== 0) break;
    }
    const report = seedsReport(results);
    for (const line of ['', ...report.lines]) terminal.print(line);
    terminal.json(report.json);
    return exitCode;
  },
};

/** Tells the same words a single time: several seeds have the same settings. */
function once(tell: (text: string) => void): (text: string) => void {
  const told = new Set<string>();
  return (text) => {
    if (!told.has(text)) tell(text);
    told.add(text);
  };
}

/** What the commands that go on need at their end. */
const suffix = (args: Arguments): string => placesSuffix(args) + brokerSuffix(args);

/** Runs a training with the broker that the flags name, if they do. */
async function withBroker<T>(args: Arguments, action: (broker: Broker | undefined) => Promise<T>): Promise<T> {
  const broker = args.has('broker') ? await connect(args, 'train') : undefined;
  try {
    return await action(broker);
  } finally {
    await broker?.close();
  }
}

async function trainOnce(
  args: Arguments,
  config: TrainConfig,
  terminal: Terminal,
  program: string,
  note: (text: string) => void,
) {
  const [{ train }, { createDiskStore }] = await Promise.all([
    import('../../training/index.js'),
    import('../../runs/disk-store.js'),
  ]);
  const init = args.value('init');
  return withBroker(args, (broker) =>
    runWithProgress(
      terminal,
      program,
      async (watch) =>
        train({
          env: config.env.name,
          config,
          init: init === undefined ? undefined : (await findRun(init)).run,
          store: createDiskStore(args.value('out') ?? 'runs'),
          broker,
          ...watch,
        }),
      suffix(args),
      note,
    ),
  );
}

async function goOn(args: Arguments, path: string, terminal: Terminal, program: string): Promise<number> {
  const [{ resume }, { run }] = await Promise.all([import('../../training/index.js'), findRun(path)]);
  const steps = args.value('steps');
  const workers = args.value('workers');
  const { result, exitCode } = await withBroker(args, (broker) =>
    runWithProgress(
      terminal,
      program,
      (watch) =>
        resume({
          run,
          steps: steps === undefined ? undefined : wholeNumber('--steps', steps, 1),
          ...untilOf(args),
          workers: workers === undefined ? undefined : wholeNumber('--workers', workers, 0),
          broker,
          ...watch,
        }),
      suffix(args),
    ),
  );
  for (const line of summaryLines(result, terminal, program, placesSuffix(args), suffix(args))) terminal.print(line);
  terminal.json(trainJson(result));
  return exitCode;
}

/** What was given, lowest first: file, flags, --set. Values stay as they are; the configuration checks them. */
async function readLayers(args: Arguments): Promise<ConfigLayer[]> {
  const { parseConfigFile, parseSetting, parseValue } = await import('../../config/settings-text.js');
  const layers: ConfigLayer[] = [];
  const file = args.value('config');
  if (file !== undefined) {
    const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
      const reason = error.code === 'ENOENT' ? 'there is no such file' : error.message;
      throw new UsageError(`cannot read --config ${file}: ${reason}.`);
    });
    layers.push({ source: file, values: parseConfigFile(text, file) });
  }
  const flag = (name: string, values: (value: string) => Record<string, unknown>) => {
    const value = args.value(name);
    if (value !== undefined) layers.push({ source: `--${name}`, values: values(value) });
  };
  const { positional } = args;
  const ofData =
    positional === undefined ? undefined : await dataLayer(positional, args.value('env'), columnSettings(args));
  if (ofData) layers.push(ofData);
  else if (positional !== undefined) layers.push({ source: 'ENV', values: { env: { name: positional } } });
  flag('agent', (name) => ({ agent: { name } }));
  flag('relabel', (relabel) => ({ relabel }));
  const files = [...(ofData && positional !== undefined ? [positional] : []), ...args.values('data')];
  if (args.has('data')) layers.push({ source: '--data', values: { data: files } });
  flag('steps', (text) => ({ steps: parseValue(text) }));
  flag('seed', (text) => ({ seed: parseValue(text) }));
  flag('envs', (text) => ({ envs: parseValue(text) }));
  flag('workers', (text) => ({ workers: parseValue(text) }));
  flag('until-success', (text) => ({ evaluation: { untilSuccess: parseValue(text) } }));
  flag('until-worst-success', (text) => ({ evaluation: { untilWorst: parseValue(text) } }));
  flag('until-reward', (text) => ({ evaluation: { untilReward: parseValue(text) } }));
  return [...layers, ...args.values('set').map(parseSetting)];
}

/** COLUMN=SOURCE of each --set data.columns.COLUMN=SOURCE. */
const columnSettings = (args: Arguments): string[] =>
  args.values('set').flatMap((text) => (text.startsWith('data.columns.') ? [text.slice('data.columns.'.length)] : []));

/** What a run that goes on is wanted to reach. */
function untilOf(args: Arguments): Pick<ResumeOptions, 'untilSuccess' | 'untilWorst' | 'untilReward'> {
  const given = <T>(flag: string, read: (name: string, text: string) => T): T | undefined => {
    const text = args.value(flag);
    return text === undefined ? undefined : read(`--${flag}`, text);
  };
  return {
    untilSuccess: given('until-success', share),
    untilWorst: given('until-worst-success', share),
    untilReward: given('until-reward', finiteNumber),
  };
}

function refuseCombinations(args: Arguments): void {
  if (args.has('seed') && args.has('seeds')) {
    throw new UsageError('--seed and --seeds exclude each other; give --seeds 1,2,3 for several runs.');
  }
  if (!args.has('resume')) {
    if (args.has('env') && args.positional === undefined) {
      throw new UsageError(
        '--env says where to evaluate what is learned from a data set; name the data set too, or give the environment alone: train ENV.',
      );
    }
    if (args.positional === undefined && !args.has('config') && args.values('set').length === 0) {
      throw new UsageError('train needs ENV: an environment, such as arm/reach. "anygoal envs" lists them.');
    }
    return;
  }
  const fixed = ['env', 'agent', 'relabel', 'data', 'seed', 'seeds', 'envs', 'config', 'set', 'init', 'out'].filter(
    args.has,
  );
  const given = args.positional === undefined ? fixed.map((name) => `--${name}`) : [args.positional];
  if (given.length > 0) {
    throw new UsageError(
      `--resume goes on with the run's own settings, so ${given.join(', ')} cannot be given; only --steps, ` +
        '--until-success, --until-worst-success, --until-reward and --workers can. To train on with other settings, start a run with --init RUN.',
    );
  }
}

function parseSeeds(text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined;
  const seeds = text.split(',').map((seed) => wholeNumber('--seeds', seed.trim(), 0));
  if (new Set(seeds).size < seeds.length) throw new UsageError(`--seeds ${text} names a seed twice.`);
  return seeds;
}
