// Keeps two programs from writing one folder (Node only): a file that names the process and is touched while that lives,
// ignored once it has ended.
import { link, readFile, readlink, realpath, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { UsageError } from '../errors.js';
import { TEMPORARY } from './run-layout.js';

/** Who writes the folder. */
interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, as the system counts it; process numbers are used again. Absent where it cannot be known. */
  readonly began?: string;
  /**
   * Where process numbers mean the same: this start of this machine, and in it this container. Absent where it cannot be
   * known.
   */
  readonly place?: string;
  /** Seconds after which the file is touched again. Absent in locks of former versions, which are not. */
  readonly beat?: number;
  /** The folder: a copy of it is not held. Containers see it under another path, so that its number counts if known. */
  readonly folder: string;
  readonly inode?: string;
  /** For people. */
  readonly since: string;
}

/** Seconds between two touches, and without one after which a program that cannot be looked for has ended. */
const BEAT = 10;
const SILENCE = 120;

/**
 * Takes the folder (an absolute path) for this process; resolves to what gives it back.
 * @throws UsageError naming the process that has it
 */
export async function lockFolder(folder: string, shown: string): Promise<() => Promise<void>> {
  const file = join(folder, 'lock');
  const mine: Holder = {
    pid: process.pid,
    host: hostname(),
    began: await beginningOf(process.pid),
    place: await ourPlace(),
    beat: BEAT,
    folder,
    inode: await inodeOf(folder),
    since: new Date().toISOString(),
  };
  const text = `${JSON.stringify(mine)}\n`;
  while (!(await create(file, text))) {
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === undefined) continue; // given back meanwhile
    const holder = parse(found);
    if (holder && (await isOf(holder, folder)) && (await isAlive(holder, file))) throw held(holder, shown, file);
    await removeStale(file, found);
  }
  const timer = setInterval(() => void touch(file, text), 1000 * BEAT).unref();
  return async () => {
    clearInterval(timer);
    const found = await readFile(file, 'utf8').catch(() => undefined);
    if (found === text) await rm(file, { force: true });
  };
}

/**
 * Whether a program writes the folder now; `left` where one ended without giving it back (it was killed, or the computer
 * went down). Undefined where nobody has taken it.
 */
export async function lockState(folder: string): Promise<'held' | 'left' | undefined> {
  const found = await readFile(join(folder, 'lock'), 'utf8').catch(() => undefined);
  const holder = found === undefined ? undefined : parse(found);
  if (holder === undefined) return undefined;
  if (!(await isOf(holder, folder))) return undefined; // a copy of a run that was being written
  return (await isAlive(holder, join(folder, 'lock'))) ? 'held' : 'left';
}

/** A new file, at once with its text; false where there is one. */
async function create(file: string, text: string): Promise<boolean> {
  const whole = besideName(file);
  try {
    await writeFile(whole, text);
    // Where the file system has no links, the text comes a moment after the name.
    await link(whole, file).catch((error) => {
      if (codeOf(error) === 'EEXIST') throw error;
      return writeFile(file, text, { flag: 'wx' });
    });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(whole, { force: true });
  }
}

let besides = 0;
/** Of this process alone; resuming removes what a killed one left. */
const besideName = (file: string) => join(dirname(file), `${TEMPORARY}${process.pid}-${besides++}-${basename(file)}`);

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;

/** Undefined for what a program that was killed while writing left. */
function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether the lock is of this folder and not of one that it is a copy of. */
async function isOf(holder: Holder, folder: string): Promise<boolean> {
  if (holder.inode !== undefined) return holder.inode === (await inodeOf(folder));
  const [theirs, ours] = await Promise.all([holder.folder, folder].map((path) => realpath(path).catch(() => path)));
  return theirs === ours;
}

async function isAlive({ pid, host, began, place, beat }: Holder, file: string): Promise<boolean> {
  const here = await ourPlace();
  if (place === undefined || here === undefined ? host !== hostname() : place !== here) {
    if (beat === undefined) return host !== hostname() || isProcess(pid, began); // of a former version
    const touched = (await stat(file).catch(() => undefined))?.mtimeMs;
    return touched !== undefined && Date.now() - touched < 1000 * SILENCE;
  }
  return isProcess(pid, began);
}

async function isProcess(pid: number, began: string | undefined): Promise<boolean> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === 'EPERM';
  }
  const now = await beginningOf(pid);
  return now === undefined || began === undefined || now === began;
}

/** The number of this start of the machine and of the container's processes; Linux tells both. */
async function ourPlace(): Promise<string | undefined> {
  const [boot, processes] = await Promise.all([
    readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => undefined),
    readlink('/proc/self/ns/pid').catch(() => undefined),
  ]);
  return boot && processes && `${boot.trim()} ${processes}`;
}

const inodeOf = (folder: string): Promise<string | undefined> =>
  stat(folder, { bigint: true }).then(
    ({ ino }) => (ino > 0n ? String(ino) : undefined),
    () => undefined,
  );

/** Says that we live, unless another program has taken the lock from us, who were silent for too long. */
async function touch(file: string, text: string): Promise<void> {
  const found = await readFile(file, 'utf8').catch(() => undefined);
  const now = new Date();
  if (found === text) await utimes(file, now, now).catch(() => {});
}

/** Linux tells the clock tick at which a process began: the 22nd word, the 20th after its name in parentheses. */
async function beginningOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

/** A program that takes this long over a few file operations was killed in the middle of them. */
const TAKEOVER_MS = 10_000;

/**
 * One program at a time removes: whoever read the stale lock earlier would otherwise remove the new one of a quicker
 * program. A new lock can only appear after the stale one has gone, so what is read in turn is what is removed.
 */
async function removeStale(file: string, stale: string): Promise<void> {
  const turn = join(dirname(file), `${TEMPORARY}takeover-${basename(file)}`);
  if (!(await create(turn, ''))) {
    const since = (await stat(turn).catch(() => undefined))?.mtimeMs;
    if (since !== undefined && Date.now() - since > TAKEOVER_MS) await rm(turn, { force: true });
    else await new Promise((done) => setTimeout(done, 5));
    return;
  }
  try {
    const now = await readFile(file, 'utf8').catch(() => undefined);
    if (now === stale) await rm(file, { force: true });
  } finally {
    await rm(turn, { force: true });
  }
}

function held({ pid, host, since, beat }: Holder, shown: string, file: string): UsageError {
  const elsewhere = host === hostname() ? '' : ` on ${host}`;
  const ended = beat === undefined ? `remove ${file} if it has ended` : `for ${SILENCE / 60} minutes if it was killed`;
  const remedy = elsewhere === '' ? 'wait for it, or stop it' : `wait for it, or ${ended}`;
  return new UsageError(
    `${shown} is being written by process ${pid}${elsewhere} since ${since}; ${remedy}. Two programs cannot go on with one run.`,
  );
}
