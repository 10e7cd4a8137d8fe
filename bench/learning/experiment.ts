// What a learning experiment is, and the command line that does the same for one seed.
import { flatValues } from '../../src/config/flat-values.js';

/** Where a data set lies, from the project's folder. */
export const dataFile = (name: string): string => `runs/data/${name}.safetensors`;

export interface Experiment {
  /** Also the name of its JSON under bench/results/learning/. */
  readonly name: string;
  readonly about: string;
  readonly env: string;
  readonly agent: string;
  readonly relabel: string;
  readonly steps: number;
  /** Environment steps between evaluations of 50 episodes. */
  readonly evaluateEvery: number;
  /** Stop after two evaluations in a row at or above this success rate; without it every run takes all its steps. */
  readonly untilSuccess?: number;
  /** Stop after two evaluations in a row at or above this mean return. */
  readonly untilReward?: number;
  /** Fresh starts or goals that policies are judged on at the end; default: 300. */
  readonly freshEpisodes?: number;
  /** Which goals or instructions fresh episodes have, where some are held out; default: all. */
  readonly freshGoals?: 'trained' | 'held-out';
  /** Names of the data sets that it learns from (data-sets.ts); absent: none. */
  readonly data?: readonly string[];
  /** Tasks that its fresh episodes are of, 100 each; absent: 300 episodes, of all tasks in turn. */
  readonly freshTasks?: readonly string[];
  /** Settings over the tuned defaults, in the sections of a run's configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly seeds: readonly number[];
  /** Limit of a run's training, in seconds of processor time: what its wall seconds would be on an idle core. */
  readonly limitSeconds: number;
  /** Takes both cores, so nothing else runs beside it. */
  readonly alone?: boolean;
}

/** Three seeds and the limit of ten minutes, for nearly every experiment. */
export const common = { seeds: [1, 2, 3], limitSeconds: 600 };
/** One thread does everything in turn, so that two runs fit on two cores and seconds compare between agents. */
export const oneThread = { runtime: { threads: 1, overlap: false } };

/** The command line that does the same for one seed. */
export function commandOf(experiment: Experiment): string {
  const { env, agent, relabel, steps, evaluateEvery, untilSuccess, untilReward, settings, data = [] } = experiment;
  return [
    `npm run -s anygoal -- train ${env} --agent ${agent} --relabel ${relabel} --steps ${steps} --seed SEED`,
    ...data.map((name) => `--data ${dataFile(name)}`),
    `--set evaluation.every=${evaluateEvery}`,
    ...(untilSuccess === undefined ? [] : [`--until-success ${untilSuccess}`]),
    ...(untilReward === undefined ? [] : [`--until-reward ${untilReward}`]),
    ...[...flatValues(settings)].map(([path, value]) => `--set ${path}=${JSON.stringify(value)}`),
  ].join(' ');
}

/** What `train` is asked for. */
export const optionsOf = (experiment: Experiment, seed: number) => {
  const { env, agent, relabel, steps, untilSuccess, untilReward, settings, evaluateEvery, data } = experiment;
  return {
    env,
    agent,
    relabel,
    steps,
    seed,
    untilSuccess,
    untilReward,
    ...(data && { data: data.map(dataFile) }),
    config: { ...settings, evaluation: { ...(settings.evaluation as object), every: evaluateEvery } },
  };
};

/** Whether a run's configuration is another's but for seed and number of steps: only then may it go on as the other. */
export function isSameSetting(one: unknown, other: unknown): boolean {
  const rest = (config: unknown) => JSON.stringify({ ...(config as object), seed: 0, steps: 0 });
  return rest(one) === rest(other);
}
