// Milliseconds per update: the compiled steps against hand-written references, in turn.
// npm run bench:update -- [--only sac-64,td3-256] [--seconds 20] [--inputs 25+3+4]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { circumstances, recordRows, table } from './record.js';
import { agentOf, cases, turns as turnsOf, type UpdateCase } from './update/cases.js';
import { interleave, median, quantile } from './update/measure.js';
import { type OurFacts, type Process, type Side, startOurs } from './update/process.js';
import { compiledBar, type Row, type Time, type Times, writePage } from './update/report.js';

const { values: options } = parseArgs({
  options: {
    only: { type: 'string' },
    seconds: { type: 'string', default: '20' },
    inputs: { type: 'string' },
  },
});
/** Milliseconds of a block, of the calls before it that do not count, and of the pause in which threads go to sleep. */
const BLOCK = 100;
const SETTLE = 20;
const PAUSE = 20;
const seconds = Number(options.seconds);
const round = (value: number) => Number(value.toPrecision(4));

/** Every contender's block in turn, until the seconds are over; of the fastest tenth and of all calls. */
async function measure(of: UpdateCase): Promise<Row> {
  const load = loadavg()[0];
  const turns = turnsOf(agentOf(of)).length;
  const sides: readonly Side[] = ['reference', 'compiled'];
  const setups = ([1, 2] as const).flatMap((threads) => sides.map((side) => ({ of, side, threads })));
  const ours: Process<OurFacts>[] = [];
  for (const setup of setups) ours.push(await startOurs(setup)); // one after the other: starting keeps both cores busy
  const contenders = ours.map(({ stored }) => stored);
  const once: number[] = [];
  for (const { time } of contenders) once.push(median(await time(5)));
  const calls = (milliseconds: number, least: number) =>
    once.map((one) => Math.max(least, Math.round(milliseconds / one)));
  const pace = { blocks: calls(BLOCK, 2), settle: calls(SETTLE, 1), pause: PAUSE };
  const measured = (await interleave(contenders, { rounds: 5, seconds, ...pace })).map(
    ({ times, clean }): Time => ({
      median: round(median(times) / turns),
      best: round(quantile(times, 0.1) / turns),
      clean: round(clean),
    }),
  );
  const factsOf = (side: Side) => ours[sides.indexOf(side)].facts.nodes;
  const timesOf = (threads: 1 | 2): Times => {
    const [reference, compiled] = measured.slice((threads - 1) * sides.length);
    return { reference, compiled };
  };
  for (const { dispose } of ours) await dispose();
  return {
    ...of,
    load: Number(load.toFixed(1)),
    nodes: { reference: factsOf('reference'), compiled: factsOf('compiled') },
    threads: { 1: timesOf(1), 2: timesOf(2) },
    ...circumstances(),
  };
}

const [load] = loadavg();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): rough figures`);
const names = options.only?.split(',') ?? cases.map(({ name }) => name);
const [observation, goal, action] = options.inputs?.split('+').map(Number) ?? [];
const head = ['ms per update', 'threads', 'by hand', 'compiled', 'ratio'];
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
      reference.best.toFixed(2),
      compiled.best.toFixed(2),
      (compiled.best / reference.best).toFixed(2),
    ]);
  }
}
console.log(table(lines));
if (!options.inputs) writePage();
const missed = rows.flatMap((row) =>
  ([1, 2] as const)
    .filter((n) => row.threads[n].compiled.best > compiledBar * row.threads[n].reference.best)
    .map((n) => `${row.name} with ${n} threads is slower than the reference`),
);
console.log(missed.length === 0 ? 'every bar is met' : missed.join('\n'));
process.exitCode = missed.length === 0 ? 0 : 1;
