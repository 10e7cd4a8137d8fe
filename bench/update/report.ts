// The table of updates in docs/benchmarks.md, from bench/results/update.json.
import { readFileSync, writeFileSync } from 'node:fs';
import { cases, type UpdateCase } from './cases.js';

export const page = new URL('../../docs/benchmarks.md', import.meta.url);

/** Milliseconds per update: the median of all calls, and what the fastest tenth comes down to. */
export interface Time {
  readonly median: number;
  readonly best: number;
  /** The share of blocks that other programs left alone; only those count, unless it is 0. */
  readonly clean: number;
}

export interface Times {
  readonly reference: Time;
  readonly compiled: Time;
}

/** A measured case. */
export interface Row extends UpdateCase {
  readonly load: number;
  readonly threads: Readonly<Record<1 | 2, Times>>;
  readonly sb3?: Time & { readonly threads: number; readonly versions: Readonly<Record<string, string>> };
  /** Of the programs of each of the updates that take turns. */
  readonly nodes: { readonly reference: readonly number[]; readonly compiled: readonly number[] };
  readonly [circumstance: string]: unknown;
}

/** How many times faster than SB3 the better of one and two threads is; undefined where a side was not measured. */
export const timesFaster = ({ threads, sb3 }: Pick<Row, 'threads' | 'sb3'>, side: keyof Time): number | undefined =>
  sb3 && sb3[side] / Math.min(threads[1].compiled[side], threads[2].compiled[side]);

/** "Not slower than the reference", with room for what timing cannot tell. */
export const compiledBar = 1.02;

const row = (...cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
const ms = (value: number) => (value < 10 ? value.toFixed(2) : value.toFixed(1));

function line(measured: Row): string {
  const { name, hidden, batch, critics, threads, sb3, nodes, bar, load } = measured;
  const both = (of: (n: 1 | 2) => string) => `${of(1)} / ${of(2)}`;
  const ratio = (n: 1 | 2, side: keyof Time) => (threads[n].compiled[side] / threads[n].reference[side]).toFixed(2);
  const times = (['median', 'best'] as const).flatMap((side) => timesFaster(measured, side)?.toFixed(1) ?? []);
  const label = `${name.replace(/-.*/, '').toUpperCase()} ${hidden.join('x')}`;
  return row(
    [label, batch === 256 ? [] : `batch ${batch}`, critics ? `${critics} critics` : []].flat().join(', '),
    both((n) => ms(threads[n].reference.best)),
    both((n) => ms(threads[n].compiled.best)),
    both((n) => ratio(n, 'median')),
    both((n) => ratio(n, 'best')),
    sb3 ? `${ms(sb3.median)}, ${ms(sb3.best)}` : '',
    times.join(', '),
    bar ?? '',
    `${nodes.reference.join(', ')} / ${nodes.compiled.join(', ')}`,
    load,
  );
}

export function updateTable(rows: readonly Row[]): string {
  const known = cases.flatMap(({ name }) => rows.find((measured) => measured.name === name) ?? []);
  const all = (of: string) => [...new Set(known.map((one) => String(one[of])))].join(', ');
  const peers = new Set(known.flatMap(({ sb3 }) => Object.entries(sb3?.versions ?? {}).map((pair) => pair.join(' '))));
  const head = [
    'ms per update, fastest tenth, 1 / 2 threads',
    'by hand',
    'compiled',
    'ratio of medians',
    'of fastest tenths',
    'SB3, 2 threads: median, fastest tenth',
    'times faster: of medians, of fastest tenths',
    'bar',
    'nodes, by hand / compiled',
    'load',
  ];
  return [
    `${all('machine')}, ${all('cores')} cores; Node ${all('node')}, ONNX Runtime ${all('onnxruntime')}, ${[...peers].join(', ')}; ${all('date')}.`,
    '',
    row(...head),
    row(...head.map(() => '---')),
    ...known.map(line),
  ].join('\n');
}

/** The page with the table between its markers written anew. */
export function render(text: string): string {
  const { rows } = JSON.parse(readFileSync(new URL('../results/update.json', import.meta.url), 'utf8'));
  const [start, end] = ['<!-- update -->', '<!-- end update -->'];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md lacks ${start} ... ${end}`);
  return `${text.slice(0, from + start.length)}\n${updateTable(rows)}\n${text.slice(to)}`;
}

/** Writes the page's table anew. */
export const writePage = (): void => writeFileSync(page, render(readFileSync(page, 'utf8')));
