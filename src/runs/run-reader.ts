// Opens what a run has saved, and says clearly what is wrong with files that are missing, damaged, foreign or too new.

import { type TrainConfig, trainConfigSchema } from '../config/config.js';
import { RunError, UsageError } from '../errors.js';
import { decodeSafetensors, type NamedTensor } from '../safetensors.js';
import {
  CHECKPOINT,
  CHECKPOINTS,
  type CheckpointHeader,
  CONFIG,
  type FileFacts,
  FORMAT_VERSION,
  factsOf,
  joinPath,
  POLICY,
} from './run-layout.js';
import type { Checkpoint, Store } from './store.js';

/** `best`, `last`, or the environment steps of a checkpoint. */
export type CheckpointName = 'best' | 'last' | number;

/** What a run started with: its settings, and facts about the program that wrote it. */
export interface RunConfig {
  readonly config: TrainConfig;
  /** The rest of config.json: `created`, `versions` and what else the training loop recorded. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface OpenedRun extends RunConfig {
  /** For people: the run's folder. */
  readonly path: string;
  /** Environment steps of the opened checkpoint. */
  readonly steps: number;
  readonly policy: Record<string, NamedTensor>;
  readonly metadata: Record<string, string>;
}

const EXAMPLE = 'runs/arm-reach__sac__0__20261121-134501';

/** Whether a path names what was exported from a run. */
const isOnnx = (path: string): boolean => /\.onnx$/i.test(path);

/** For whoever names an exported file where a run is needed. */
export const onnxMessage = (path: string): string =>
  `${path} is an ONNX file, not a run, and lacks the run's settings; name the folder of the run that it was exported from, such as ${EXAMPLE}. By itself it runs in ONNX Runtime, and in Python with anygoal.load_policy.`;

/**
 * Opens a policy of the run in folder `dir` of `store`. A run that has not been evaluated yet has no best checkpoint:
 * `best` then gives the last. Throws `RunError` or `UsageError` naming the file and the fix.
 */
export async function openRun(store: Store, dir: string, which: CheckpointName = 'best'): Promise<OpenedRun> {
  const run = await readConfig(store, dir);
  const steps = await findCheckpoint(store, dir, which);
  const header = await readHeader(store, dir, steps);
  return { ...run, path: joinPath(store.location, dir), steps, ...(await readPolicy(store, dir, header)) };
}

/** Environment steps of all checkpoints, ascending. */
export async function listCheckpoints(store: Store, dir: string): Promise<number[]> {
  const names = await store.list(joinPath(dir, CHECKPOINTS));
  return names
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}

/** Reads and checks config.json. */
export async function readConfig(store: Store, dir: string): Promise<RunConfig> {
  const folder = joinPath(store.location, dir);
  const file = joinPath(folder, CONFIG);
  if ((await store.size(joinPath(dir, CONFIG))) === undefined) {
    if (isOnnx(folder)) throw new RunError(onnxMessage(folder));
    throw new RunError(
      `${folder} is not a run: it has no ${CONFIG}. A run is a folder that "anygoal train" made, such as ${EXAMPLE}.`,
    );
  }
  const stored = await readJson(store, joinPath(dir, CONFIG), file);
  checkVersion(stored, file);
  if (!isRecord(stored.env) || !isRecord(stored.agent)) {
    throw new RunError(`${file} was not written by anygoal: it names no environment and agent.`);
  }
  const settings: Record<string, unknown> = {};
  const facts: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(stored)) (key in trainConfigSchema.shape ? settings : facts)[key] = value;
  const parsed = trainConfigSchema.safeParse(settings);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0];
    throw new RunError(`${file} is damaged: ${path.join('.') || 'its content'}: ${message}. Restore it from a copy.`);
  }
  return { config: parsed.data, facts };
}

/** Reads the full training state of a checkpoint, from which training can go on. */
export async function readCheckpoint(
  store: Store,
  dir: string,
  steps: number,
): Promise<Checkpoint & { best: boolean }> {
  const header = await readHeader(store, dir, steps);
  const state: Record<string, Uint8Array> = {};
  for (const [part, facts] of Object.entries(header.state)) {
    const path = joinPath(dir, CHECKPOINTS, steps, 'state', `${part}.bin`);
    state[part] = await readChecked(store, path, facts);
  }
  const { policy, metadata } = await readPolicy(store, dir, header);
  return { steps, policy, metadata, state, offsets: header.offsets, best: header.best };
}

/**
 * Some parts of a checkpoint's training state. @throws RunError where the checkpoint does not have them: only the last
 * one of a run keeps its state.
 */
export async function readStateParts(
  store: Store,
  dir: string,
  steps: number,
  parts: readonly string[],
): Promise<Record<string, Uint8Array>> {
  const header = await readHeader(store, dir, steps);
  const read = async (part: string) => {
    const path = joinPath(dir, CHECKPOINTS, steps, 'state', `${part}.bin`);
    if (!(part in header.state) || (await store.size(path)) === undefined) {
      throw new RunError(
        `checkpoint ${steps} of ${joinPath(store.location, dir)} does not keep "${part}": a run keeps its training state with the last checkpoint only. Open the checkpoint last.`,
      );
    }
    return [part, await readChecked(store, path, header.state[part])] as const;
  };
  return Object.fromEntries(await Promise.all(parts.map(read)));
}

/** Environment steps of the checkpoint that a name stands for. */
export async function findCheckpoint(store: Store, dir: string, which: CheckpointName): Promise<number> {
  const folder = joinPath(store.location, dir);
  const all = await listCheckpoints(store, dir);
  if (all.length === 0) {
    throw new RunError(`${folder} has no checkpoint: it ended before the first one was saved. Train it again.`);
  }
  if (typeof which === 'number') {
    // Over HTTP only the best and the last are listed; others are there nevertheless.
    if (!all.includes(which) && (await store.size(joinPath(dir, CHECKPOINTS, which, CHECKPOINT))) === undefined) {
      throw new UsageError(`${folder} has no checkpoint at step ${which}; it has ${all.join(', ')}, best and last.`);
    }
    return which;
  }
  const target = await store.readLink(joinPath(dir, CHECKPOINTS, which));
  if (target !== undefined && all.includes(Number(target))) return Number(target);
  return which === 'best' ? findCheckpoint(store, dir, 'last') : all[all.length - 1];
}

/** Names of parts and logs: going on with a run cuts these files, so none may lie elsewhere. */
const INSIDE = /^(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/;

async function readHeader(store: Store, dir: string, steps: number): Promise<CheckpointHeader> {
  const path = joinPath(dir, CHECKPOINTS, steps, CHECKPOINT);
  const file = joinPath(store.location, path);
  if ((await store.size(path)) === undefined) {
    throw new RunError(
      `checkpoint ${joinPath(store.location, dir, CHECKPOINTS, steps)} is damaged: ${CHECKPOINT} is missing.`,
    );
  }
  const stored = await readJson(store, path, file);
  if (stored.format !== 'anygoal-checkpoint') throw new RunError(`${file} was not written by anygoal.`);
  checkVersion(stored, file);
  if (stored.steps !== steps || !isRecord(stored.policy) || !isRecord(stored.state) || !isRecord(stored.offsets)) {
    throw new RunError(`${file} is damaged: it does not describe a checkpoint at step ${steps}. ${RESTORE}`);
  }
  const outside = [...Object.keys(stored.state), ...Object.keys(stored.offsets)].find((path) => !INSIDE.test(path));
  if (outside !== undefined) throw new RunError(`${file} is damaged: it names a file "${outside}". ${RESTORE}`);
  return stored as unknown as CheckpointHeader;
}

async function readPolicy(store: Store, dir: string, header: CheckpointHeader) {
  const path = joinPath(dir, CHECKPOINTS, header.steps, POLICY);
  const bytes = await readChecked(store, path, header.policy);
  const file = joinPath(store.location, path);
  const { tensors, metadata } = decodeSafetensors(bytes, file);
  // Infinities may be meant, as in a table's rows that are not used yet: the agent knows (agents/policy-vectors.ts).
  const broken = Object.entries(tensors).find(([, { data }]) => data.some(Number.isNaN));
  if (broken !== undefined) {
    throw new RunError(
      `${file} is no policy that can act: "${broken[0]}" holds values that are not numbers, as after a training that ` +
        'diverged. Name another checkpoint (--checkpoint STEPS).',
    );
  }
  return { policy: tensors, metadata };
}

const RESTORE = 'Restore it from a copy, or name another checkpoint.';

async function readChecked(store: Store, path: string, facts: FileFacts): Promise<Uint8Array> {
  const file = joinPath(store.location, path);
  const size = await store.size(path);
  if (size === undefined) throw new RunError(`${file} is missing. ${RESTORE}`);
  if (size !== facts.bytes) {
    throw new RunError(`${file} is damaged: it has ${size} bytes instead of ${facts.bytes}. ${RESTORE}`);
  }
  const bytes = await store.read(path);
  if (factsOf(bytes).crc32c !== facts.crc32c) {
    throw new RunError(`${file} is damaged: its checksum differs from the one saved with it. ${RESTORE}`);
  }
  return bytes;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

async function readJson(store: Store, path: string, file: string): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(await store.read(path)));
  } catch (error) {
    if (error instanceof RunError) throw error;
    throw new RunError(`${file} is damaged: it is not JSON. ${RESTORE}`);
  }
  if (!isRecord(value)) throw new RunError(`${file} was not written by anygoal: it is not a JSON object.`);
  return value;
}

function checkVersion(stored: Record<string, unknown>, file: string): void {
  const { version } = stored;
  if (typeof version !== 'number') throw new RunError(`${file} was not written by anygoal: it has no version number.`);
  if (version > FORMAT_VERSION) {
    throw new RunError(
      `${file} was written by a newer anygoal (its format is ${version}, this program reads up to ${FORMAT_VERSION}). ` +
        'Update anygoal.',
    );
  }
}
