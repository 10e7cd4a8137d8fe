// The table of updates beside hand-written ones in docs/benchmarks.md, from bench/results/update.json.
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
  /** Of the programs of each of the updates that take turns. */
  readonly nodes: { readonly reference: readonly number[]; readonly compiled: readonly number[] };
  readonly [circumstance: string]: unknown;
}

/** "Not slower than the reference", with room for what timing cannot tell. */
export const compiledBar = 1.02;

export const tableRow = (...cells: (string | number)[]): string => `| ${cells.join(' | ')} |`;
export const milliseconds = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));

export function caseLabel({ name, hidden, batch, critics }: UpdateCase): string {
  const label = `${name.replace(/-.*/, '').toUpperCase()} ${hidden.join('x')}`;
  return [label, batch === 256 ? [] : `batch ${batch}`, critics ? `${critics} critics` : []].flat().join(', ');
}

function line(measured: Row): string {
  const { threads, nodes, load } = measured;
  const both = (of: (n: 1 | 2) => string) => `${of(1)} / ${of(2)}`;
  const ratio = (n: 1 | 2, side: keyof Time) => (threads[n].compiled[side] / threads[n].reference[side]).toFixed(2);
  return tableRow(
    caseLabel(measured),
    both((n) => milliseconds(threads[n].reference.best)),
    both((n) => milliseconds(threads[n].compiled.best)),
    both((n) => ratio(n, 'median')),
    both((n) => ratio(n, 'best')),
    `${nodes.reference.join(', ')} / ${nodes.compiled.join(', ')}`,
    load,
  );
}

export function updateTable(rows: readonly Row[]): string {
  const known = cases.flatMap(({ name }) => rows.find((measured) => measured.name === name) ?? []);
  const all = (of: string) => [...new Set(known.map((one) => String(one[of])))].join(', ');
  const head = [
    'ms per update, fastest tenth, 1 / 2 threads',
    'by hand',
    'compiled',
    'ratio of medians',
    'of fastest tenths',
    'nodes, by hand / compiled',
    'load',
  ];
  return [
    `${all('machine')}, ${all('cores')} cores; Node ${all('node')}, ONNX Runtime ${all('onnxruntime')}; ${all('date')}.`,
    '',
    tableRow(...head),
    tableRow(...head.map(() => '---')),
    ...known.map(line),
  ].join('\n');
}

/** The page's text with something else between the markers of this name. */
export function betweenMarks(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/benchmarks.md lacks ${start} ... ${end}`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

/** The page with the table between its markers written anew. */
export function render(text: string): string {
  const { rows } = JSON.parse(readFileSync(new URL('../results/update.json', import.meta.url), 'utf8'));
  return betweenMarks(text, 'update', updateTable(rows));
}

/** Writes the page's table anew. */
export const writePage = (): void => writeFileSync(page, render(readFileSync(page, 'utf8')));
