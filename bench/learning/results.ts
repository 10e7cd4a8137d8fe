// What an experiment's JSON holds: the trials of all seeds, and figures over them.
import { existsSync, readFileSync } from 'node:fs';
import type { Experiment } from './experiment.js';
import type { Trial } from './trial.js';

/** A figure over seeds. */
export interface Spread {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  /** Seeds it is over: those that got there. */
  readonly seeds: number;
}

export interface Result extends Experiment {
  readonly command: string;
  readonly config: unknown;
  readonly machine: string;
  readonly cores: number;
  readonly node: string;
  readonly onnxruntime: string;
  readonly date: string;
  readonly trials: readonly Trial[];
  readonly summary: Summary;
}

export interface Summary {
  /** Environment steps, training seconds and processor seconds to the first of two evaluations in a row at 95% or above. */
  readonly stepsTo95?: Spread;
  readonly secondsTo95?: Spread;
  readonly cpuSecondsTo95?: Spread;
  readonly envSteps: Spread;
  readonly seconds: Spread;
  readonly cpuSeconds: Spread;
  readonly evalSeconds: Spread;
  /** Success at the last evaluation of training. */
  readonly success: Spread;
  readonly freshSuccess: Spread;
  /** Of the policies at the end; older results lack it. */
  readonly freshLastSuccess?: Spread;
}

/** Index into the curve of the first of two evaluations in a row at or above `wanted`; -1 where there is none. */
export const reached = (
  { curve }: { readonly curve: readonly { readonly success: number }[] },
  wanted = 0.95,
): number => curve.findIndex(({ success }, i) => success >= wanted && curve[i + 1]?.success >= wanted);

/** The same for mean returns. */
export const reachedReturn = (
  { curve }: { readonly curve: readonly { readonly reward: number }[] },
  wanted: number,
): number => curve.findIndex(({ reward }, i) => reward >= wanted && curve[i + 1]?.reward >= wanted);

export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, min: Math.min(...values), max: Math.max(...values), seeds: values.length };
}

export function summarise(trials: readonly Trial[]): Summary {
  const there = trials.flatMap((trial) => trial.curve[reached(trial)] ?? []);
  const over = (of: (trial: Trial) => number | undefined) => spread(trials.map((t) => of(t) ?? Number.NaN)) as Spread;
  return {
    stepsTo95: spread(there.map(({ steps }) => steps)),
    secondsTo95: spread(there.map(({ seconds }) => seconds)),
    cpuSecondsTo95: spread(there.map(({ cpuSeconds }) => cpuSeconds)),
    envSteps: over((t) => t.envSteps),
    seconds: over((t) => t.seconds),
    cpuSeconds: over((t) => t.cpuSeconds),
    evalSeconds: over((t) => t.evalSeconds),
    success: over((t) => t.curve.at(-1)?.success),
    freshSuccess: over((t) => t.fresh?.success),
    freshLastSuccess: spread(trials.flatMap((t) => t.freshLast?.success ?? [])),
  };
}

export const resultFile = (name: string): URL => new URL(`../results/learning/${name}.json`, import.meta.url);

export const readResult = (name: string): Result | undefined =>
  existsSync(resultFile(name)) ? JSON.parse(readFileSync(resultFile(name), 'utf8')) : undefined;
