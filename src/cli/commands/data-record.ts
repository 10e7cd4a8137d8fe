// `anygoal data record`: records episodes of a scripted controller, of chance or of a run's policy into a data set.
import type { EnvDefinition } from '../../envs/env.js';
import { nearestName, UsageError } from '../../errors.js';
import { recordingProgress } from '../../training/pace.js';
import type { Command } from '../command.js';
import { counted, percent, thousands } from '../format.js';
import { watchInterrupt } from '../interrupt.js';
import { finiteNumber, share, wholeNumber } from '../numbers.js';
import { placeFlags, placesSuffix, usePlaces } from '../places.js';
import { createReporter } from '../progress.js';
import { findRun } from '../run-path.js';
import { checkOutput, writeOutput } from '../write-output.js';

const DEFAULT_EPISODES = 100;

export const dataRecord: Command = {
  spec: {
    name: 'data record',
    summary: 'Record episodes of an environment into a data set',
    positional: { name: 'ENV', required: true, help: 'environment name or module path ("anygoal envs" lists names)' },
    flags: {
      policy: {
        value: 'P',
        help: 'scripted (default), random, explore (random directions, each kept for a while), planner (plans every action on the true dynamics), one of the environment\'s own ("anygoal envs NAME"), or a run: its folder or the beginning of its name',
      },
      keep: { value: 'N', help: 'with explore: steps for which a direction is kept (default: 10)' },
      episodes: { value: 'N', help: `episodes (default: ${DEFAULT_EPISODES})` },
      task: {
        value: 'NAME,...',
        repeat: true,
        help: 'only these tasks, in turn; NAME=N: N episodes of it (default: all tasks in turn)',
      },
      without: {
        value: 'WORDS',
        repeat: true,
        help: 'words that no episode asks with, such as "red ball", where the environment asks in words; repeatable',
      },
      hold: { value: 'N', help: 'end an episode once N steps in a row were a success (default: at its own end)' },
      noise: {
        value: 'D',
        help: "deviation of Gaussian noise on actions, as a share of half their range (default: 0, or the policy's own)",
      },
      shake: {
        value: 'D',
        help: 'the same noise on what happens, while the action that was meant is recorded: shows how to recover (default: 0)',
      },
      random: { value: 'P', help: 'probability of a uniformly random action instead (default: 0)' },
      seed: { value: 'S', help: 'seed of start states, goals and random actions (default: 0)' },
      set: { value: 'path=value', repeat: true, help: 'a setting of the environment, such as env.reward=dense' },
      out: { value: 'FILE', help: 'the file to write, such as demos.safetensors' },
      force: { help: 'replace a file that is there already' },
      ...placeFlags,
      json: { help: 'print one JSON object at the end, everything else on standard error' },
      quiet: { help: 'no progress, only the result' },
    },
    examples: [
      ['arm/push --episodes 200 --out push.safetensors', 'demonstrations of the scripted controller'],
      ['point/reach --policy random --out random.safetensors', 'what chance does'],
      ['cartpole/swing-up --policy planner --episodes 3 --out swings.safetensors', 'planned on the true dynamics'],
      ['ogbench/pointmaze-medium --policy navigate --episodes 1000 --out navigate.safetensors', "OGBench's own data"],
      ['tabletop/mt10 --task push=200,stack=20 --out some.safetensors', 'some tasks of a family'],
      ['arm/push --noise 0.5 --out clumsy.safetensors', 'demonstrations of a clumsy controller'],
    ],
  },
  async run(args, terminal, program) {
    const out = args.value('out');
    if (out === undefined) throw new UsageError('data record needs --out FILE, such as --out demos.safetensors.');
    const tasks = parseTasks(args.values('task'));
    const given = args.value('episodes') ?? (tasks && !Array.isArray(tasks) ? undefined : String(DEFAULT_EPISODES));
    const episodes = given === undefined ? undefined : wholeNumber('--episodes', given, 1);
    const hold = args.value('hold');
    const holdSteps = hold === undefined ? undefined : wholeNumber('--hold', hold, 1);
    const noiseText = args.value('noise');
    const noise = noiseText === undefined ? undefined : finiteNumber('--noise', noiseText);
    const keep = args.value('keep');
    const keepSteps = keep === undefined ? undefined : wholeNumber('--keep', keep, 1);
    const shake = finiteNumber('--shake', args.value('shake') ?? '0');
    const random = share('--random', args.value('random') ?? '0');
    const seed = wholeNumber('--seed', args.value('seed') ?? '0', 0);
    await checkOutput(out, '--out', 'demos.safetensors', args.has('force') || 'data set');
    await usePlaces(args);
    const policy = args.value('policy') ?? 'scripted';
    const env = args.positional ?? '';
    const [{ loadEnv }, { resolveConfig }, { parseSetting }, { recordData }, { openDataSet }] = await Promise.all([
      import('../../envs/index.js'),
      import('../../config/merge-config.js'),
      import('../../config/settings-text.js'),
      import('../../training/index.js'),
      import('../../datasets/index.js'),
    ]);
    const definition = await loadEnv(env);
    const own = { ...(isOwn(policy, definition) && definition.dataPolicies?.[policy].options) };
    const config = await resolveConfig({
      layers: [
        { source: 'ENV', values: { env: { name: env, options: own } } },
        ...args.values('set').map(parseSetting),
      ],
      schemas: () => ({ env: definition.options }),
    });
    const all = episodes ?? Object.values(tasks ?? {}).reduce((sum, count) => sum + count, 0);
    const interrupt = watchInterrupt(terminal.note);
    const reporter = createReporter(terminal);
    const progress = recordingProgress(all);
    reporter.recording(progress(0));
    try {
      const recorded = await recordData({
        env,
        envOptions: config.env.options,
        policy: actors(definition).includes(policy) ? policy : await runOf(policy, definition),
        keepSteps,
        episodes,
        tasks,
        without: args.values('without'),
        holdSteps,
        noise,
        shake,
        random,
        seed,
        signal: interrupt.signal,
        onEpisode: (episode) => reporter.recording(progress(episode + 1)),
      });
      terminal.status('');
      const { toStdout } = await writeOutput(out, recorded.bytes);
      const tell = toStdout ? terminal.printAside : terminal.print;
      const { successRate, transitions } = recorded;
      const success = Number.isNaN(successRate) ? '' : ` (${percent(successRate)} successful)`;
      tell(
        `Wrote ${out} (${thousands(recorded.bytes.length)} bytes): ${counted(recorded.episodes, 'episode')} of ${env}${success}, ${counted(transitions, 'transition')}.`,
      );
      if (!toStdout) {
        const { nextTraining } = await import('../next-training.js');
        const given = { settings: args.values('set'), without: args.values('without') };
        const recording = { definition, env, options: config.env.options, policy, ...given };
        const next = await nextTraining(recording, await openDataSet(out, recorded.bytes));
        terminal.print(`Next: ${program} ${next}${placesSuffix(args)}`);
      }
      const { bytes, ...figures } = recorded;
      terminal.json({ env, policy, seed, out, bytes: bytes.length, ...figures });
      return interrupt.exitCode ?? 0;
    } catch (error) {
      throw interrupt.explain(error);
    } finally {
      reporter.end();
      interrupt.dispose();
    }
  },
};

/** Whether the environment has a policy of that name. */
const isOwn = (policy: string, { dataPolicies = {} }: EnvDefinition): boolean => Object.hasOwn(dataPolicies, policy);

/** Names of those who can act, besides runs. */
const actors = ({ dataPolicies = {} }: EnvDefinition): string[] => [
  'scripted',
  'random',
  'explore',
  'planner',
  ...Object.keys(dataPolicies),
];

/** The folder of the run whose policy acts. @throws UsageError that also names those who are no runs */
async function runOf(policy: string, definition: EnvDefinition): Promise<string> {
  try {
    return (await findRun(policy)).run;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const near = nearestName(policy, actors(definition));
    const hint = near === undefined ? '' : ` Did you mean "${near}"?`;
    throw new UsageError(`${error.message}${hint} Who acts without a run: ${actors(definition).join(', ')}.`);
  }
}

/** `push,stack` as names, `push=200,stack=20` as numbers of episodes; undefined where none is given. */
function parseTasks(given: readonly string[]): readonly string[] | Readonly<Record<string, number>> | undefined {
  const words = given.flatMap((list) => list.split(','));
  if (words.length === 0) return undefined;
  const pairs = words.map((word): [string, string | undefined] => {
    const equals = word.indexOf('=');
    return equals < 0 ? [word, undefined] : [word.slice(0, equals), word.slice(equals + 1)];
  });
  const odd = pairs.find(([, count]) => (count === undefined) !== (pairs[0][1] === undefined));
  if (odd) throw new UsageError(`--task ${words.join(',')}: give every task a number of episodes, or none.`);
  if (pairs[0][1] === undefined) return words;
  return Object.fromEntries(pairs.map(([task, count]) => [task, wholeNumber(`--task ${task}`, count ?? '', 0)]));
}
