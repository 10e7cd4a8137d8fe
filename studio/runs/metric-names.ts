// What the metrics of a run are called for people, and how their values read.
import { percent } from '../../src/cli/format.js';

const LABELS: Readonly<Record<string, string>> = {
  'eval/success_rate': 'Success in evaluation',
  'eval/any_success_rate': 'Success at any step, in evaluation',
  'eval/worst_success_rate': 'Success of the worst task, in evaluation',
  'eval/*/success_rate': 'Success by task, in evaluation',
  'eval/*/mean_reward': 'Return by task, in evaluation',
  'rollout/*/success_rate': 'Success by task, while training',
  'rollout/*/ep_rew_mean': 'Return by task, while training',
  'gradients/*/actor_cosine': "Cosine of each task's actor gradient with the others'",
  'gradients/*/actor_norm': "Length of each task's actor gradient",
  'gradients/*/critics_cosine': "Cosine of each task's critics' gradient with the others'",
  'gradients/*/critics_norm': "Length of each task's critics' gradient",
  'gradients/actor_cosine': 'Mean cosine of the actor gradients of two tasks',
  'gradients/actor_conflict_share': 'Share of pairs of tasks whose actor gradients conflict',
  'gradients/critics_cosine': "Mean cosine of the critics' gradients of two tasks",
  'gradients/critics_conflict_share': "Share of pairs of tasks whose critics' gradients conflict",
  'eval/held_out_success_rate': 'Success of the tasks held out, in evaluation',
  'eval/held_out_mean_reward': 'Return of the tasks held out, in evaluation',
  'eval/mean_reward': 'Return in evaluation',
  'eval/std_reward': 'Deviation of the return in evaluation',
  'eval/mean_ep_length': 'Episode length in evaluation',
  'rollout/success_rate': 'Success while training',
  'rollout/ep_rew_mean': 'Return while training',
  'rollout/ep_len_mean': 'Episode length while training',
  'train/critic_loss': 'Critic loss',
  'train/actor_loss': 'Actor loss',
  'train/q_mean': 'Mean Q value',
  'train/ent_coef': 'Temperature (entropy coefficient)',
  'train/entropy': 'Entropy of the policy (nats)',
  'train/best_reward_share': 'Share of samples with the best reward',
  'time/fps': 'Steps per second',
};

/** Figures of one task: `eval/<task>/success_rate`, `rollout/<task>/ep_rew_mean`, `gradients/<task>/actor_norm`. */
function taskLabel(name: string): string | undefined {
  const [, own, vector, measure] = /^gradients\/(.+)\/([^/]+)_(cosine|norm)$/.exec(name) ?? [];
  if (own !== undefined) return `${measure === 'norm' ? 'Length' : 'Cosine'} of the gradient of ${vector}, task ${own}`;
  const [, when, task, figure] = /^(eval|rollout)\/(.+)\/(success_rate|mean_reward|ep_rew_mean)$/.exec(name) ?? [];
  if (task === undefined) return undefined;
  const what = figure === 'success_rate' ? 'Success' : 'Return';
  return `${what} ${when === 'eval' ? 'in evaluation' : 'while training'}, task ${task}`;
}

export const metricLabel = (name: string): string => LABELS[name] ?? taskLabel(name) ?? name;

const isShare = (name: string): boolean => /success_rate$|_share$/.test(name);

/** Shares are shown from 0 to 100%, cosines from -1 to 1. */
export const metricRange = (name: string): readonly [number, number] | undefined =>
  isShare(name) ? [0, 1] : name.endsWith('_cosine') ? [-1, 1] : undefined;

export function metricFormat(name: string): (value: number) => string {
  if (isShare(name)) return percent;
  return (value) => {
    if (!Number.isFinite(value)) return '-';
    const size = Math.abs(value);
    return size >= 10_000
      ? compact(value)
      : size > 0 && size < 1e-3
        ? value.toExponential(1)
        : String(Number(value.toPrecision(3)));
  };
}

/** What a page shows first, as far as a run has it. */
export const FIRST_METRICS: readonly string[] = ['eval/success_rate', 'eval/mean_reward'];

/** Stands for a figure of every task, in one chart. */
export const BY_TASK: readonly string[] = [
  'eval/*/success_rate',
  'eval/*/mean_reward',
  'rollout/*/success_rate',
  'rollout/*/ep_rew_mean',
];

/** The same, offered where runs have them: they are only measured when a run is asked to. */
const MEASURED_BY_TASK: readonly string[] = ['actor_cosine', 'actor_norm', 'critics_cosine', 'critics_norm'].map(
  (figure) => `gradients/*/${figure}`,
);

export const isByTask = (metric: string): boolean => BY_TASK.includes(metric) || MEASURED_BY_TASK.includes(metric);

/** Figures of every task in one chart that a page can offer, where runs with these tasks have logged such metrics. */
export const offeredByTask = (tasks: readonly string[], logged: readonly string[]): string[] =>
  tasks.length === 0
    ? []
    : [
        ...BY_TASK,
        ...MEASURED_BY_TASK.filter((metric) => figuresOf(metric, tasks).some((name) => logged.includes(name))),
      ];

/** The figures that are fetched for a metric: itself, or those of the tasks. */
export const figuresOf = (metric: string, tasks: readonly string[]): string[] =>
  isByTask(metric) ? tasks.map((task) => metric.replace('*', () => task)) : [metric];

/** 12k, 1.5M */
export function compact(value: number): string {
  return value.toLocaleString('en-US', { notation: 'compact', maximumFractionDigits: 2 });
}
