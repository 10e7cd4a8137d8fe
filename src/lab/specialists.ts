// Many specialists or one generalist: what each costs, and from which share of common structure the generalist wins.
import * as z from 'zod';
import { type Correction, correctionTable, defineCalculator } from './calculator.js';
import { number, percent } from './format.js';

/**
 * How the generalist's cost is counted, in units of what one specialist costs. `added`: a shared part c, and on top what
 * is its own for each of the K tasks, c + K (1 - f). `contained`: the shared part counts as one task's share,
 * c + (K - 1) (1 - f).
 */
export const costModels = ['added', 'contained'] as const;
export type CostModel = (typeof costModels)[number];

/** Cost in units of one specialist: K tasks, of whose cost a share f is common, the shared part costing c. */
export const generalistCost = (model: CostModel, tasks: number, shared: number, overhead: number): number =>
  overhead + (model === 'added' ? tasks : tasks - 1) * (1 - shared);

/** The generalist wins for a shared part f above this; never where it is 1 or more. Infinite for one task. */
export const sharingThreshold = (model: CostModel, tasks: number, overhead: number): number =>
  model === 'added' ? overhead / tasks : tasks > 1 ? (overhead - 1) / (tasks - 1) : Infinity;

/** The generalist wins for more tasks than this; infinite where nothing is shared. */
export function tasksThreshold(model: CostModel, shared: number, overhead: number): number {
  if (shared === 0) return Infinity;
  return model === 'added' ? overhead / shared : 1 + (overhead - 1) / shared;
}

/**
 * f and c from measured costs of generalists over several numbers of tasks, by least squares on a line: the cost grows by
 * 1 - f a task. Null with fewer than two different numbers of tasks.
 */
export function fitSharing(model: CostModel, measured: readonly (readonly [tasks: number, cost: number])[]) {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const counted = measured.map(([tasks, cost]) => [model === 'added' ? tasks : tasks - 1, cost] as const);
  const [x, y] = [mean(counted.map(([tasks]) => tasks)), mean(counted.map(([, cost]) => cost))];
  const spread = counted.reduce((sum, [tasks]) => sum + (tasks - x) ** 2, 0);
  if (!(spread > 0)) return null;
  const slope = counted.reduce((sum, [tasks, cost]) => sum + (tasks - x) * (cost - y), 0) / spread;
  const overhead = y - slope * x;
  const residual = Math.sqrt(mean(counted.map(([tasks, cost]) => (cost - overhead - slope * tasks) ** 2)));
  return { shared: 1 - slope, overhead, residual };
}

export function lectureCorrections(): Correction[] {
  const [tasks, overhead] = [100, 3];
  const contained = sharingThreshold('contained', tasks, overhead);
  const gain = tasks / generalistCost('added', tasks, 0.8, overhead);
  return [
    {
      subject: 'share f from which the generalist wins (K = 100, c = 3)',
      printed: `1 - (c-1)/(K-1) = ${percent(1 - contained)}`,
      right: `c/K = ${percent(sharingThreshold('added', tasks, overhead))}, or (c-1)/(K-1) = ${percent(contained)}`,
      why: 'c N + (K-1)(1-f) N < K N gives f > (c-1)/(K-1); what is printed is the share of parts that need NOT be common.',
    },
    {
      subject: 'gain at f = 0.8 (K = 100, c = 3)',
      printed: 'roughly 5',
      right: `${number(gain, 3)}; 5 only in the limit of many tasks`,
      why: 'The gain is K / (c + K (1-f)), and the shared part c still weighs at 100 tasks; it tends to 1 / (1-f) = 5.',
    },
  ];
}

const MOST_CURVE_POINTS = 60;

/** Numbers of tasks from 1 to `most`, all of them or evenly on a logarithmic scale. */
function taskCounts(most: number): number[] {
  const points = Math.min(most, MOST_CURVE_POINTS);
  const counts = Array.from({ length: points }, (_, i) =>
    most <= MOST_CURVE_POINTS ? i + 1 : Math.round(most ** (i / (points - 1))),
  );
  return [...new Set(counts)];
}

const modelNames: Record<CostModel, string> = {
  added: 'c N + K (1-f) N',
  contained: 'c N + (K-1) (1-f) N',
};

export const specialists = defineCalculator({
  name: 'specialists',
  description: 'cost of one specialist per task against one generalist, and from where the generalist wins',
  options: z.strictObject({
    tasks: z.int().min(1).default(100).describe('number of tasks, K'),
    shared: z.number().min(0).max(1).default(0.8).describe('share of a task that is common to all, f'),
    overhead: z.number().min(1).default(3).describe('cost of the shared part in units of one specialist, c'),
    cost: z.number().positive().default(1).describe('cost of one specialist, N (demonstrations or steps)'),
    measured: z
      .array(z.array(z.number().positive()).length(2))
      .default([])
      .describe('measured generalists [[tasks, cost], ...] in the unit of cost: f and c are estimated from them'),
  }),
  compute({ tasks, shared, overhead, cost, measured }) {
    const inUnits = measured.map(([count, total]) => [count, total / cost] as const);
    return {
      tasks,
      shared,
      overhead,
      specialists: tasks * cost,
      models: costModels.map((model) => {
        const generalist = cost * generalistCost(model, tasks, shared, overhead);
        const threshold = sharingThreshold(model, tasks, overhead);
        return {
          model,
          generalist,
          gain: (tasks * cost) / generalist,
          /** The generalist wins for f above it; null: for none. */
          sharingThreshold: threshold < 1 ? threshold : null,
          /** The generalist wins for more tasks than this; null: for none. */
          tasksThreshold: shared > 0 ? tasksThreshold(model, shared, overhead) : null,
          /** For ever more tasks; null where unbounded. */
          gainLimit: shared < 1 ? 1 / (1 - shared) : null,
          fit: fitSharing(model, inUnits),
        };
      }),
      curves: {
        byTasks: taskCounts(tasks).map((count) => ({
          tasks: count,
          specialists: count * cost,
          added: cost * generalistCost('added', count, shared, overhead),
          contained: cost * generalistCost('contained', count, shared, overhead),
        })),
        bySharing: Array.from({ length: 21 }, (_, i) => i / 20).map((share) => ({
          shared: share,
          specialists: tasks * cost,
          added: cost * generalistCost('added', tasks, share, overhead),
          contained: cost * generalistCost('contained', tasks, share, overhead),
        })),
      },
      lecture: lectureCorrections(),
    };
  },
  table({ tasks, shared, overhead, specialists: total, models, curves, lecture }) {
    const fits = models.flatMap(({ model, fit }) => (fit === null ? [] : [{ model, ...fit }]));
    const every = Math.ceil(curves.byTasks.length / 10);
    return [
      {
        title: `K = ${number(tasks)} tasks, f = ${percent(shared)} common, shared part c = ${number(overhead)}: specialists cost ${number(total)}`,
        columns: [
          "generalist's cost",
          'in total',
          'gain',
          'wins for f above',
          'wins for K above',
          'gain for K -> infinity',
        ],
        rows: models.map((model) => [
          modelNames[model.model],
          number(model.generalist),
          number(model.gain),
          model.sharingThreshold === null ? 'never' : percent(model.sharingThreshold),
          model.tasksThreshold === null ? 'never' : number(model.tasksThreshold),
          model.gainLimit === null ? 'unbounded' : number(model.gainLimit),
        ]),
        note: "The second row counts the shared part as one task's share. With a shared part that costs as much as all specialists (c >= K), no amount of sharing pays.",
      },
      {
        title: 'Cost with the number of tasks',
        columns: ['tasks', 'specialists', modelNames.added, modelNames.contained],
        rows: curves.byTasks
          .filter((_, i) => i % every === 0 || i === curves.byTasks.length - 1)
          .map((point) => [point.tasks, point.specialists, point.added, point.contained].map((value) => number(value))),
      },
      ...(fits.length === 0
        ? []
        : [
            {
              title: 'Estimated from the measured costs (least squares)',
              columns: ["generalist's cost", 'f', 'c', 'deviation (rms)'],
              rows: fits.map((fit) => [
                modelNames[fit.model],
                percent(fit.shared),
                number(fit.overhead),
                number(fit.residual, 2),
              ]),
            },
          ]),
      correctionTable(lecture),
    ];
  },
});
