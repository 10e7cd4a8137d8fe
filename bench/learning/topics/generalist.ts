// One generalist against a specialist per task, cloned from the same demonstrations: success by task, what sharing saves.
import { tabletopTasks } from '../../../src/envs/tabletop/tasks.js';
import { fitSharing, sharingThreshold } from '../../../src/lab/specialists.js';
import { recordCommand } from '../data-sets.js';
import { common, type Experiment, oneThread } from '../experiment.js';
import { readResult, spread } from '../results.js';
import { commands, percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

type Task = (typeof tabletopTasks)[number];
const three: readonly Task[] = ['reach', 'push', 'pick-and-place'];

/** Demonstrations of each task, and how many updates a specialist and a generalist of three take. */
const amounts = [
  { each: 50, specialist: 2500, three: 3000 },
  { each: 200, specialist: 2000, three: 4000 },
] as const;
type Each = (typeof amounts)[number]['each'];

/** Practises some tasks of the ten: of the data set it sees their episodes only. */
const practising = (tasks: readonly Task[], each: Each, updates: number): Omit<Experiment, 'name' | 'about'> => ({
  ...common,
  env: 'tabletop/mt10',
  agent: 'bc',
  relabel: 'none',
  steps: updates,
  evaluateEvery: updates,
  data: [`mt10-${each}`],
  freshTasks: tasks,
  settings: {
    ...oneThread,
    tasks: {
      weights: Object.fromEntries(tabletopTasks.filter((task) => !tasks.includes(task)).map((task) => [task, 0])),
    },
  },
});

const specialistOf = (task: Task, each: Each) => `generalist-alone-${each}-${task}`;
const threeOf = (each: Each) => `generalist-three-${each}`;
/** Experiments of the page on imitation. */
const tenOf = (each: Each) => `imitation-mt10-${each}`;

const experiments: readonly Experiment[] = amounts.flatMap(({ each, specialist, three: updates }) => [
  ...tabletopTasks.map((task) => ({
    ...practising([task], each, specialist),
    name: specialistOf(task, each),
    about: `${task} alone, cloned from ${each} demonstrations`,
  })),
  {
    ...practising(three, each, updates),
    name: threeOf(each),
    about: `reach, push and pick-and-place of tabletop/mt10, cloned from ${each} demonstrations each`,
  },
]);

/** Longer learning of one of them, to see whether updates are what specialists lack. */
const longer: Experiment = {
  ...practising(['push'], 200, 8000),
  name: 'generalist-longer-push',
  about: 'push alone, cloned from 200 demonstrations, four times as many updates',
};

/** SAC with sparse rewards, hindsight and demonstrations, as tuned for the tabletop: steps and demonstrations in all. */
const acting = (tasks: readonly Task[], name: string, about: string): Experiment => ({
  ...common,
  name,
  about,
  env: 'tabletop/mt3',
  agent: 'sac',
  relabel: 'future:4',
  steps: 80_000 * tasks.length,
  evaluateEvery: 8000 * tasks.length,
  freshTasks: tasks,
  settings: {
    ...oneThread,
    training: { demonstrations: 100 * tasks.length },
    tasks: { weights: Object.fromEntries(three.filter((task) => !tasks.includes(task)).map((task) => [task, 0])) },
  },
});
const actingOf = (task: Task) => `generalist-acting-${task}`;
const actors: readonly Experiment[] = [
  acting(three, 'generalist-acting-three', 'tabletop/mt3 by SAC from demonstrations'),
  ...three.map((task) => acting([task], actingOf(task), `${task} of tabletop/mt3 alone by SAC from demonstrations`)),
];

/** Success on a task over fresh episodes of the last policy, a number per seed. */
const successOn = (name: string, task: Task): number[] =>
  readResult(name)?.trials.flatMap(({ freshLast }) => freshLast?.tasks?.[task] ?? []) ?? [];
const meanOn = (name: string, task: Task): number => spread(successOn(name, task))?.mean ?? Number.NaN;
const meanOver = (tasks: readonly Task[], nameOf: (task: Task) => string): number =>
  tasks.reduce((sum, task) => sum + meanOn(nameOf(task), task), 0) / tasks.length;

/** How many seeds the figures of some experiments are of, at least. */
const seedsOf = (names: readonly string[]): string => {
  const seeds = Math.min(...names.map((name) => readResult(name)?.trials.length ?? 0));
  return `${seeds} seed${seeds === 1 ? '' : 's'}`;
};

const points = (difference: number) => `${difference >= 0 ? '+' : ''}${(100 * difference).toFixed(1)}`;

function taskRow(label: string, tasks: readonly Task[]): string {
  const cells = amounts.flatMap(({ each }) => {
    const alone = meanOver(tasks, (task) => specialistOf(task, each));
    const ten = meanOver(tasks, () => tenOf(each));
    return Number.isFinite(alone) && Number.isFinite(ten)
      ? [percent(alone), percent(ten), points(ten - alone)]
      : ['', '', ''];
  });
  return row(label, ...cells);
}

function threeRow({ each }: (typeof amounts)[number]): string {
  const of = (nameOf: (task: Task) => string) => {
    const success = meanOver(three, nameOf);
    return Number.isFinite(success) ? percent(success) : '';
  };
  return row(
    `${each}`,
    of((task) => specialistOf(task, each)),
    of(() => threeOf(each)),
    of(() => tenOf(each)),
  );
}

/**
 * Demonstrations of a task that specialists need for as much success, on a straight line over their logarithm through what
 * 50 and 200 gave them.
 */
function neededAlone(tasks: readonly Task[], success: number): number {
  const [few, many] = amounts.map(({ each }) => ({ each, of: meanOver(tasks, (task) => specialistOf(task, each)) }));
  const share = (success - few.of) / (many.of - few.of);
  return few.each * (many.each / few.each) ** share;
}

/** A generalist's cost in units of one specialist that succeeds as often: K n / n_alone. */
function costOf(tasks: readonly Task[], name: (each: Each) => string, each: Each) {
  const success = meanOver(tasks, () => name(each));
  const alone = neededAlone(tasks, success);
  return { tasks: tasks.length, success, alone, cost: (tasks.length * each) / alone };
}

function sharing(): string {
  const costs = [costOf(three, threeOf, 50), costOf(tabletopTasks, tenOf, 50)];
  const rows = costs.map(({ tasks, success, alone, cost }) =>
    row(
      tasks,
      tasks * 50,
      percent(success),
      Math.round(alone),
      cost.toFixed(2),
      cost < tasks ? 'generalist' : 'specialists',
    ),
  );
  const fit = fitSharing(
    'added',
    costs.map(({ tasks, cost }) => [tasks, cost] as const),
  );
  if (!fit) throw new Error('generalists over two numbers of tasks are needed');
  const [c, f] = [fit.overhead.toFixed(2), percent(fit.shared)];
  return [
    table(
      [
        'tasks K',
        'demonstrations in all',
        'success',
        'demonstrations of a specialist that succeeds as often',
        "the generalist's cost in specialists",
        'cheaper',
      ],
      rows,
    ),
    '',
    `The cost c + K (1 - f) through both: f = ${f}, c = ${c}. A generalist of ten is the cheaper one for f above ${percent(sharingThreshold('added', 10, fit.overhead))} (c / K) or ${percent(sharingThreshold('contained', 10, fit.overhead))} ((c - 1) / (K - 1)).`,
  ].join('\n');
}

const isRun = (name: string) => readResult(name) !== undefined;
const isWhole = amounts.every(({ each }) =>
  [tenOf(each), threeOf(each), ...tabletopTasks.map((task) => specialistOf(task, each))].every(isRun),
);
const NOT_YET = 'Not all of these have been run yet.';

/** Processor seconds of learning, a mean over seeds. */
const secondsOf = (name: string): number => readResult(name)?.summary.cpuSeconds.mean ?? Number.NaN;

export const generalist: Topic = {
  page: 'multitask/generalist.md',
  experiments: [...experiments, longer, ...actors],
  sections: {
    'generalist-tasks': () =>
      table(
        [
          '',
          ...amounts.flatMap(({ each }) => [
            `specialists, ${each} demonstrations each (${seedsOf(tabletopTasks.map((task) => specialistOf(task, each)))})`,
            `generalist, ${whole(10 * each)} in all (${seedsOf([tenOf(each)])})`,
            'transfer, points',
          ]),
        ],
        [...tabletopTasks.map((task) => taskRow(task, [task])), taskRow('mean', tabletopTasks)],
      ),
    'generalist-three': () =>
      table(
        ['demonstrations a task', 'specialists', 'generalist of the three', 'generalist of ten'],
        amounts.map(threeRow),
      ),
    'generalist-sharing': () => (isWhole ? sharing() : NOT_YET),
    'generalist-seconds': () => {
      const seconds = (names: readonly string[]) => {
        const sum = names.reduce((total, name) => total + secondsOf(name), 0);
        return Number.isFinite(sum) ? whole(sum) : '';
      };
      return table(
        ['demonstrations a task', 'ten specialists', 'generalist of ten'],
        amounts.map(({ each }) =>
          row(each, seconds(tabletopTasks.map((task) => specialistOf(task, each))), seconds([tenOf(each)])),
        ),
      );
    },
    'generalist-longer': () =>
      isRun(longer.name)
        ? `${percent(meanOn(specialistOf('push', 200), 'push'))} after 2,000 updates (${seedsOf([specialistOf('push', 200)])}), ${percent(meanOn(longer.name, 'push'))} after 8,000 (${seedsOf([longer.name])}), the generalist of ten ${percent(meanOn(tenOf(200), 'push'))} (${seedsOf([tenOf(200)])}).`
        : NOT_YET,
    'generalist-commands': () =>
      [
        ['```sh', recordCommand('mt10-50'), recordCommand('mt10-200'), '```'].join('\n'),
        commands([specialistOf('push', 200), threeOf(200), tenOf(200)].filter(isRun)),
      ].join('\n\n'),
  },
  charts: () => ({}),
};
