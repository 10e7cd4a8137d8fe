// The table of updates beside peers in docs/benchmarks.md, from bench/results/update-peers.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { peerCases, type UpdateCase } from './cases.js';
import type { Batches, PeerName } from './process.js';
import { betweenMarks, caseLabel, milliseconds, page, tableRow } from './report.js';

/** Milliseconds per update, of blocks of about 100 ms. */
export interface BlockTime {
  readonly median: number;
  /** What the fastest tenth of blocks comes down to. */
  readonly best: number;
  /** Of processor time, all threads together, fastest tenth of blocks; absent where the system does not tell. */
  readonly processor?: number;
}

/** From one stored batch, and each from a batch that is drawn for it. */
export type BothTimes = Readonly<Record<Batches, BlockTime>>;

export interface PeerRow extends UpdateCase {
  readonly load: number;
  /** The widest vector instructions that both sides may use. */
  readonly vector: string;
  /** Ours, by threads. */
  readonly ours: Readonly<Record<1 | 2, BothTimes>>;
  /** With two threads. */
  readonly peers: Readonly<
    Partial<Record<PeerName, BothTimes & { readonly versions: Readonly<Record<string, string>> }>>
  >;
  /** SBX with one thread, for processor times. */
  readonly single?: BothTimes;
  readonly [circumstance: string]: unknown;
}

type Figure = keyof BlockTime;

/** How many times faster than the fastest peer the better of our one and two threads is, sampling included. */
export function timesFaster({ ours, peers }: Pick<PeerRow, 'ours' | 'peers'>, figure: Figure): number | undefined {
  const theirs = Object.values(peers).flatMap(({ sampled }) => sampled[figure] ?? []);
  const own = ([1, 2] as const).flatMap((threads) => ours[threads].sampled[figure] ?? []);
  return theirs.length > 0 && own.length > 0 ? Math.min(...theirs) / Math.min(...own) : undefined;
}

/** Processor time of one update with one thread on both sides. */
const ofProcessor = ({ ours, single }: PeerRow): number | undefined => {
  const [own, theirs] = [ours[1].sampled.processor, single?.sampled.processor];
  return own !== undefined && theirs !== undefined ? theirs / own : undefined;
};

const head = [
  'ms per update, fastest tenth: stored batch / sampled',
  'anygoal, 1 thread',
  '2 threads',
  'SBX, 2 threads',
  'SB3, 2 threads',
  'times faster than the fastest peer: fastest tenths, medians',
  'bar',
  'processor time, one thread: SBX / anygoal',
  'load',
];

function line(row: PeerRow): string {
  const { ours, peers, bar, load } = row;
  const both = (times?: BothTimes) =>
    times ? `${milliseconds(times.stored.best)} / ${milliseconds(times.sampled.best)}` : '';
  const fixed = (value?: number) => value?.toFixed(1) ?? '';
  return tableRow(
    caseLabel(row),
    both(ours[1]),
    both(ours[2]),
    both(peers.sbx),
    both(peers.sb3),
    `${fixed(timesFaster(row, 'best'))}, ${fixed(timesFaster(row, 'median'))}`,
    bar ?? '',
    fixed(ofProcessor(row)),
    load,
  );
}

export function peerTable(rows: readonly PeerRow[]): string {
  const tables = [...new Set(rows.map(({ vector }) => vector))].map((vector) => {
    const known = peerCases.flatMap(({ name }) => rows.find((row) => row.name === name && row.vector === vector) ?? []);
    const all = (of: string) => [...new Set(known.map((one) => String(one[of])))].join(', ');
    const versions = new Set(
      known.flatMap(({ peers }) =>
        Object.values(peers).flatMap((peer) => Object.entries(peer.versions).map((pair) => pair.join(' '))),
      ),
    );
    return [
      `**${vector}**: ${all('machine')}, ${all('cores')} cores; Node ${all('node')}, ONNX Runtime ${all('onnxruntime')}, ${[...versions].join(', ')}; ${all('date')}.`,
      '',
      tableRow(...head),
      tableRow(...head.map(() => '---')),
      ...known.map(line),
    ].join('\n');
  });
  return tables.join('\n\n');
}

/** The page with the table between its markers written anew. */
export function renderPeers(text: string): string {
  const { rows } = JSON.parse(readFileSync(new URL('../results/update-peers.json', import.meta.url), 'utf8'));
  return betweenMarks(text, 'update-peers', peerTable(rows));
}

/** Writes the page's table anew. */
export const writePeers = (): void => writeFileSync(page, renderPeers(readFileSync(page, 'utf8')));
