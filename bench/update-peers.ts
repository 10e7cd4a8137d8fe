// Milliseconds per update beside SBX and Stable-Baselines3, in turn, with and without sampling the batches.
// npm run bench:update-peers -- [--python PYTHON] [--only sac-64,td3-256] [--seconds 30] [--peers sbx,sb3] [--avx2]
import { cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { circumstances, recordRows, table, vectorInstructions } from './record.js';
import { agentOf, peerCases, turns as turnsOf, type UpdateCase } from './update/cases.js';
import { type Contender, interleave, median, perTurn, quantile } from './update/measure.js';
import { type BlockTime, type BothTimes, type PeerRow, timesFaster, writePeers } from './update/peer-report.js';
import { type Batches, type PeerName, type Process, startOurs, startPeer } from './update/process.js';

const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'bench/peers/.venv/bin/python' },
    only: { type: 'string' },
    seconds: { type: 'string', default: '30' },
    peers: { type: 'string', default: 'sbx,sb3' },
    avx2: { type: 'boolean', default: false },
  },
});
/** Milliseconds of a block, of the calls before it that do not count, and of the pause in which threads go to sleep. */
const BLOCK = 100;
const SETTLE = 20;
const PAUSE = 20;
/** Milliseconds of calls before a contender's pace is taken. */
const WARM = 500;
const THREADS = 2;
const both: readonly Batches[] = ['stored', 'sampled'];
const asked = options.peers.split(',');
const round = (value: number) => Number(value.toPrecision(4));

/** Ours takes the time of all its turns together; peers take theirs one by one, of which so many make one. */
const ofTurns = ({ time, ...rest }: Contender, turns: number): Contender => ({
  ...rest,
  time: async (count) => perTurn(await time(count * turns), turns),
});

async function measure(of: UpdateCase): Promise<PeerRow> {
  const load = loadavg()[0];
  const turns = turnsOf(agentOf(of)).length;
  const processes: Process<unknown>[] = [];
  const begin = async <P extends Process<unknown>>(starting: Promise<P>): Promise<P> => {
    const started = await starting;
    processes.push(started);
    return started;
  };
  // One after the other: starting keeps both cores busy.
  for (const threads of [1, 2]) await begin(startOurs({ of, side: 'compiled', threads }));
  // SB3's own TQC is in another package.
  const names = (['sbx', 'sb3'] as const).filter(
    (peer) => asked.includes(peer) && (peer === 'sbx' || of.agent !== 'tqc'),
  );
  const versions = new Map<PeerName, Readonly<Record<string, string>>>();
  for (const peer of names) {
    versions.set(peer, (await begin(startPeer(options.python, peer, of, THREADS))).facts);
  }
  if (names.includes('sbx')) await begin(startPeer(options.python, 'sbx', of, 1));
  const contenders = processes.flatMap((process, at) =>
    both.map((batches) => (at < 2 ? process[batches] : ofTurns(process[batches], turns))),
  );
  const once: number[] = [];
  for (const { time } of contenders) {
    let calls = 5;
    // JavaScript's compilers are warm after some thousand calls, and only then is the time of a block known.
    for (const end = performance.now() + WARM; performance.now() < end; calls *= 2) await time(calls);
    once.push(median(await time(5)));
  }
  const calls = (milliseconds: number, least: number) =>
    once.map((one) => Math.max(least, Math.round(milliseconds / one)));
  const pace = { blocks: calls(BLOCK, 2), settle: calls(SETTLE, 1), pause: PAUSE };
  const measured = (await interleave(contenders, { rounds: 5, seconds: Number(options.seconds), ...pace })).map(
    ({ blocks, processor }): BlockTime => ({
      median: round(median(blocks) / turns),
      best: round(quantile(blocks, 0.1) / turns),
      ...(processor.length > 0 && { processor: round(quantile(processor, 0.1) / turns) }),
    }),
  );
  for (const { dispose } of processes) await dispose();
  const timesAt = (process: number): BothTimes => ({
    stored: measured[2 * process],
    sampled: measured[2 * process + 1],
  });
  return {
    ...of,
    load: Number(load.toFixed(1)),
    vector: options.avx2 ? 'avx2, on a processor with more' : vectorInstructions(),
    ours: { 1: timesAt(0), 2: timesAt(1) },
    peers: Object.fromEntries(
      names.map((peer, i) => [peer, { ...timesAt(2 + i), versions: versions.get(peer) ?? {} }]),
    ),
    ...(names.includes('sbx') && { single: timesAt(2 + names.length) }),
    ...circumstances(),
  };
}

// For SBX; what ONNX Runtime uses is its library's business (docs/benchmarks.md).
if (options.avx2) process.env.XLA_FLAGS = '--xla_cpu_max_isa=AVX2';
const [load] = loadavg();
if (load > 0.5) console.log(`the machine is busy (load ${load.toFixed(1)} on ${cpus().length} cores): rough figures`);
const head = [
  'ms per update, sampled',
  '1 thread',
  '2',
  'SBX',
  'SB3',
  'times faster',
  'bar',
  'processor ms, 1: ours',
  'SBX',
];
const lines: (string | number)[][] = [head];
const rows: PeerRow[] = [];
for (const name of options.only?.split(',') ?? peerCases.map((one) => one.name)) {
  const of = peerCases.find((one) => one.name === name);
  if (!of) throw new Error(`--only ${name}: one of ${peerCases.map((one) => one.name).join(', ')}`);
  const row = await measure(of);
  rows.push(row);
  recordRows('update-peers', [row], ['vector']); // row by row, so that an interrupted run keeps what it measured
  const text = (value?: number) => value?.toFixed(2) ?? '';
  lines.push([
    name,
    text(row.ours[1].sampled.best),
    text(row.ours[2].sampled.best),
    text(row.peers.sbx?.sampled.best),
    text(row.peers.sb3?.sampled.best),
    text(timesFaster(row, 'best')),
    row.bar ?? '',
    text(row.ours[1].sampled.processor),
    text(row.single?.sampled.processor),
  ]);
}
console.log(table(lines));
writePeers();
const missed = rows.filter((row) => (timesFaster(row, 'best') ?? Infinity) < (row.bar ?? 0));
for (const { name, bar } of missed) console.log(`${name} is not ${bar} times faster than the fastest peer`);
if (missed.length === 0) console.log('every bar is met');
process.exitCode = missed.length === 0 ? 0 : 1;
