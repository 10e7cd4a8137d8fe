// Milliseconds per SAC update: the compiled step against the hand-written reference (and Stable-Baselines3).
// npx tsx bench/update.ts [--widths 64,128,256] [--threads 1,2] [--rounds 40] [--inputs 10+3+4,25+3+4] [--sb3 PYTHON]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { record, table } from './record.js';
import { contender, interleave, median, quantile } from './update/measure.js';
import type { SacSize } from './update/sac-reference.js';
import { startSb3 } from './update/sb3.js';
import { openPair } from './update/step.js';

const { values: options } = parseArgs({
  options: {
    widths: { type: 'string', default: '64,128,256' },
    threads: { type: 'string', default: '1,2' },
    inputs: { type: 'string', default: '10+3+4,25+3+4' },
    batch: { type: 'string', default: '256' },
    rounds: { type: 'string', default: '40' },
    sb3: { type: 'string' },
    'sb3-threads': { type: 'string', default: '2' },
  },
});
const numbers = (text: string, separator = ',') => text.split(separator).map(Number);
const rounds = Number(options.rounds);
const batch = Number(options.batch);
/** About this long per block, so that a contender's caches and threads have settled. */
const BLOCK_MS = 25;
const BAR = 1.05;
const round = (value: number, digits = 3) => Number(value.toFixed(digits));

let versions: Readonly<Record<string, string>> = {};
async function measure(size: SacSize, threads: number) {
  const pair = await openPair(size, threads);
  const contenders = [contender(pair.reference), contender(pair.compiled)];
  const sb3 = options.sb3 ? await startSb3(options.sb3, size, Number(options['sb3-threads'])) : undefined;
  if (sb3) contenders.push(sb3);
  versions = sb3?.versions ?? versions;
  const calls = Math.max(3, Math.round(BLOCK_MS / median(await contenders[1].time(20))));
  const alone = threads === 1 && !sb3;
  const plan = alone ? { rounds: rounds * calls, block: 1, settle: 0 } : { rounds, block: calls, settle: 3 };
  const times = await interleave(contenders, plan);
  const [reference, compiled, peer] = times.map(median);
  const [referenceBest, compiledBest, peerBest] = times.map((of) => quantile(of, 0.1));
  await Promise.all([pair.reference.dispose(), pair.compiled.dispose(), sb3?.dispose()]);
  return {
    inputs: `${size.observation}+${size.goal}+${size.action}`,
    hidden: size.hidden,
    batch: size.batch,
    threads,
    referenceMs: round(reference),
    compiledMs: round(compiled),
    ratio: round(compiled / reference),
    // The fastest tenth: what the median comes down to on a machine with nothing else to do.
    referenceBestMs: round(referenceBest),
    compiledBestMs: round(compiledBest),
    ratioBest: round(compiledBest / referenceBest),
    referenceNodes: pair.referenceNodes,
    compiledNodes: pair.compiledNodes,
    ...(sb3 && {
      sb3Ms: round(peer),
      sb3BestMs: round(peerBest),
      sb3Threads: Number(options['sb3-threads']),
      timesFaster: round(peer / compiled, 1),
    }),
  };
}

const [load] = loadavg();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): rough figures`);
console.log(`SAC, two critics, batch ${batch}; ms per update, medians of ${rounds} interleaved blocks`);
const rows: Awaited<ReturnType<typeof measure>>[] = [];
for (const inputs of options.inputs.split(',')) {
  const [observation, goal, action] = numbers(inputs, '+');
  for (const width of numbers(options.widths)) {
    for (const threads of numbers(options.threads)) {
      rows.push(await measure({ observation, goal, action, batch, hidden: [width, width] }, threads));
    }
  }
}
const head = ['inputs', 'hidden', 'threads', 'by hand', 'compiled', 'ratio', 'of fastest tenths'];
console.log(
  table([
    options.sb3 ? [...head, `SB3, ${options['sb3-threads']} threads`, 'times faster'] : head,
    ...rows.map((row) => [
      row.inputs,
      row.hidden.join(),
      row.threads,
      row.referenceMs.toFixed(2),
      row.compiledMs.toFixed(2),
      row.ratio.toFixed(2),
      row.ratioBest.toFixed(2),
      ...(row.sb3Ms === undefined ? [] : [row.sb3Ms.toFixed(2), (row.timesFaster as number).toFixed(1)]),
    ]),
  ]),
);
record('update', { loadBefore: round(load, 1), rounds, bar: BAR, ...(options.sb3 && { peers: versions }), rows });
const missed = rows.filter((row) => row.ratio > BAR);
console.log(missed.length === 0 ? `every ratio within ${BAR}` : `${missed.length} above ${BAR}`);
process.exitCode = missed.length === 0 ? 0 : 1;
