// Programs that benches of actors start and look at: the built command line, and what a process takes of the processor.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A module of the built library, such as `actors/index`. */
export const built = (path: string) => import(new URL(`../../dist/${path}.js`, import.meta.url).href);

const main = new URL('../../dist/cli/main.js', import.meta.url).pathname;
/** Where programs run; whoever is done with it removes it. */
export const root = mkdtempSync(join(tmpdir(), 'anygoal-actors-'));

export const cli = (...words: string[]): ChildProcess =>
  spawn(process.execPath, [main, ...words, '--quiet'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });

export const pause = (seconds: number) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

/** Kernel ticks a second, in which Linux counts the processor's time. */
const TICKS = 100;

/** Seconds of processor that a process has taken, with all its threads. */
export function processorSeconds(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  await gone;
}
