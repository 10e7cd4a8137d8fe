// A run as one .zip file: written from any store, and put into a store only when it is a whole run of this format.
import { strToU8, unzipSync, type Zippable, zipSync } from 'fflate';
import { RunError } from '../errors.js';
import { CHECKPOINTS, joinPath, parseSegments, REPLAY, TEMPORARY } from './run-layout.js';
import { findCheckpoint, listCheckpoints, openRun, type RunConfig, readCheckpoint, readConfig } from './run-reader.js';
import { moveTo } from './run-writer.js';
import type { Store } from './store.js';

/** The links among a run's checkpoints; in a .zip small text files, which every reader of runs takes as well. */
const LINKS = ['best', 'last'];

/** Everything that a run's folder can hold, besides the links. */
const FILES = new RegExp(
  '^(config\\.json|metrics\\.jsonl|monitor\\.csv|events\\.out\\.tfevents\\.\\d{1,12}\\.anygoal|replay/segments\\.bin|' +
    'checkpoints/\\d{1,15}/(checkpoint\\.json|policy\\.safetensors|state/[A-Za-z0-9_-][A-Za-z0-9_.-]{0,99}\\.bin))$',
);
const LINK = /^checkpoints\/(best|last)$/;

/** Fast: what is large are floating-point numbers, which hardly shrink. */
const LEVEL = 1;

/** All files of the run in folder `dir` by path, links as text. Nobody may be writing the run meanwhile. */
export async function runFiles(store: Store, dir: string): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const add = async (path: string): Promise<void> => {
    if (path.startsWith(TEMPORARY) || path.includes(`/${TEMPORARY}`)) return;
    const full = joinPath(dir, path);
    if (LINK.test(path)) {
      const target = await store.readLink(full);
      if (target !== undefined) files.set(path, strToU8(`${target}\n`));
    } else if ((await store.size(full)) !== undefined) files.set(path, await store.read(full));
    else for (const name of await store.list(full)) await add(joinPath(path, name));
  };
  for (const name of await store.list(dir)) if (name !== 'lock') await add(name);
  return files;
}

/** The run in folder `dir` as a .zip with one folder in it, of the run's name. Nobody may be writing the run meanwhile. */
export async function zipRun(store: Store, dir: string): Promise<Uint8Array> {
  const entries: Zippable = {};
  for (const [path, bytes] of await runFiles(store, dir)) entries[joinPath(dir, path)] = [bytes, { level: LEVEL }];
  return zipSync(entries);
}

export interface ArchiveLimits {
  /** Of all files together, unpacked. */
  readonly mostBytes: number;
  readonly mostFiles: number;
}

export interface UnzippedRun {
  /** The name of the folder in the .zip. */
  readonly name: string;
  /** By path inside the folder. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** The files of a run's .zip. Throws `RunError` for anything that is no part of a run, and beyond the limits. */
export function unzipRun(bytes: Uint8Array, { mostBytes, mostFiles }: ArchiveLimits): UnzippedRun {
  let folder: string | undefined;
  let total = 0;
  const paths = new Set<string>();
  const accept = (entry: string, size: number): void => {
    const slash = entry.indexOf('/');
    const [name, path] = [entry.slice(0, Math.max(0, slash)), entry.slice(slash + 1)];
    if (name === '' || name !== (folder ?? name) || !(FILES.test(path) || LINK.test(path)) || paths.has(path)) {
      const shown = JSON.stringify(entry.length > 80 ? `${entry.slice(0, 77)}...` : entry);
      throw new RunError(`${shown} is no part of a run: the .zip must hold one run's folder and nothing else.`);
    }
    folder = name;
    paths.add(path);
    total += size;
    if (paths.size > mostFiles || total > mostBytes) {
      throw new RunError(
        `the run is too large: at most ${mostBytes >> 20} MiB in ${mostFiles} files are taken. Download it and unpack it into the runs folder.`,
      );
    }
  };
  let unzipped: Record<string, Uint8Array>;
  try {
    unzipped = unzipSync(bytes, {
      filter({ name, originalSize }) {
        accept(name, originalSize);
        return true;
      },
    });
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`this is not an undamaged .zip file: ${(error as Error).message}.`);
  }
  if (folder === undefined) throw new RunError('the .zip is empty; it must hold the folder of a run.');
  const start = folder.length + 1;
  return { name: folder, files: new Map(Object.entries(unzipped).map(([path, data]) => [path.slice(start), data])) };
}

/**
 * Puts a run into `store` under `name`, or with -2, -3, ... behind it where that is taken: written beside, read and
 * checked like a run that is opened and gone on with, then renamed. Returns its name.
 * @throws RunError when it is not a whole run, or `refuse` throws; then nothing is left behind
 */
export async function addRun(
  store: Store,
  name: string,
  files: UnzippedRun['files'],
  refuse: (run: RunConfig) => void = () => {},
): Promise<string> {
  const temporary = `${TEMPORARY}${name}-${Math.random().toString(36).slice(2)}`;
  try {
    for (const [path, bytes] of files) {
      if (!LINK.test(path)) await store.write(joinPath(temporary, path), bytes);
    }
    for (const link of LINKS) {
      const bytes = files.get(joinPath(CHECKPOINTS, link));
      if (bytes === undefined) continue;
      const target = new TextDecoder().decode(bytes.subarray(0, 32)).trim();
      if (!/^\d{1,15}$/.test(target)) throw new RunError(`the link ${link} does not name a checkpoint of the run.`);
      await store.link(joinPath(temporary, CHECKPOINTS, link), target);
    }
    refuse(await checkRun(store, temporary));
    let free = name;
    for (let number = 2; !(await moveTo(store, temporary, free)); number++) free = `${name}-${number}`;
    return free;
  } catch (error) {
    await store.remove(temporary).catch(() => {});
    if (!(error instanceof RunError)) throw error;
    throw new RunError(error.message.replaceAll(joinPath(store.location, temporary), name), { cause: error });
  }
}

/** Opens everything that evaluating and going on with a run would open. */
async function checkRun(store: Store, dir: string): Promise<RunConfig> {
  const run = await readConfig(store, dir);
  for (const steps of await listCheckpoints(store, dir)) await openRun(store, dir, steps);
  const last = await findCheckpoint(store, dir, 'last');
  const { offsets } = await readCheckpoint(store, dir, last);
  for (const [file, length] of Object.entries(offsets)) {
    if (!FILES.test(file) || ((await store.size(joinPath(dir, file))) ?? 0) < length) {
      throw new RunError(`${file} is damaged: it is shorter than when the checkpoint at step ${last} was saved.`);
    }
  }
  if (offsets[REPLAY]) {
    parseSegments(await store.read(joinPath(dir, REPLAY)), offsets[REPLAY], joinPath(store.location, dir, REPLAY));
  }
  return run;
}
