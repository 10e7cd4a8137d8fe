// `anygoal tasks diagnose`: what a run's tasks do to each other, and what one policy for all gains over specialists.
import { conflictShare, groupTasks, meanCosine } from '../../multitask/interference.js';
import type { RunDiagnosis, SequenceReport, TransferReport } from '../../training/index.js';
import { columns } from '../args.js';
import type { Command } from '../command.js';
import { percent, thousands } from '../format.js';
import { wholeNumber } from '../numbers.js';
import { findRun } from '../run-path.js';

export const tasksDiagnose: Command = {
  spec: {
    name: 'tasks diagnose',
    summary: "Show how a run's tasks agree or conflict, and what specialists would have done",
    positional: { name: 'RUN', required: true, help: "a run's folder, or the beginning of its name" },
    flags: {
      with: { value: 'RUN', repeat: true, help: 'a specialist or another generalist of the family; repeatable' },
      batches: { value: 'N', help: 'batches that gradients are taken of (default: 16)' },
      rows: { value: 'N', help: 'rows of each task in a batch (default: 128)' },
      success: { value: '0.9', help: 'success rate that costs are counted to (default: 0.9)' },
      seed: { value: 'S', help: 'seed of the batches' },
      json: { help: 'print one JSON object at the end, everything else on standard error' },
    },
    examples: [
      ['runs/point-two-tasks__mtsac__0__20261129-112712', 'cosines, lengths and noise of the gradients, by layer'],
      ['mt3-all --with mt3-reach --with mt3-push', 'and what specialists do with their share of the steps'],
    ],
  },
  async run(args, terminal) {
    const number = (flag: string, usual: number, least: number) =>
      wholeNumber(`--${flag}`, args.value(flag) ?? String(usual), least);
    const options = { batches: number('batches', 16, 2), rows: number('rows', 128, 1), seed: number('seed', 0, 0) };
    const wanted = args.value('success') === undefined ? 0.9 : Number(args.value('success'));
    const { run } = await findRun(args.positional ?? '');
    const others = await Promise.all(args.values('with').map(async (name) => (await findRun(name)).run));
    const { compareRuns, diagnoseRun, readTaskCurves } = await import('../../training/index.js');
    const curves = await Promise.all([run, ...others].map((path) => readTaskCurves(path)));
    const transfer = others.length > 0 ? compareRuns(curves, wanted) : undefined;
    const { sequence } = curves[0];
    const diagnosis = await diagnoseRun({ run, ...options });
    for (const line of gradientLines(diagnosis)) terminal.print(line);
    for (const line of transfer ? transferLines(transfer) : []) terminal.print(line);
    for (const line of sequence ? sequenceLines(sequence) : []) terminal.print(line);
    terminal.json({
      ...diagnosis,
      groups: groupsOf(diagnosis),
      ...(transfer && { transfer }),
      ...(sequence && { sequence }),
    });
    return 0;
  },
};

const figure = (value: number) => (Number.isFinite(value) ? value.toFixed(2) : '-');
const small = (value: number) => (Number.isFinite(value) ? value.toPrecision(2) : '-');
/** Pairs that are shown one by one. */
const FEW_TASKS = 12;

/** Of every vector the groups of tasks whose gradients agree on average, by name. */
export const groupsOf = ({ tasks, vectors }: Pick<RunDiagnosis, 'tasks' | 'vectors'>): Record<string, string[][]> =>
  Object.fromEntries(
    Object.entries(vectors).map(([vector, [all]]) => [
      vector,
      groupTasks(all.cosines).map((group) => group.map((task) => tasks[task])),
    ]),
  );

export function gradientLines(diagnosis: RunDiagnosis): string[] {
  const { tasks, vectors, steps, batches, rows } = diagnosis;
  const groups = groupsOf(diagnosis);
  const lines = [`Gradients after ${thousands(steps)} steps, of ${batches} batches with ${rows} rows of each task`];
  for (const [vector, [all, ...layers]] of Object.entries(vectors)) {
    lines.push('', vector);
    const cosines = tasks.length <= FEW_TASKS ? tasks.map((_, i) => all.cosines[i].map(figure)) : tasks.map(() => []);
    const head = ['task', 'length', 'noise', ...(tasks.length <= FEW_TASKS ? tasks.map((task) => `cos ${task}`) : [])];
    const table = tasks.map((task, i) => [task, small(all.norms[i]), small(all.noise[i]), ...cosines[i]]);
    lines.push(...columns([head, ...table], '  '));
    lines.push('', `  groups that agree: ${groups[vector].map((group) => group.join(', ')).join(' | ')}`);
    if (layers.length === 0) continue;
    const byLayer = layers.map((layer) => [layer.name, figure(meanCosine(layer)), percent(conflictShare(layer))]);
    lines.push('', ...columns([['layer', 'mean cosine', 'pairs in conflict'], ...byLayer], '  '));
  }
  return lines;
}

/** What tasks that were learned one after the other have lost. */
export function sequenceLines({ tasks, phases, averagePerformance, forgetting }: SequenceReport): string[] {
  const rate = (value: number | undefined) => (value === undefined ? '-' : percent(value));
  return [
    '',
    `Success after ${phases.length} tasks in sequence, and the best after an earlier phase`,
    ...columns(
      [
        ['task', 'best', 'now', 'lost'],
        ...tasks.map(({ task, best, final, forgetting: lost }) => [task, rate(best), rate(final), rate(lost)]),
      ],
      '  ',
    ),
    '',
    `Average performance ${rate(averagePerformance)}, forgetting ${rate(forgetting)}.`,
  ];
}

export function transferLines({ rows, steps, sharing }: TransferReport): string[] {
  const table = rows.map(({ task, generalist, specialist, transfer }) => [
    task,
    percent(generalist),
    percent(specialist),
    Number.isFinite(transfer) ? `${transfer > 0 ? '+' : ''}${Math.round(100 * transfer)} points` : '-',
  ]);
  const lines = [
    '',
    `Success at equal data: one policy after ${thousands(steps)} steps, specialists with their share of them`,
    ...columns([['task', 'generalist', 'specialist', 'transfer'], ...table], '  '),
  ];
  if (!sharing) {
    return [
      ...lines,
      '',
      'What sharing saves is not known: not all of the runs come to the success asked for (--success).',
    ];
  }
  const { wanted, specialist, generalists, fit, thresholds, verdict } = sharing;
  const [[tasks, cost]] = generalists;
  lines.push(
    '',
    `To ${percent(wanted)}: a specialist takes ${thousands(specialist)} steps, the generalist ${figure(cost)} times as many for ${tasks} tasks: ${verdict === 'generalist' ? 'one generalist is cheaper' : 'specialists are cheaper'}.`,
  );
  if (fit && thresholds) {
    lines.push(
      `f ${percent(fit.shared)} is common, the shared part costs c = ${figure(fit.overhead)} specialists (rms ${figure(fit.residual)}, ${generalists.length} generalists); a generalist wins for f above ${percent(thresholds.added)} (c/K) or ${percent(thresholds.contained)} ((c-1)/(K-1)).`,
    );
  } else lines.push('f and c take generalists over at least two numbers of tasks (--with).');
  return lines;
}
