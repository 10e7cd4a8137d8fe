// Changes how often a run practises its tasks while it learns: by how well they go, or by how far critics disagree.
import type { Evaluation } from '../acting/evaluate.js';
import type { Agent } from '../agents/agent.js';
import type { TrainConfig } from '../config/config.js';
import type { EnvSpec } from '../envs/env.js';
import { hasSuccess } from '../envs/spec.js';
import { UsageError } from '../errors.js';
import { performanceChances, uncertaintyChances } from '../multitask/index.js';
import type { IterationControl } from './types.js';

export interface TaskSampling {
  /** New weights from an evaluation's success by task. */
  afterEvaluation(evaluation: Evaluation): void;
  /** New weights from the sums and counts of metrics since the last log. */
  atLog(metrics: Readonly<Record<string, readonly [sum: number, count: number]>>): void;
}

const fixed: TaskSampling = { afterEvaluation: () => undefined, atLog: () => undefined };

/** Weights are saved with the environments, and both events come at fixed steps: a resumed run has the same. */
export function createTaskSampling(
  config: TrainConfig,
  spec: EnvSpec,
  agent: Agent,
  control: IterationControl,
): TaskSampling {
  const { sampling, samplingTemperature: temperature, uniformShare: uniform } = config.tasks;
  if (sampling === 'fixed') return fixed;
  const { name, tasks } = spec;
  const refuse = (reason: string, remedy: string) =>
    new UsageError(`tasks.sampling is "${sampling}", but ${reason}; ${remedy}.`);
  if (!tasks) throw refuse(`${name} has a single task`, 'leave it out');
  const set = (chances: readonly number[]) =>
    control.setTaskWeights(Object.fromEntries(tasks.map((task, i) => [task, chances[i]])));
  if (sampling === 'performance') {
    if (config.evaluation.every === 0) throw refuse('evaluation.every is 0', 'set it above 0, for success by task');
    if (!hasSuccess(spec)) throw refuse(`${name} has no notion of success`, 'use uncertainty, or fixed');
    return {
      ...fixed,
      afterEvaluation({ tasks: figures = [] }) {
        set(
          performanceChances(
            figures.map(({ successRate }) => successRate),
            { temperature, uniform },
          ),
        );
      },
    };
  }
  const metrics = tasks.map((_, i) => `disagreement_${i}`);
  const known = new Set(Object.values(agent.steps(config.training.batchSize)).flatMap((step) => step.metricNames));
  if (!metrics.every((metric) => known.has(metric))) {
    throw refuse(`${config.agent.name} does not tell how far its critics disagree by task`, 'use --agent mtsac');
  }
  return {
    ...fixed,
    atLog(sums) {
      const means = metrics.map((metric) => (sums[metric] ? sums[metric][0] / sums[metric][1] : Number.NaN));
      if (means.every(Number.isFinite)) set(uncertaintyChances(means, { temperature, uniform }));
    },
  };
}
