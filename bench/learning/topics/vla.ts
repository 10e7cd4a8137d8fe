// Vision-language-action policies in small: pictures and words through one Transformer, its heads, and what each input is worth.
import { patches, places, smallVla, views, vlaCamera } from '../../vla-policy.js';
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult } from '../results.js';
import { cell, commands, notRun, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

type Settings = Readonly<Record<string, unknown>>;

/** Of the numbers of the state the gripper's place and its fingers; all else is in the pictures. */
const unseen = ['object-*', '*velocity*', 'button', 'drawer', 'dial', 'hook-*'];

/** What the simulator knows and the network learns to tell: where the thing is, and what is left to the goal. */
const tells = ['object-1-x', 'object-1-y', 'object-1-z', 'object-1-relative-*', 'remainder'];
const steps = 8000;

const vla = (name: string, about: string, agent: Settings = {}): Experiment => ({
  ...common,
  name: `vla-${name}`,
  about: `tabletop/mt3 from pictures and words: ${about}`,
  env: 'tabletop/mt3',
  agent: 'bc',
  relabel: 'none',
  steps,
  evaluateEvery: 2000,
  limitSeconds: 3600,
  freshEpisodes: 150,
  data: ['vla-mt3'],
  settings: {
    ...oneThread,
    env: { options: { camera: vlaCamera, goalMarker: true, sentences: 'plain', words: 12 } },
    tasks: { identifiers: ['words'] },
    training: { normalize: true, batchSize: 64 },
    agent: { options: { ...smallVla, unseen, tells, learningRateDecay: steps, ...agent } },
    evaluation: { episodes: 45 },
  },
});

const rows: readonly (readonly [name: string, about: string, agent?: Settings])[] = [
  ['squared', 'squared error, one action'],
  ['tokens', '256 bins for each number, a token each (RT-1)', { head: 'bins', bins: 256, actionTokens: 'each' }],
  ['chunks', 'absolute error, chunks of 4, a token each (ACT)', { head: 'laplace', chunk: 4, actionTokens: 'each' }],
  ['flow', 'flow matching, chunks of 4 (pi0)', { head: 'flow', chunk: 4 }],
  ['patches', 'squared error, patches in place of keypoints', { encoders: { ...views(patches), words: 'tokens' } }],
  ['unasked', 'squared error, keypoints of the channels alone', { encoders: { ...views(places), words: 'tokens' } }],
  ['untold', 'squared error, nothing told', { tells: [] }],
  ['no-words', 'squared error, without words', { unseen: [...unseen, 'words'], encoders: views(places) }],
  [
    'no-pictures',
    'squared error, without pictures',
    { unseen: [...unseen, ...Object.keys(views(places))], encoders: { words: 'tokens' } },
  ],
  ['no-state', 'squared error, without the numbers of the gripper', { unseen: ['observation'] }],
];
const labels = rows.filter(([name]) => readResult(`vla-${name}`));

export const vlaTopic: Topic = {
  page: 'vla.md',
  experiments: rows.map(([name, about, agent]) => vla(name, about, agent)),
  sections: {
    vla: () => {
      if (labels.length === 0) return notRun(['vla']);
      return table(
        ['', 'success, 150 fresh episodes', 'by task', 'processor seconds', 'seeds'],
        labels.map(([name, about]) => {
          const { trials, summary } = resultOf(`vla-${name}`);
          const each = trials.map(({ freshLast }) => freshLast?.tasks ?? {});
          const tasks = Object.keys(each[0]).map(
            (task) => [task, each.reduce((sum, rates) => sum + rates[task] / each.length, 0)] as const,
          );
          return row(
            about,
            cell(summary.freshLastSuccess, percent),
            tasks.map(([task, rate]) => `${task} ${percent(rate)}`).join(', '),
            whole(summary.cpuSeconds.mean),
            trials.length,
          );
        }),
      );
    },
    'vla-commands': () =>
      [
        ['```sh', recordCommand('vla-mt3'), '```'].join('\n'),
        ...(labels.length > 0 ? [commands(labels.map(([name]) => `vla-${name}`))] : []),
      ].join('\n\n'),
  },
  charts: () => ({}),
};
