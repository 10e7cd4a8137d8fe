// One run of an experiment in a process of its own: trains or goes on, evaluates on fresh goals, keeps its record in a file.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import type { SequenceReport } from '../../src/training/task-sequence.js';
import { recordMissing } from './data-sets.js';
import { type Experiment, isSameSetting, optionsOf } from './experiment.js';

/** An evaluation during training. */
export interface CurvePoint {
  readonly steps: number;
  /** Training seconds on the wall so far, evaluation excluded. */
  readonly seconds: number;
  /** Processor seconds (user and system, all threads) of training so far, evaluation excluded. */
  readonly cpuSeconds: number;
  readonly success: number;
  readonly anySuccess: number;
  readonly reward: number;
}

export interface Trial {
  readonly seed: number;
  runDir?: string;
  /** Absent until the run has ended once; `limit`: stopped by the experiment's limit on processor seconds. */
  ended?: 'steps' | 'success' | 'limit';
  config?: unknown;
  curve: CurvePoint[];
  envSteps?: number;
  updates?: number;
  seconds?: number;
  cpuSeconds?: number;
  evalSeconds?: number;
  /** The best checkpoint on goals that neither training nor its evaluations saw. */
  fresh?: FreshGoals;
  /** The policy at the end on the same goals. */
  freshLast?: FreshGoals;
  /** What was learned and lost, of tasks in sequence. */
  sequence?: SequenceReport;
  /** Load averages of the machine over a minute, at the beginning and at the end. */
  load: number[];
}

export interface FreshGoals {
  readonly episodes: number;
  readonly success: number;
  readonly anySuccess: number;
  readonly reward: number;
  /** Environment steps of the checkpoint. */
  readonly steps: number;
  /** Success by task, where there are several. */
  readonly tasks?: Readonly<Record<string, number>>;
  /** The same of success at any step. */
  readonly anyTasks?: Readonly<Record<string, number>>;
}

const FRESH_EPISODES = 300;
/** Where they are of certain tasks, of each. */
const FRESH_OF_TASK = 100;

const cpuNow = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

export interface Task {
  readonly experiment: Experiment;
  readonly seed: number;
  /** The trial's record. */
  readonly file: string;
  /** Folder for its run. */
  readonly store: string;
  /** URL of the built library's folder. */
  readonly library: string;
}

async function runTrial({ experiment, seed, file, store, library: folder }: Task): Promise<void> {
  const built = (path: string) => import(`${folder}${path}`);
  const library: typeof import('../../src/training/index.js') = await built('training/index.js');
  const { createDiskStore }: typeof import('../../src/runs/disk-store.js') = await built('runs/disk-store.js');
  const { configure, train, resume, evaluateRun } = library;

  const fresh: Trial = { seed, curve: [], load: [] };
  const before: Trial = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : fresh;
  const options = optionsOf(experiment, seed);
  for (const name of experiment.data ?? []) await recordMissing(name, folder);
  const trial = isSameSetting(before.config, await configure(options)) ? before : fresh;
  const write = () => {
    writeFileSync(`${file}.new`, JSON.stringify(trial));
    renameSync(`${file}.new`, file);
  };
  const abort = new AbortController();
  // Processor seconds of training at `mark`, the process's own count; it grows by what the process used since.
  let cpu = 0;
  let mark = cpuNow();
  let seconds = 0;
  const spent = () => cpu + cpuNow() - mark;
  const watch = {
    signal: abort.signal,
    onStart(run: { path: string; config: unknown }) {
      trial.runDir = run.path;
      trial.config = run.config;
      mark = cpuNow();
      write();
    },
    onProgress(progress: { phase: string; seconds: number }) {
      seconds = progress.seconds;
      if (progress.phase === 'evaluation') {
        cpu = spent();
        mark = Number.POSITIVE_INFINITY;
      } else if (mark !== Number.POSITIVE_INFINITY && spent() > experiment.limitSeconds) abort.abort();
    },
    onEvaluation(e: { steps: number; successRate: number; anySuccessRate: number; meanReward: number }) {
      mark = cpuNow();
      trial.curve = trial.curve.filter(({ steps }) => steps < e.steps);
      trial.curve.push({
        steps: e.steps,
        seconds: round(seconds),
        cpuSeconds: round(cpu),
        success: e.successRate,
        anySuccess: e.anySuccessRate,
        reward: e.meanReward,
      });
      trial.load[1] = round(loadavg()[0]);
      write();
      console.error(
        `${experiment.name} seed ${seed}: step ${e.steps}, success ${e.successRate}, ${round(cpu)} s of cpu`,
      );
    },
  };
  trial.load[0] ??= round(loadavg()[0]);
  let result: Awaited<ReturnType<typeof train>>;
  if (trial.runDir && existsSync(trial.runDir)) {
    cpu = trial.curve.at(-1)?.cpuSeconds ?? 0;
    result = await resume({ run: trial.runDir, steps: experiment.steps, ...watch });
  } else {
    result = await train({ ...options, store: createDiskStore(store), ...watch });
  }
  /** On certain tasks only, one after the other. */
  const freshOfTasks = async (checkpoint: 'best' | 'last', tasks: readonly string[]): Promise<FreshGoals> => {
    const of: Awaited<ReturnType<typeof evaluateRun>>[] = [];
    for (const task of tasks) {
      of.push(await evaluateRun({ run: result.runDir, checkpoint, task, episodes: FRESH_OF_TASK }));
    }
    const [{ steps }] = of;
    const mean = (figure: (e: (typeof of)[number]) => number) => of.reduce((sum, e) => sum + figure(e) / of.length, 0);
    const byTask = (figure: (e: (typeof of)[number]) => number) =>
      Object.fromEntries(tasks.map((task, i) => [task, figure(of[i])]));
    return {
      episodes: FRESH_OF_TASK * tasks.length,
      success: mean((e) => e.successRate),
      anySuccess: mean((e) => e.anySuccessRate),
      reward: mean((e) => e.meanReward),
      steps,
      tasks: byTask((e) => e.successRate),
      anyTasks: byTask((e) => e.anySuccessRate),
    };
  };
  const freshGoals = async (checkpoint: 'best' | 'last'): Promise<FreshGoals> => {
    if (experiment.freshTasks) return freshOfTasks(checkpoint, experiment.freshTasks);
    const episodes = experiment.freshEpisodes ?? FRESH_EPISODES;
    const goals = experiment.freshGoals && { goals: experiment.freshGoals };
    const e = await evaluateRun({ run: result.runDir, checkpoint, episodes, ...goals });
    const { successRate: success, anySuccessRate: anySuccess, meanReward: reward, steps } = e;
    const tasks = e.tasks && {
      tasks: Object.fromEntries(e.tasks.map((one) => [one.task, one.successRate])),
      anyTasks: Object.fromEntries(e.tasks.map((one) => [one.task, one.anySuccessRate])),
    };
    return { episodes, success, anySuccess, reward, steps, ...tasks };
  };
  const best = await freshGoals('best');
  const last = trial.curve.at(-1);
  Object.assign(trial, {
    ended: result.ended === 'aborted' ? 'limit' : result.ended,
    envSteps: result.envSteps,
    updates: result.updates,
    seconds: round(result.wallSeconds),
    cpuSeconds: last?.cpuSeconds,
    evalSeconds: round(result.evalSeconds),
    ...(result.sequence && { sequence: result.sequence }),
    fresh: best,
    freshLast: best.steps === result.envSteps ? best : await freshGoals('last'),
  } satisfies Partial<Trial>);
  write();
}

const round = (value: number) => Math.round(value * 100) / 100;

await runTrial(JSON.parse(process.argv[2]));
