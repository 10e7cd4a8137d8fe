// What a finished training says: lines for people, an object for programs, a table over seeds.

import { type EpisodeFigures, type Evaluation, type TaskEvaluation, worstTask } from '../acting/evaluate.js';
import { RECORDED } from '../envs/recorded-name.js';
import { quoted } from '../quoted.js';
import type { TrainResult } from '../training/types.js';
import { columns } from './args.js';
import { duration, meanAndStd, percent, short, thousands } from './format.js';
import type { Terminal } from './terminal.js';

/** The object of --json. */
export function trainJson(result: TrainResult) {
  const { runDir, env, agent, seed, envSteps, updates, wallSeconds, evalSuccessRate, evalMeanReward } = result;
  const { evalEpisodes, evalSeconds, evalTasks, evalHeldOut, sequence, owedUpdates, warnings, ended } = result;
  return {
    runDir,
    env,
    agent,
    seed,
    envSteps,
    updates,
    wallSeconds,
    evalSuccessRate,
    evalMeanReward,
    evalEpisodes,
    evalSeconds,
    ...(evalTasks && { evalTasks, evalWorstSuccessRate: worstTask({ tasks: evalTasks })?.successRate ?? Number.NaN }),
    ...(evalHeldOut && { evalHeldOut }),
    ...(sequence && { sequence }),
    ...(owedUpdates && { owedUpdates }),
    ...(warnings && { warnings }),
    ended,
  };
}

/** Episodes of `anygoal eval`, unless it is told how many. */
export const EVAL_EPISODES = 100;

/** Whether updates fell due and none could be done: the policy is what it was at the beginning. */
export const learnedNothing = ({ updates, owedUpdates = 0 }: TrainResult): boolean => updates === 0 && owedUpdates > 0;

/** `flags` end the commands that are suggested, `goOnFlags` those that go on with the run. */
export function summaryLines(
  result: TrainResult,
  terminal: Pick<Terminal, 'tone'>,
  program: string,
  flags = '',
  goOnFlags = flags,
): string[] {
  const evaluated = result.evalEpisodes > 0;
  const rate = terminal.tone(percent(result.evalSuccessRate), result.evalSuccessRate >= 0.95 ? 'good' : 'faint');
  return [
    `Run      ${result.runDir}`,
    `Trained  ${thousands(result.envSteps)} steps, ${thousands(result.updates)} updates in ` +
      `${duration(result.wallSeconds)} (and ${duration(result.evalSeconds)} of evaluation)`,
    ...owedLines(result, program, goOnFlags),
    evaluated && result.hasSuccess === false
      ? `Return   ${short(result.evalMeanReward)}, mean of ${result.evalEpisodes} evaluation episodes`
      : evaluated
        ? `Success  ${rate} of ${result.evalEpisodes} evaluation episodes, mean return ${short(result.evalMeanReward)}`
        : `${result.hasSuccess === false ? 'Return ' : 'Success'}  not evaluated yet`,
    ...(result.env === RECORDED
      ? [
          '         of held-out episodes: minus the distance from recorded actions; whether goals are reached is not known',
        ]
      : []),
    ...taskLines({ tasks: result.evalTasks, heldOut: result.evalHeldOut }),
    ...sequenceLine(result),
    `Next     ${program} ${nextCommand(result, flags, goOnFlags)}`,
  ];
}

/** Going on where nothing is known yet of what was learned, else an evaluation with an episode for each task. */
function nextCommand(result: TrainResult, flags: string, goOnFlags: string): string {
  const { runDir, evalEpisodes, evalTasks = [], ended } = result;
  if (ended === 'aborted' && evalEpisodes === 0) return `train --resume ${quoted(runDir)}${goOnFlags}`;
  const episodes = evalTasks.length > EVAL_EPISODES ? ` --episodes ${evalTasks.length}` : '';
  return `eval ${quoted(runDir)}${episodes}${flags}`;
}

function sequenceLine({ sequence }: TrainResult): string[] {
  if (!sequence) return [];
  const { phases, averagePerformance, forgetting } = sequence;
  const lost = forgetting === undefined ? '' : `, forgetting ${percent(forgetting)}`;
  return [`Sequence ${phases.length} tasks, average performance ${percent(averagePerformance)}${lost}`];
}

function owedLines(result: TrainResult, program: string, flags: string): string[] {
  const { owedUpdates = 0, warnings = [], runDir, ended } = result;
  if (owedUpdates === 0) return [];
  const why = learnedNothing(result)
    ? 'no episode ended that could be learned from, so the policy has learned nothing'
    : ended === 'steps'
      ? 'there was nothing to learn from'
      : 'the run ended before they were made up';
  return [
    `Owed     ${thousands(owedUpdates)} updates: ${why}; they are made up by going on: ` +
      `${program} train --resume ${quoted(runDir)}${ended === 'aborted' ? '' : ' --steps N'}${flags}`,
    ...(learnedNothing(result) ? warnings.map((warning) => `         ${warning}`) : []),
  ];
}

/** More tasks than a screen or two show are told by their lowest. */
const [MANY, LOWEST] = [64, 20];

/** A row for each task, or of many for the lowest, the worst, and the mean of those that were held out; of one just its name. */
export function taskLines({ tasks = [], heldOut }: Pick<Evaluation, 'tasks' | 'heldOut'>): string[] {
  if (tasks.length === 0) return [];
  const nameOf = ({ task, heldOut }: TaskEvaluation) => (heldOut ? `${task} (held out)` : task);
  if (tasks.length === 1) return [`Task     ${nameOf(tasks[0])}`];
  const succeeds = tasks.some(({ successRate }) => !Number.isNaN(successRate));
  const worst = worstTask({ tasks });
  const row = (cells: (string | false)[]) => cells.filter((cell) => cell !== false);
  const value = ({ successRate, meanReward }: TaskEvaluation) => (succeeds ? successRate : meanReward);
  const lowest = tasks.length > MANY ? tasks.toSorted((a, b) => value(a) - value(b)).slice(0, LOWEST) : tasks;
  const others = tasks.length - lowest.length;
  const rows = lowest.map((task) =>
    row([
      nameOf(task),
      succeeds && percent(task.successRate),
      `${short(task.meanReward)} ± ${short(task.stdReward)}`,
      String(task.episodes),
    ]),
  );
  const table = columns([row(['task', succeeds && 'success', 'return', 'episodes']), ...rows]);
  return [
    ...table,
    ...(others > 0 ? [`... and ${others} tasks that do as well as the last of these, or better (all: --json)`] : []),
    ...(worst ? [`Worst    ${percent(worst.successRate)} (${worst.task})`] : []),
    ...(heldOut ? [heldOutLine(heldOut, tasks.filter((task) => task.heldOut).length)] : []),
  ];
}

const MEASURES = ['envSteps', 'updates', 'wallSeconds', 'evalSuccessRate', 'evalMeanReward', 'evalSeconds'] as const;

function heldOutLine({ successRate, meanReward }: EpisodeFigures, count: number): string {
  const figures = Number.isNaN(successRate) ? '' : `${percent(successRate)}, `;
  const of = count === 1 ? 'the task' : `the ${count} tasks`;
  return `Held out ${figures}return ${short(meanReward)}: ${of} that no episode of training had, counted apart`;
}

/** Runs that differ in their seed: a row each, then mean and sample standard deviation. */
export function seedsReport(results: readonly TrainResult[]) {
  const statistics = Object.fromEntries(
    MEASURES.map((key) => [key, meanAndStd(results.map((result) => result[key]))]),
  ) as Record<(typeof MEASURES)[number], { mean: number; std: number }>;
  const succeeds = results.some(({ hasSuccess }) => hasSuccess !== false);
  const rows = results.map((result) => [
    String(result.seed),
    thousands(result.envSteps),
    result.wallSeconds.toFixed(1),
    ...(succeeds ? [percent(result.evalSuccessRate)] : []),
    short(result.evalMeanReward),
    result.runDir,
  ]);
  const spread = (key: (typeof MEASURES)[number], text: (value: number) => string) =>
    `${text(statistics[key].mean)} ± ${text(statistics[key].std)}`;
  const lines = columns([
    ['seed', 'steps', 'seconds', ...(succeeds ? ['success'] : []), 'return', 'run'],
    ...rows,
    [
      'mean',
      spread('envSteps', thousands),
      spread('wallSeconds', (value) => value.toFixed(1)),
      ...(succeeds ? [spread('evalSuccessRate', percent)] : []),
      spread('evalMeanReward', short),
      '(± standard deviation)',
    ],
  ]);
  const over = (part: 'mean' | 'std') => Object.fromEntries(MEASURES.map((key) => [key, statistics[key][part]]));
  const [first] = results;
  const json = {
    env: first?.env,
    agent: first?.agent,
    runs: results.map(trainJson),
    mean: over('mean'),
    std: over('std'),
  };
  return { lines, json };
}
