// Writes the tables of docs/results.md, between their markers, and the curves in docs/images from the experiments' JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { band, curvesSvg } from '../plot/curves.js';
import { experiments } from './experiments.js';
import { type Result, readResult, type Spread } from './results.js';

export const page = new URL('../../docs/results.md', import.meta.url);

const agents = ['sac', 'td3', 'ddpg'];
const strategies: readonly (readonly [strategy: string, experiment: string])[] = [
  ['future', 'arm-reach-sac'],
  ['final', 'arm-reach-sac-final'],
  ['episode', 'arm-reach-sac-episode'],
  ['none', 'arm-reach-sac-none'],
];
const pushes: readonly (readonly [label: string, experiment: string])[] = [
  ['future:4', 'arm-push-future'],
  ['none', 'arm-push-none'],
  ['future:4, 2 critics', 'arm-push-two-critics'],
  ['falling rate', 'arm-push-annealed'],
];

const percent = (share: number) => `${(100 * share).toFixed(1).replace(/\.0$/, '')}%`;
const whole = (value: number) => Math.round(value).toLocaleString('en');
const tenth = (value: number) => value.toFixed(1);

/** "mean (min to max)". */
function cell(value: Spread | undefined, format: (value: number) => string, seeds?: number): string {
  if (!value) return 'not reached';
  const text =
    value.min === value.max
      ? format(value.mean)
      : `${format(value.mean)} (${format(value.min)} to ${format(value.max)})`;
  return seeds !== undefined && value.seeds < seeds ? `${text}, ${value.seeds} of ${seeds} seeds` : text;
}

const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const table = (head: string[], rows: string[]) => [row(...head), row(...head.map(() => '---')), ...rows].join('\n');

function resultOf(name: string): Result {
  const result = readResult(name);
  if (!result)
    throw new Error(`bench/results/learning/${name}.json is missing; run npm run bench:learning -- --only ${name}`);
  return result;
}

function startTable(): string {
  const { trials, summary } = resultOf('start');
  const rows = trials.map((t) =>
    row(
      t.seed,
      whole(t.envSteps ?? 0),
      tenth(t.seconds ?? 0),
      tenth(t.evalSeconds ?? 0),
      tenth(t.cpuSeconds ?? 0),
      percent(t.fresh?.success ?? 0),
    ),
  );
  const { envSteps, seconds, evalSeconds, cpuSeconds, freshSuccess } = summary;
  const mean = [
    whole(envSteps.mean),
    tenth(seconds.mean),
    tenth(evalSeconds.mean),
    tenth(cpuSeconds.mean),
    percent(freshSuccess.mean),
  ];
  return table(
    ['seed', 'steps', 'training, s', 'evaluation, s', 'processor time of training, s', '300 fresh goals'],
    [...rows, row('mean', ...mean)],
  );
}

function withoutHindsightTable(): string {
  const none = resultOf('arm-reach-sac-none');
  const hindsight = resultOf('start').summary.envSteps.mean;
  const points = [...new Set([Math.round(hindsight / 500) * 500, none.steps])].map((steps) => {
    const curves = none.trials.map(
      ({ curve }) => curve.find((point) => point.steps >= steps) ?? curve[curve.length - 1],
    );
    return row(
      whole(steps),
      `${tenth(steps / hindsight)} times`,
      percent(curves.reduce((sum, { success }) => sum + success, 0) / curves.length),
      curves.map(({ success }) => percent(success)).join(', '),
    );
  });
  return table(['steps without hindsight', 'of the steps with it', 'success, mean', 'per seed'], points);
}

function to95Row(label: string, result: Result): string {
  const { summary, seeds } = result;
  return row(
    label,
    cell(summary.stepsTo95, whole, seeds.length),
    cell(summary.secondsTo95, tenth),
    cell(summary.cpuSecondsTo95, tenth),
    cell(summary.success, percent),
    cell(summary.freshSuccess, percent),
  );
}
const to95Head = ['steps to 95%', 'seconds', 'processor seconds', 'success at the end', '300 fresh goals'];

const agentTable = (env: string) =>
  table(
    [env, ...to95Head],
    agents.map((agent) => to95Row(agent.toUpperCase(), resultOf(`${env.replace('/', '-')}-${agent}`))),
  );

function pushTable(): string {
  return table(
    ['', 'steps', 'seconds', 'processor seconds', 'success at the end', 'best checkpoint, 300 fresh goals'],
    pushes.map(([label, name]) => {
      const { envSteps, seconds, cpuSeconds, success, freshSuccess } = resultOf(name).summary;
      return row(
        `${label} (${freshSuccess.seeds} seeds)`,
        cell(envSteps, whole),
        cell(seconds, whole),
        cell(cpuSeconds, whole),
        cell(success, percent),
        cell(freshSuccess, percent),
      );
    }),
  );
}

function commands(names: readonly string[]): string {
  return ['```sh', ...names.map((name) => resultOf(name).command), '```'].join('\n');
}

function circumstancesList(): string {
  const results = experiments.flatMap(({ name }) => readResult(name) ?? []);
  const all = (of: (result: Result) => unknown) => [...new Set(results.map((result) => String(of(result))))].join(', ');
  const loads = results.flatMap(({ trials }) => trials.flatMap(({ load }) => load));
  return [
    `Machine: ${all((r) => r.machine)}, ${all((r) => r.cores)} cores. Node ${all((r) => r.node)}, onnxruntime-node ${all((r) => r.onnxruntime)}. Date: ${all((r) => r.date)}.`,
    `Load average while the runs went on: ${Math.min(...loads)} to ${Math.max(...loads)} on these ${all((r) => r.cores)} cores.`,
  ].join('\n');
}

const sections: Readonly<Record<string, () => string>> = {
  circumstances: circumstancesList,
  start: startTable,
  'without-hindsight': withoutHindsightTable,
  'point-reach': () => agentTable('point/reach'),
  'arm-reach': () => agentTable('arm/reach'),
  'agents-commands': () => commands([...agents.map((a) => `point-reach-${a}`), ...agents.map((a) => `arm-reach-${a}`)]),
  relabel: () =>
    table(
      ['relabelling', ...to95Head],
      strategies.map(([label, name]) => to95Row(`\`${label}\``, resultOf(name))),
    ),
  'relabel-commands': () => commands(strategies.map(([, name]) => name)),
  push: pushTable,
  'push-commands': () => commands(pushes.map(([, name]) => name)),
};

/** The page with every section between `<!-- NAME -->` and `<!-- end NAME -->` written anew. */
export function render(text: string): string {
  return Object.entries(sections).reduce((now, [name, section]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [now.indexOf(start), now.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/results.md lacks ${start} ... ${end}`);
    return `${now.slice(0, from + start.length)}\n${section()}\n${now.slice(to)}`;
  }, text);
}

const chart = (
  title: string,
  lines: readonly (readonly [label: string, experiment: string])[],
  upTo = Number.POSITIVE_INFINITY,
) =>
  curvesSvg({
    title,
    xLabel: 'environment steps',
    series: lines.map(([label, name]) => ({
      label,
      points: band(
        resultOf(name).trials.map(({ curve }) =>
          curve.filter(({ steps }) => steps <= upTo).map(({ steps, success }) => ({ x: steps, y: success })),
        ),
      ),
    })),
  });

/** The charts by file name. */
export const charts = (): Record<string, string> => ({
  'point-reach-agents.svg': chart(
    'point/reach: success of agents',
    agents.map((a) => [a.toUpperCase(), `point-reach-${a}`]),
  ),
  'arm-reach-agents.svg': chart(
    'arm/reach: success of agents',
    agents.map((a) => [a.toUpperCase(), `arm-reach-${a}`]),
  ),
  'arm-reach-hindsight.svg': chart('arm/reach, SAC: success by relabelling', strategies),
  'arm-push-hindsight.svg': chart('arm/push, SAC: success with and without hindsight', pushes),
});

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(page, render(readFileSync(page, 'utf8')));
  for (const [name, svg] of Object.entries(charts())) {
    writeFileSync(new URL(`../../docs/images/${name}`, import.meta.url), svg);
  }
}
