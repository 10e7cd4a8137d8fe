// Finds the run that a person means: its folder, something inside it, or the beginning of its name.
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../errors.js';
import type { CheckpointName } from '../runs/run-reader.js';

export interface RunPath {
  /** The run's folder. */
  readonly run: string;
  /** The checkpoint, where the path names one. */
  readonly checkpoint?: CheckpointName;
}

/** `last`, `best` or environment steps. */
export function parseCheckpoint(text: string): CheckpointName {
  if (text === 'best' || text === 'last') return text;
  if (/^\d+$/.test(text)) return Number(text);
  throw new UsageError(`--checkpoint must be best, last or a number of steps, not "${text}".`);
}

const isRun = (folder: string): Promise<boolean> =>
  stat(join(folder, 'config.json')).then(
    () => true,
    () => false,
  );

/** Throws `UsageError` with the runs there are, where none or several fit; `what` else the path may have named. */
export async function findRun(path: string, what = 'run'): Promise<RunPath> {
  const given = path.length > 1 ? path.replace(/[/\\]+$/, '') : path;
  if (await isRun(given)) return { run: given };
  const inside = /^(.*?)[/\\]checkpoints(?:[/\\]([^/\\]+))?(?:[/\\][^/\\]+)?$/.exec(given);
  if (inside && (await isRun(inside[1]))) {
    return { run: inside[1], checkpoint: inside[2] === undefined ? undefined : parseCheckpoint(inside[2]) };
  }
  const within = await runsIn(given);
  if (within.length > 0) throw new UsageError(`${given} is a folder of runs; name one of them: ${listed(within)}.`);
  if (
    await stat(given).then(
      (found) => found.isDirectory(),
      () => false,
    )
  )
    return { run: given }; // reading it tells what is wrong

  const folder = given.includes('/') || given.includes('\\') ? dirname(given) : 'runs';
  const there = await runsIn(folder);
  const fitting = there.filter((run) => basename(run).startsWith(basename(given)));
  if (fitting.length === 1) return { run: fitting[0] };
  if (fitting.length > 1) throw new UsageError(`several runs begin with ${given}: ${listed(fitting)}. Name one.`);
  if (/\.onnx$/i.test(given)) throw new UsageError((await import('../runs/run-reader.js')).onnxMessage(path));
  const hint = there.length > 0 ? `Runs in ${folder}: ${listed(there)}.` : 'Train one first: anygoal train arm/reach.';
  throw new UsageError(`there is no ${what} at ${path}. ${hint}`);
}

async function runsIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const runs: string[] = [];
  for (const name of names.sort()) if (await isRun(join(folder, name))) runs.push(join(folder, name));
  return runs;
}

function listed(runs: readonly string[]): string {
  const most = 6;
  const more = runs.length > most ? ` and ${runs.length - most} more` : '';
  return runs.slice(-most).join(', ') + more;
}
