// The messages of a run: episodes in parts, policies, and the run's record, as frames.
import * as z from 'zod';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import type { TrainConfig } from '../config/config.js';
import { columnsText } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import { RunError } from '../errors.js';
import { rowLayout } from '../replay/index.js';
import { crc32c } from '../runs/crc32c.js';
import { decodeSafetensors, encodeSafetensors } from '../safetensors.js';
import { decodeFrame, encodeFrame } from './frame.js';

/** Version of what stands in the headers. */
const VERSION = 1;
/** Bytes of a message that its header may take. */
const HEADER_ROOM = 1024;

/** What is known of an episode besides its rows. */
export interface EpisodeFacts {
  /** Who acted: a name that no other actor has, and no earlier life of the same one. */
  readonly actor: string;
  /** Its number among that actor's episodes: 0, 1, ... */
  readonly episode: number;
  /** The learner's step at which the policy that it began with was handed out. */
  readonly policy: number;
  readonly end: 'terminated' | 'truncated';
  /** Undiscounted return, steps, and whether it ended in success. */
  readonly reward: number;
  readonly length: number;
  readonly success: boolean;
  /** The number of its task, where there are tasks. */
  readonly task?: number;
}

/** A piece of an episode's rows. */
export interface EpisodePart extends EpisodeFacts {
  readonly part: number;
  readonly parts: number;
  /** CRC-32C of the table of columns that the rows have. */
  readonly table: number;
  readonly body: Uint8Array;
}

/** What tells rows of one environment from those of another. */
export const tableSum = (spec: EnvSpec): number =>
  crc32c(new TextEncoder().encode(columnsText(rowLayout(spec).columns)));

/** Messages of at most `largest` bytes; `rows` is [length + 1, width] as the replay stores them. */
export function encodeEpisode(facts: EpisodeFacts, table: number, rows: Float32Array, largest: number): Uint8Array[] {
  const bytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  const room = largest - HEADER_ROOM;
  const parts = Math.max(1, Math.ceil(bytes.length / room));
  return Array.from({ length: parts }, (_, part) =>
    encodeFrame(
      { kind: 'episode', version: VERSION, ...facts, part, parts, table },
      bytes.subarray(part * room, (part + 1) * room),
    ),
  );
}

const whole = z.int().min(0);
/** Whoever may write to a run's messages can send anything: a learner must not break off for it. */
const partSchema = z.object({
  actor: z.string().min(1),
  episode: whole,
  policy: z.int(),
  end: z.enum(['terminated', 'truncated']),
  reward: z.number(),
  length: z.int().min(1),
  success: z.boolean(),
  task: whole.optional(),
  part: whole,
  parts: z.int().min(1),
  table: whole,
});

/** @throws RunError for what is no episode */
export function decodePart(bytes: Uint8Array): EpisodePart {
  const { header, body } = decodeFrame(bytes);
  checkKind(header, 'episode');
  const { data, error } = partSchema.safeParse(header);
  if (error) {
    const [{ path, message }] = error.issues;
    throw new RunError(`an episode's ${path.join('.')} is not as it should be: ${message}.`);
  }
  return { ...data, body };
}

/** The id under which a part is kept once. */
export const partId = ({ actor, episode }: Pick<EpisodeFacts, 'actor' | 'episode'>, part: number): string =>
  `${actor}.${episode}.${part}`;

/** A policy, and how often episodes have each task from now on. */
export interface SentPolicy {
  /** The learner's step. */
  readonly steps: number;
  readonly vectors: PolicyVectors;
  readonly taskWeights?: readonly number[];
}

export function encodePolicy({ steps, vectors, taskWeights }: SentPolicy): Uint8Array {
  const tensors = Object.fromEntries(
    Object.entries(vectors).map(([name, data]) => [name, { shape: [data.length], data }]),
  );
  return encodeFrame({ kind: 'policy', version: VERSION, steps, taskWeights }, encodeSafetensors(tensors));
}

export function decodePolicy(bytes: Uint8Array): SentPolicy {
  const { header, body } = decodeFrame(bytes);
  checkKind(header, 'policy');
  const { tensors } = decodeSafetensors(body, 'the policy from the broker');
  const vectors = Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, data]));
  return { steps: header.steps as number, vectors, taskWeights: header.taskWeights as number[] | undefined };
}

/** What actors must know to act for a run. */
export interface RunRecord {
  readonly config: TrainConfig;
  readonly table: number;
  /** No more steps are asked for. */
  readonly ended: boolean;
}

export const encodeRun = (record: RunRecord): Uint8Array =>
  encodeFrame({ kind: 'run', version: VERSION, ...record }, new Uint8Array(0));

export function decodeRun(bytes: Uint8Array): RunRecord {
  const { header } = decodeFrame(bytes);
  checkKind(header, 'run');
  return header as unknown as RunRecord;
}

function checkKind({ kind, version }: Readonly<Record<string, unknown>>, wanted: string): void {
  if (kind !== wanted) throw new RunError(`a message is of kind "${kind}" where "${wanted}" should be.`);
  if (version !== VERSION) {
    throw new RunError(
      `a message of kind "${kind}" is of version ${version}, this anygoal knows ${VERSION}; use the same one for learner and actors.`,
    );
  }
}
