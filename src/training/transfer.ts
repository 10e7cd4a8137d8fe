// Generalists against specialists from what their runs have logged: transfer by task, and what sharing saves.
import * as platform from '#platform';
import { loadEnv, parseEnvOptions } from '../envs/index.js';
import { UsageError } from '../errors.js';
import { fitSharing, sharingThreshold } from '../lab/specialists.js';
import { type CurvePoint, stepsTo, type TransferRow, transferTable } from '../multitask/index.js';
import { joinPath, METRICS } from '../runs/run-layout.js';
import { readConfig } from '../runs/run-reader.js';
import type { Store } from '../runs/store.js';
import { reachableEnv } from './run-env.js';
import { phaseEnds, reportSequence, type SequenceReport } from './task-sequence.js';

/** What a run has logged of its tasks. */
export interface TaskCurves {
  readonly run: string;
  readonly env: string;
  /** All tasks of its environment. */
  readonly tasks: readonly string[];
  /** Those it practised: weights above 0. One: it is a specialist. */
  readonly practised: readonly string[];
  /** Success rate of every task. */
  readonly curves: Readonly<Record<string, readonly CurvePoint[]>>;
  /** Mean over the tasks that it practised. */
  readonly mean: readonly CurvePoint[];
  /** Of its last evaluation. */
  readonly steps: number;
  /** What was learned and lost, where tasks were learned one after the other and a phase is over. */
  readonly sequence?: SequenceReport;
}

/** @throws UsageError for runs with a single task */
export async function readTaskCurves(run: string, store?: Store): Promise<TaskCurves> {
  const from = store ?? platform.openStore(run);
  const dir = store ? run : '';
  const { config, facts } = await readConfig(from, dir);
  const definition = await loadEnv(await reachableEnv(config.env.name, facts));
  const rules = definition.rules(parseEnvOptions(definition, config.env.options));
  const { tasks } = rules.spec;
  rules.dispose?.();
  if (!tasks) {
    throw new UsageError(
      `${joinPath(from.location, dir)} is a run of ${config.env.name}, which has a single task; a specialist is a run of the family with tasks.weights of 0 for all tasks but one.`,
    );
  }
  const practised = tasks.filter((task) => (config.tasks.weights[task] ?? 1) > 0);
  const rows = new TextDecoder()
    .decode(await from.read(joinPath(dir, METRICS)))
    .split('\n')
    .filter((line) => line.includes('"eval/'))
    .map((line) => JSON.parse(line) as Record<string, number>);
  const curve = (task: string): CurvePoint[] =>
    rows.flatMap((row) => {
      const success = row[`eval/${task}/success_rate`];
      return success === undefined ? [] : [{ steps: row.step, success }];
    });
  const curves = Object.fromEntries(tasks.map((task) => [task, curve(task)]));
  const mean = curves[practised[0]].map(({ steps }, i) => ({
    steps,
    success: practised.reduce((sum, task) => sum + curves[task][i].success, 0) / practised.length,
  }));
  const steps = mean.at(-1)?.steps ?? 0;
  // The first evaluation after the end of a phase is the one at it.
  const ends = phaseEnds(config).map((end) => mean.findIndex((point) => point.steps >= end));
  const success = ends
    .filter((at) => at >= 0)
    .map((at) => tasks.map((task) => curves[task][at]?.success ?? Number.NaN));
  const sequence = reportSequence(config, { tasks }, success);
  return {
    ...(sequence && { sequence }),
    run: joinPath(from.location, dir),
    env: config.env.name,
    tasks,
    practised,
    curves,
    mean,
    steps,
  };
}

export interface TransferReport {
  readonly steps: number;
  readonly rows: readonly TransferRow[];
  /** What sharing saves; absent where runs do not tell. */
  readonly sharing?: SharingEstimate;
}

export interface SharingEstimate {
  /** Success rate that costs are counted to. */
  readonly wanted: number;
  /** Mean steps of the specialists until then. */
  readonly specialist: number;
  /** [tasks, steps in units of a specialist] of the generalists. */
  readonly generalists: readonly (readonly [tasks: number, cost: number])[];
  /** f and c of c + K (1 - f) by least squares, which takes generalists over two numbers of tasks at least. */
  readonly fit?: { readonly shared: number; readonly overhead: number; readonly residual: number };
  /** f above which a generalist over as many tasks as the first one wins: c / K, and (c - 1) / (K - 1). */
  readonly thresholds?: { readonly added: number; readonly contained: number };
  /** What was cheaper for the first generalist's number of tasks, by the measured costs themselves. */
  readonly verdict: 'generalist' | 'specialists';
}

/**
 * Of the first generalist against specialists of its tasks, and, where they and the specialists come to `wanted`, what
 * all generalists say about sharing. @throws UsageError for runs of other families, or without a specialist
 */
export function compareRuns(runs: readonly TaskCurves[], wanted = 0.9): TransferReport {
  const specialists = runs.filter(({ practised }) => practised.length === 1);
  const generalists = runs.filter(({ practised }) => practised.length > 1);
  const [first] = generalists;
  if (!first || specialists.length === 0) {
    throw new UsageError(
      `transfer needs a generalist and a specialist, and of the ${runs.length} runs ${generalists.length} practised several tasks, ${specialists.length} a single one; train specialists with --set tasks.weights.TASK=0 for all tasks but one.`,
    );
  }
  const other = specialists.find(({ env }) => env !== first.env);
  if (other) {
    throw new UsageError(
      `${other.run} is a run of ${other.env}, ${first.run} of ${first.env}; give runs of one family.`,
    );
  }
  const own = Object.fromEntries(specialists.map(({ practised: [task], curves }) => [task, curves[task]]));
  const rows = transferTable(first.practised, first.steps, first.curves, own);

  const costs = specialists.map(({ mean }) => stepsTo(mean, wanted));
  const reached = generalists.flatMap(({ practised, mean }) => {
    const steps = stepsTo(mean, wanted);
    return steps === undefined ? [] : [[practised.length, steps] as const];
  });
  const isKnown =
    costs.every((cost) => cost !== undefined) && reached.length > 0 && reached[0][0] === first.practised.length;
  if (!isKnown) return { steps: first.steps, rows };
  const specialist = costs.reduce((sum: number, cost) => sum + (cost as number), 0) / costs.length;
  const measured = reached.map(([tasks, steps]) => [tasks, steps / specialist] as const);
  const fit = fitSharing('added', measured) ?? undefined;
  const [[tasks, cost]] = measured;
  return {
    steps: first.steps,
    rows,
    sharing: {
      wanted,
      specialist,
      generalists: measured,
      ...(fit && {
        fit,
        thresholds: {
          added: sharingThreshold('added', tasks, fit.overhead),
          contained: sharingThreshold('contained', tasks, fit.overhead),
        },
      }),
      verdict: cost < tasks ? 'generalist' : 'specialists',
    },
  };
}
