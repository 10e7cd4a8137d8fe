// Demonstrations as task identifiers: states or a film of another episode says what to do, of tasks seen and unseen.
import { recordCommand, twoViews, unseenOfMany, unseenOfMost, unseenPlaces } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

type Settings = Readonly<Record<string, unknown>>;
const keypoints = { kind: 'keypoints', channels: [16, 32] };

interface Shown {
  readonly env: string;
  readonly data: string;
  readonly steps: number;
  readonly options: Settings;
  readonly agent?: Settings;
  readonly batchSize?: number;
  /** Tasks that no episode of training has. */
  readonly unseen?: readonly string[];
}

const shown = (name: string, about: string, of: Shown): Experiment => ({
  ...common,
  name: `demonstrations-${name}`,
  about: `${of.env}: ${about}`,
  env: of.env,
  agent: 'bc',
  relabel: 'none',
  steps: of.steps,
  evaluateEvery: of.steps,
  limitSeconds: 3600,
  // Two of each place at least, which tells enough of those that are unseen.
  freshEpisodes: Math.max(300, 2 * Number(of.options.places ?? 0)),
  data: [of.data],
  settings: {
    ...oneThread,
    env: { options: of.options },
    tasks: {
      identifiers: ['demonstration'],
      weights: Object.fromEntries((of.unseen ?? []).map((task) => [task, 0])),
    },
    training: { normalize: true, batchSize: of.batchSize ?? 128 },
    agent: { options: { chunk: 1, backbone: 'transformer', ...of.agent } },
    evaluation: { episodes: Math.max(64, Number(of.options.places ?? 0)) },
  },
});

const places = { places: 32 };
const film = { camera: { size: 32, state: true }, demonstrationIn: 'camera' };
const states = { encoders: { demonstration: 'tokens' } };
/** The last state is where to go: what is left to it is told as well. */
const related = { ...states, relative: 'demonstration' };
/** It learns besides which thing it is about, and where that shall go. */
const told = { tells: ['object-1-x', 'object-1-y', 'object-1-z', 'object-1-relative-*', 'remainder'] };
/** What the policy sees of itself are numbers; the film alone shows what to do. */
const frames = { unseen: ['camera'], encoders: { demonstration: keypoints } };
/** Its frames read as states, which is learned from the policy's own pictures. */
const read = (views: readonly string[], unseen: readonly string[], given: readonly string[] = []) => ({
  ...states,
  unseen: [...views, ...unseen],
  recognizes: { views, given },
});
/** No picture shows these, or nothing of these tasks is about them. */
const besideThePoint = ['*velocity*', 'button', 'drawer', 'dial', 'hook-*'];
const looks = ['object-*-is-*', 'object-*-red', 'object-*-green', 'object-*-blue'];
const onTable = { demonstration: 6, demonstrationOf: 'goal' };
const tableFilm = { camera: { size: 48, views: ['close'], state: true }, demonstrationIn: 'camera' };

const rows: readonly (readonly [name: string, about: string, of: Shown])[] = [
  [
    'navigate-states',
    '4 states',
    {
      env: 'point/navigate',
      data: 'navigate-states',
      steps: 3000,
      options: { ...places, demonstration: 4 },
      agent: states,
      unseen: unseenPlaces,
    },
  ],
  [
    'navigate-film',
    'a film of 4 frames',
    {
      env: 'point/navigate',
      data: 'navigate-film',
      steps: 3000,
      options: { ...places, ...film, demonstration: 4 },
      agent: frames,
      unseen: unseenPlaces,
    },
  ],
  [
    'navigate-film-told',
    'a film of 4 frames, learning to tell what is left to the goal',
    {
      env: 'point/navigate',
      data: 'navigate-film',
      steps: 3000,
      options: { ...places, ...film, demonstration: 4 },
      agent: { ...frames, tells: ['remainder'] },
      unseen: unseenPlaces,
    },
  ],
  [
    'navigate-film-64',
    'a film of 4 frames, as many episodes of 64 places',
    {
      env: 'point/navigate',
      data: 'navigate-film-64',
      steps: 3000,
      options: { ...places, ...film, places: 64, demonstration: 4 },
      agent: frames,
      unseen: unseenOfMany,
    },
  ],
  [
    'navigate-film-512',
    'a film of 4 frames, as many episodes of 512 places',
    {
      env: 'point/navigate',
      data: 'navigate-film-512',
      steps: 3000,
      options: { ...places, ...film, places: 512, demonstration: 4 },
      agent: frames,
      unseen: unseenOfMost,
    },
  ],
  [
    'navigate-film-read',
    'a film of 4 frames, read as states',
    {
      env: 'point/navigate',
      data: 'navigate-film',
      steps: 3000,
      options: { ...places, ...film, demonstration: 4 },
      agent: read(['camera'], []),
      unseen: unseenPlaces,
    },
  ],
  [
    'mt3-states',
    '6 states',
    { env: 'tabletop/mt3', data: 'mt3-states', steps: 4000, options: onTable, agent: related },
  ],
  [
    'mt3-told',
    '6 states, learning to tell what it is about',
    { env: 'tabletop/mt3', data: 'mt3-states', steps: 4000, options: onTable, agent: { ...related, ...told } },
  ],
  [
    'mt3-more',
    '6 states, learning to tell, three times the episodes',
    {
      env: 'tabletop/mt3',
      data: 'mt3-states-2700',
      steps: 12_000,
      options: onTable,
      agent: { ...related, ...told, learningRateDecay: 12_000 },
    },
  ],
  [
    'mt3-places',
    '6 states, not in relation to what is',
    { env: 'tabletop/mt3', data: 'mt3-states', steps: 4000, options: onTable, agent: states },
  ],
  [
    'mt3-states-unseen',
    '6 states, without pick-and-place',
    {
      env: 'tabletop/mt3',
      data: 'mt3-states-unseen',
      steps: 4000,
      options: onTable,
      agent: related,
      unseen: ['pick-and-place'],
    },
  ],
  [
    'mt3-film',
    'a film of 6 frames',
    {
      env: 'tabletop/mt3',
      data: 'mt3-film',
      steps: 4000,
      batchSize: 64,
      options: { ...onTable, ...tableFilm },
      agent: { ...frames, ...told },
    },
  ],
  [
    'mt3-films',
    'a film of 3 moments in two views, three times the episodes',
    {
      env: 'tabletop/mt3',
      data: 'mt3-films',
      steps: 8000,
      batchSize: 64,
      options: { demonstration: 3, demonstrationOf: 'goal', ...twoViews },
      agent: { ...frames, ...told, unseen: ['camera', 'camera-beside'], learningRateDecay: 8000 },
    },
  ],
  [
    'mt3-films-read',
    'the same films, read as states',
    {
      env: 'tabletop/mt3',
      data: 'mt3-films',
      steps: 4000,
      batchSize: 64,
      options: { demonstration: 3, demonstrationOf: 'goal', ...twoViews },
      agent: {
        ...read(['camera', 'camera-beside'], besideThePoint, looks),
        ...told,
        relative: 'demonstration',
        learningRateDecay: 4000,
      },
    },
  ],
];

const done = () => rows.map(([name]) => `demonstrations-${name}`).filter((name) => readResult(name));

/** Mean success on fresh episodes of the tasks trained on, and of the others, over seeds. */
function resultRow([name, about, { env, unseen = [] }]: (typeof rows)[number]): string[] {
  const result = readResult(`demonstrations-${name}`);
  if (!result) return [];
  const { trials, summary } = result;
  const tasks = trials.map(({ freshLast }) => freshLast?.tasks ?? {});
  const mean = (which: (task: string) => boolean) => {
    const each = tasks.map((of) => {
      const some = Object.entries(of).filter(([task]) => which(task));
      return some.reduce((sum, [, rate]) => sum + rate / some.length, 0);
    });
    const { mean: all, min, max } = spread(each) ?? { mean: 0, min: 0, max: 0 };
    return each.length > 1 ? `${percent(all)} (${percent(min)} to ${percent(max)})` : percent(all);
  };
  const byTask =
    env === 'tabletop/mt3'
      ? Object.keys(tasks[0])
          .map((task) => `${task} ${percent(spread(tasks.map((rates) => rates[task]))?.mean ?? 0)}`)
          .join(', ')
      : '';
  return [
    row(
      `\`${env}\`, ${about}`,
      mean((task) => !unseen.includes(task)),
      unseen.length > 0 ? mean((task) => unseen.includes(task)) : '',
      byTask,
      whole(summary.cpuSeconds.mean),
      trials.length,
    ),
  ];
}

export const demonstrations: Topic = {
  page: 'demonstrations.md',
  experiments: rows.map(([name, about, of]) => shown(name, about, of)),
  sections: {
    demonstrations: () =>
      table(
        ['', 'tasks seen', 'tasks unseen', 'by task', 'processor seconds', 'seeds'],
        rows.flatMap((of) => resultRow(of)),
      ),
    'demonstrations-commands': () => {
      const sets = rows.filter(([name]) => readResult(`demonstrations-${name}`)).map(([, , { data }]) => data);
      const recorded = ['```sh', ...new Set(sets.map(recordCommand)), '```'].join('\n');
      return ['<details><summary>The commands</summary>', recorded, commands(done()), '</details>'].join('\n\n');
    },
  },
  charts: () => ({}),
};
