// Milliseconds per update: the compiled steps against hand-written references and Stable-Baselines3, in turn.
// npm run bench:update -- [--only sac-64,td3-256] [--seconds 10] [--inputs 25+3+4] [--sb3 [PYTHON]]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { circumstances, recordRows, table } from './record.js';
import { cases, type UpdateCase } from './update/cases.js';
import { type Contender, contender, interleave, median, quantile } from './update/measure.js';
import { compiledBar, type Row, type Side, writePage } from './update/report.js';
import { startSb3 } from './update/sb3.js';
import { inTurn, openPairs } from './update/step.js';

const { values: options, positionals } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '10' },
    inputs: { type: 'string' },
    sb3: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});
const python = options.sb3 ? (positionals[0] ?? 'bench/peers/.venv/bin/python') : undefined;
/** About this long per block, so that a contender's caches and threads have settled. */
const BLOCK_MS = 25;
const SB3_THREADS = 2;
const round = (value: number) => Number(value.toPrecision(4));

/** Every contender's block in turn, until the seconds are over; of the fastest tenth and of all calls. */
async function measure(of: UpdateCase): Promise<Row> {
  const load = loadavg()[0];
  const pairs = [await openPairs(of, 1), await openPairs(of, 2)];
  const turns = pairs[0].length;
  const ours = pairs.flatMap((each) => [
    contender(inTurn(each.map((pair) => pair.reference))),
    contender(inTurn(each.map((pair) => pair.compiled))),
  ]);
  const sb3 = python ? await startSb3(python, of, SB3_THREADS) : undefined;
  const peer: Contender[] = sb3 ? [{ time: async (count) => perTurn(await sb3.time(count * turns), turns) }] : [];
  const contenders = [...ours, ...peer];
  const once = median(await ours[1].time(5));
  const block = Math.max(2, Math.round(BLOCK_MS / once));
  const settle = once > BLOCK_MS ? 1 : 3;
  const begin = performance.now();
  await interleave(contenders, { rounds: 1, block, settle });
  const rounds = Math.max(5, Math.round((2000 * Number(options.seconds)) / (performance.now() - begin)));
  const times = await interleave(contenders, { rounds, block, settle });
  const sides = times.map(
    (calls): Side => ({ median: round(median(calls) / turns), best: round(quantile(calls, 0.1) / turns) }),
  );
  for (const { reference, compiled } of pairs.flat()) await Promise.all([reference.dispose(), compiled.dispose()]);
  await sb3?.dispose();
  return {
    ...of,
    rounds,
    load: Number(load.toFixed(1)),
    nodes: { reference: nodes(pairs[0], 'referenceNodes'), compiled: nodes(pairs[0], 'compiledNodes') },
    threads: { 1: { reference: sides[0], compiled: sides[1] }, 2: { reference: sides[2], compiled: sides[3] } },
    ...(sb3 && { sb3: { ...sides[4], threads: SB3_THREADS, versions: sb3.versions } }),
    ...circumstances(),
  };
}

const nodes = (pairs: readonly Record<'referenceNodes' | 'compiledNodes', number>[], of: keyof (typeof pairs)[0]) =>
  pairs.map((pair) => pair[of]);

/** Sums of consecutive updates: of agents whose updates take turns. */
const perTurn = (times: readonly number[], turns: number): number[] =>
  Array.from({ length: times.length / turns }, (_, i) =>
    times.slice(i * turns, (i + 1) * turns).reduce((sum, time) => sum + time, 0),
  );

const [load] = loadavg();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): rough figures`);
const names = options.only?.split(',') ?? cases.map(({ name }) => name);
const [observation, goal, action] = options.inputs?.split('+').map(Number) ?? [];
const head = ['ms per update', 'threads', 'by hand', 'compiled', 'ratio', 'of fastest tenths', 'SB3', 'times faster'];
const lines: (string | number)[][] = [head];
const rows: Row[] = [];
for (const name of names) {
  const of = cases.find((one) => one.name === name);
  if (!of) throw new Error(`--only ${name}: one of ${cases.map((one) => one.name).join(', ')}`);
  const row = await measure(options.inputs ? { ...of, observation, goal, action } : of);
  rows.push(row);
  // Row by row, so that an interrupted run keeps what it measured; other input sizes are for looking, not for the record.
  if (!options.inputs) recordRows('update', [row]);
  for (const threads of [1, 2] as const) {
    const { reference, compiled } = row.threads[threads];
    lines.push([
      name,
      threads,
      reference.median.toFixed(2),
      compiled.median.toFixed(2),
      (compiled.median / reference.median).toFixed(2),
      (compiled.best / reference.best).toFixed(2),
      row.sb3?.median.toFixed(2) ?? '',
      row.sb3 ? (row.sb3.median / compiled.median).toFixed(1) : '',
    ]);
  }
}
console.log(table(lines));
if (!options.inputs) writePage();
const missed = rows.flatMap(({ name, threads, sb3, bar }) => [
  ...([1, 2] as const)
    .filter((n) => threads[n].compiled.best > compiledBar * threads[n].reference.best)
    .map((n) => `${name} with ${n} threads is slower than the reference`),
  ...(sb3 && bar && sb3.median / Math.min(threads[1].compiled.median, threads[2].compiled.median) < bar
    ? [`${name} is not ${bar} times faster than SB3`]
    : []),
]);
console.log(missed.length === 0 ? 'every bar is met' : missed.join('\n'));
process.exitCode = missed.length === 0 ? 0 : 1;
