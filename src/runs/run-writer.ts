// Writes a run so that a program killed at any moment leaves one that can go on: logs first, then a checkpoint under a
// temporary name, then its name, then the links, and only then is anything older removed.

import type { TrainConfig } from '../config/config.js';
import { RunError } from '../errors.js';
import { encodeSafetensors } from '../safetensors.js';
import { monitorHeader, monitorRow } from './monitor.js';
import {
  ASIDE,
  CHECKPOINT,
  CHECKPOINTS,
  type CheckpointHeader,
  CONFIG,
  eventsFile,
  FORMAT_VERSION,
  factsOf,
  frameSegment,
  joinPath,
  METRICS,
  MONITOR,
  POLICY,
  parseSegments,
  REPLAY,
  TEMPORARY,
} from './run-layout.js';
import { findCheckpoint, listCheckpoints, type RunConfig, readCheckpoint, readConfig } from './run-reader.js';
import type { Checkpoint, LogOffsets, RunWriter, Store } from './store.js';
import { encodeFileVersion, encodeScalars } from './tfevents.js';
import { VERSION } from './version.js';

const encoder = new TextEncoder();
const encode = (text: string): Uint8Array => encoder.encode(text);
const json = (value: unknown): Uint8Array => encode(`${JSON.stringify(value, null, 2)}\n`);
const unixSeconds = () => Date.now() / 1000;

/** Further facts that config.json keeps besides the settings: `versions` and whatever the training loop records. */
export type ConfigFacts = { readonly versions?: Readonly<Record<string, string>> } & Readonly<Record<string, unknown>>;

/**
 * Makes the folder `dir` (see `runName`; with -2, -3, ... behind it where it is taken) with a complete config.json.
 * The folder appears at once with its configuration, so two programs never share one.
 */
export async function createRun(store: Store, dir: string, config: TrainConfig & ConfigFacts): Promise<RunWriter> {
  const temporary = `${TEMPORARY}${dir.replaceAll('/', '-')}-${Math.random().toString(36).slice(2)}`;
  const now = Date.now();
  let folder = dir;
  try {
    await store.write(
      joinPath(temporary, CONFIG),
      json({
        ...config,
        version: FORMAT_VERSION,
        created: new Date(now).toISOString(),
        versions: { anygoal: VERSION, ...hostVersions(), ...config.versions },
      }),
    );
    for (let number = 2; !(await moveTo(store, temporary, folder)); number++) folder = `${dir}-${number}`;
  } catch (error) {
    await store.remove(temporary).catch(() => {});
    if (!(error instanceof RunError)) throw error;
    throw new RunError(error.message.replace(joinPath(temporary, CONFIG), folder), { cause: error });
  }
  const events = eventsFile(Math.floor(now / 1000));
  const release = await store.lock?.(folder);
  const writer = createWriter(store, folder, { [METRICS]: 0, [MONITOR]: 0, [events]: 0, [REPLAY]: 0 }, release);
  writer.add(MONITOR, encode(monitorHeader(config.env.name, now / 1000)));
  writer.add(events, encodeFileVersion(now / 1000));
  return writer;
}

/** Moves a folder to a free name; false where the name is taken, also when another program takes it meanwhile. */
export async function moveTo(store: Store, from: string, to: string): Promise<boolean> {
  const taken = async () => (await store.list(to)).length > 0 || (await store.size(to)) !== undefined;
  if (await taken()) return false;
  try {
    await store.rename(from, to);
    return true;
  } catch (error) {
    if (await taken()) return false;
    throw error;
  }
}

/** Replaces the settings in config.json, for a run that goes on with more steps; facts and versions stay. */
export async function saveConfig(store: Store, dir: string, config: TrainConfig): Promise<void> {
  const { facts } = await readConfig(store, dir);
  await store.write(joinPath(dir, CONFIG), json({ ...config, ...facts }));
}

export interface ResumedRun {
  readonly writer: RunWriter;
  readonly config: TrainConfig;
  readonly facts: Readonly<Record<string, unknown>>;
  /** The last checkpoint, with its full state. */
  readonly checkpoint: Checkpoint;
  /** Replay segments up to the checkpoint, in the order they were appended, each with memory of its own. */
  readonly replaySegments: Uint8Array[];
}

/**
 * Takes the run for this program and goes back to the last checkpoint: removes what a killed program left half-written and cuts the logs and the replay back
 * to where they were. Nothing is changed unless everything needed is there and undamaged.
 */
export async function resumeRun(store: Store, dir: string): Promise<ResumedRun> {
  const run = await readConfig(store, dir);
  const release = await store.lock?.(dir);
  try {
    return await goBack(store, dir, run, release);
  } catch (error) {
    await release?.();
    throw error;
  }
}

async function goBack(store: Store, dir: string, run: RunConfig, release?: Release): Promise<ResumedRun> {
  await restoreMovedAside(store, dir);
  const steps = await findCheckpoint(store, dir, 'last');
  const { best, ...checkpoint } = await readCheckpoint(store, dir, steps);
  const { offsets } = checkpoint;
  for (const [file, length] of Object.entries(offsets)) {
    const size = (await store.size(joinPath(dir, file))) ?? 0;
    if (size < length) {
      throw new RunError(
        `${joinPath(store.location, dir, file)} is damaged: it has ${size} bytes, but ${length} when the checkpoint at step ` +
          `${steps} was saved. Restore it from a copy, or start a new run from the policy with --init.`,
      );
    }
  }
  const replayPath = joinPath(dir, REPLAY);
  const replay = offsets[REPLAY] ? await store.read(replayPath) : new Uint8Array(0);
  const replaySegments = parseSegments(replay, offsets[REPLAY] ?? 0, joinPath(store.location, replayPath));

  const folder = joinPath(dir, CHECKPOINTS);
  for (const name of [dir, folder]) {
    for (const entry of await store.list(name)) {
      if (entry.startsWith(TEMPORARY)) await store.remove(joinPath(name, entry));
    }
  }
  await store.link(joinPath(folder, 'last'), String(steps));
  if (best) await store.link(joinPath(folder, 'best'), String(steps));
  for (const other of await listCheckpoints(store, dir)) {
    if (other > steps) await store.remove(joinPath(folder, other));
    else if (other < steps) await store.remove(joinPath(folder, other, 'state'));
  }
  for (const [file, length] of Object.entries(offsets)) await store.truncate(joinPath(dir, file), length);
  return { writer: createWriter(store, dir, offsets, release), ...run, checkpoint, replaySegments };
}

/** Gives the folder back to other programs. */
type Release = () => Promise<void>;

function createWriter(store: Store, dir: string, offsets: LogOffsets, release?: Release) {
  const lengths: LogOffsets = { ...offsets };
  const events = Object.keys(offsets).find((file) => file.startsWith('events.out.tfevents')) ?? eventsFile(0);
  const buffers = new Map<string, Uint8Array[]>();
  const folder = joinPath(dir, CHECKPOINTS);

  function add(file: string, bytes: Uint8Array): void {
    const waiting = buffers.get(file);
    if (waiting === undefined) buffers.set(file, [bytes]);
    else waiting.push(bytes);
  }

  async function writeLogs(): Promise<void> {
    const waiting = [...buffers];
    buffers.clear();
    for (const [file, parts] of waiting) {
      const bytes = joinBytes(parts);
      await store.append(joinPath(dir, file), bytes);
      lengths[file] += bytes.length;
    }
  }

  async function writeFiles(
    into: string,
    { steps, policy, metadata, state }: Omit<Checkpoint, 'offsets'>,
    best: boolean,
  ): Promise<void> {
    const policyBytes = encodeSafetensors(policy, metadata);
    // Whoever reads over HTTP shall not ask for what is not there.
    const bestBefore = await store.readLink(joinPath(folder, 'best'));
    await store.write(joinPath(into, POLICY), policyBytes);
    const parts = Object.entries(state);
    // Side by side, since each waits for the disk; all have ended before a failure is told.
    const written = await Promise.allSettled(
      parts.map(([part, bytes]) => store.write(joinPath(into, 'state', `${part}.bin`), bytes)),
    );
    for (const outcome of written) if (outcome.status === 'rejected') throw outcome.reason;
    const header: CheckpointHeader = {
      format: 'anygoal-checkpoint',
      version: FORMAT_VERSION,
      steps,
      best,
      bestSteps: best ? steps : bestBefore === undefined ? null : Number(bestBefore),
      policy: factsOf(policyBytes),
      state: Object.fromEntries(parts.map(([part, bytes]) => [part, factsOf(bytes)])),
      offsets: { ...lengths },
    };
    await store.write(joinPath(into, CHECKPOINT), json(header));
  }

  async function writeCheckpoint({ steps, policy, metadata, state }: Omit<Checkpoint, 'offsets'>, best: boolean) {
    await writeLogs();
    for (const [file, length] of Object.entries(lengths)) if (length > 0) await store.sync(joinPath(dir, file));

    const temporary = joinPath(folder, `${TEMPORARY}${steps}`);
    await store.remove(temporary);
    try {
      await writeFiles(temporary, { steps, policy, metadata, state }, best);
    } catch (error) {
      await store.remove(temporary).catch(() => {}); // a full disk needs the space
      throw error;
    }

    const before = await listCheckpoints(store, dir);
    const aside = joinPath(folder, `${ASIDE}${steps}`);
    const again = before.includes(steps); // a last checkpoint may fall on the step of a periodic one
    if (again) await store.rename(joinPath(folder, steps), aside);
    await store.rename(temporary, joinPath(folder, steps));
    await store.link(joinPath(folder, 'last'), String(steps));
    if (best) await store.link(joinPath(folder, 'best'), String(steps));
    if (again) await store.remove(aside);
    for (const other of before) if (other !== steps) await store.remove(joinPath(folder, other, 'state'));
  }

  // Writes go one after another, whoever asks; after a failure the run takes no more.
  let last: Promise<void> = Promise.resolve();
  const inTurn = (action: () => Promise<void>): Promise<void> => {
    last = last.then(action);
    last.catch(() => {}); // whoever asked gets the error
    return last;
  };

  return {
    store,
    dir,
    path: joinPath(store.location, dir),
    add,
    log(step: number, values: Readonly<Record<string, number>>): void {
      const wall = unixSeconds();
      add(METRICS, encode(`${JSON.stringify({ step, wall, ...values })}\n`));
      add(events, encodeScalars({ wallTime: wall, step, values }));
    },
    episode(reward: number, length: number, seconds: number): void {
      add(MONITOR, encode(monitorRow({ reward, length, seconds })));
    },
    appendReplay: (segment: Uint8Array) => add(REPLAY, frameSegment(segment)),
    flush: () => inTurn(writeLogs),
    checkpoint: (checkpoint: Omit<Checkpoint, 'offsets'>, options: { best: boolean }) =>
      inTurn(() => writeCheckpoint(checkpoint, options.best)),
    close: () => inTurn(writeLogs).finally(() => release?.()),
  } satisfies RunWriter & { add: unknown };
}

/** Puts back a checkpoint that was moved aside for one of the same step that never came. */
async function restoreMovedAside(store: Store, dir: string): Promise<void> {
  const folder = joinPath(dir, CHECKPOINTS);
  const present = await listCheckpoints(store, dir);
  for (const name of await store.list(folder)) {
    if (!name.startsWith(ASIDE)) continue;
    const steps = name.slice(ASIDE.length);
    if (present.includes(Number(steps))) await store.remove(joinPath(folder, name));
    else await store.rename(joinPath(folder, name), joinPath(folder, steps));
  }
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const hostVersions = (): Record<string, string> => {
  const node = globalThis.process?.versions?.node;
  return node === undefined ? {} : { node };
};
