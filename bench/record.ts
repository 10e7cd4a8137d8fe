// What a measurement must say about itself, and where its JSON goes.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const versionOf = (name: string): string =>
  JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;

/** Machine, versions, commit and date. */
export function circumstances(): Record<string, string | number> {
  const processors = cpus();
  const git = (...args: string[]) => execFileSync('git', args, { encoding: 'utf8' }).trim();
  let commit = 'unknown';
  try {
    commit = git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', 'src') === '' ? '' : ' and changes');
  } catch {
    // Outside a git checkout there is no commit to name.
  }
  return {
    machine: processors[0].model,
    cores: processors.length,
    node: process.versions.node,
    onnxruntime: versionOf('onnxruntime-node'),
    commit,
    date: new Date().toISOString().slice(0, 10),
  };
}

/** The widest of the processor's vector instructions, as Linux names them; native code of others is faster with wider ones. */
export function vectorInstructions(): string {
  if (!existsSync('/proc/cpuinfo')) return 'unknown';
  const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1].split(' ') ?? [];
  return ['avx512f', 'avx2', 'avx', 'sse4_2'].find((name) => flags.includes(name)) ?? 'unknown';
}

/** Writes bench/results/NAME.json. */
export function record(name: string, result: object): void {
  const folder = new URL('results/', import.meta.url);
  mkdirSync(folder, { recursive: true });
  const text = JSON.stringify({ ...circumstances(), ...result }, null, 2);
  writeFileSync(new URL(`${name}.json`, folder), `${text}\n`);
  console.log(`written to bench/results/${name}.json`);
}

/**
 * Writes rows into bench/results/NAME.json in place of those of the same names, and of the same in whatever else tells them
 * apart; rows say when they were measured.
 */
export function recordRows<Row extends { readonly name: string }>(
  name: string,
  rows: readonly Row[],
  apartBy: readonly (keyof Row)[] = [],
): void {
  const file = new URL(`results/${name}.json`, import.meta.url);
  const before: { rows: readonly Row[] } = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { rows: [] };
  const kept = before.rows.filter(
    (old) => !rows.some((row) => row.name === old.name && apartBy.every((key) => row[key] === old[key])),
  );
  mkdirSync(new URL('.', file), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ rows: [...kept, ...rows] }, null, 2)}\n`);
  console.log(`written to bench/results/${name}.json`);
}

/** A table of text, columns aligned, numbers to the right. */
export function table(rows: readonly (readonly (string | number)[])[]): string {
  const text = rows.map((row) => row.map(String));
  const widths = text[0].map((_, i) => Math.max(...text.map((row) => row[i].length)));
  return text.map((row) => row.map((cell, i) => cell.padStart(widths[i])).join('  ')).join('\n');
}
