// Where things lie inside a run's folder, and how replay segments are framed.

import type { TrainConfig } from '../config/config.js';
import { RunError } from '../errors.js';
import { crc32c } from './crc32c.js';

/** The version of config.json and checkpoint.json that this package writes, and the newest that it reads. */
export const FORMAT_VERSION = 1;

export const CONFIG = 'config.json';
export const METRICS = 'metrics.jsonl';
export const MONITOR = 'monitor.csv';
export const REPLAY = 'replay/segments.bin';
export const CHECKPOINTS = 'checkpoints';
export const POLICY = 'policy.safetensors';
export const CHECKPOINT = 'checkpoint.json';
/** Names that begin with this are being written; resuming removes what a killed program left. */
export const TEMPORARY = '.tmp-';
/** A checkpoint moved aside while another of the same step takes its name. */
export const ASIDE = '.old-';

export const eventsFile = (unixSeconds: number): string => `events.out.tfevents.${unixSeconds}.anygoal`;

/** Joins path parts with '/', leaving out empty ones. */
export const joinPath = (...parts: (string | number)[]): string => parts.filter((part) => part !== '').join('/');

/** Letters of a run's name: file systems take 255 bytes, and names beside it are longer (`.tmp-...-x2k9`, `...-2`). */
const LONGEST_NAME = 180;

/** `arm-reach__sac__0__20261121-134501`: a folder name for a run that starts at `time` (local time). */
export function runName(config: Pick<TrainConfig, 'env' | 'agent' | 'seed'>, time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = `${time.getFullYear()}${two(time.getMonth() + 1)}${two(time.getDate())}`;
  const clock = `${two(time.getHours())}${two(time.getMinutes())}${two(time.getSeconds())}`;
  // Environments can be module paths such as ./envs/maze.js
  const env = config.env.name.replace(/[^A-Za-z0-9_.]+/g, '-').replace(/^[-.]+/, '');
  const rest = `__${config.agent.name}__${config.seed}__${date}-${clock}`;
  // Of a long path the end says most.
  const short = env.slice(-(LONGEST_NAME - rest.length)).replace(/^[-.]+/, '');
  return `${short || 'env'}${rest}`;
}

/** What checkpoint.json holds. */
export interface CheckpointHeader {
  readonly format: 'anygoal-checkpoint';
  readonly version: number;
  readonly steps: number;
  /** Whether this was the best policy so far. */
  readonly best: boolean;
  /** Steps of the best checkpoint so far, null where there is none; absent in runs of former versions. */
  readonly bestSteps?: number | null;
  readonly policy: FileFacts;
  /** Parts of the training state; their files are there for the last checkpoint only. */
  readonly state: Readonly<Record<string, FileFacts>>;
  readonly offsets: Readonly<Record<string, number>>;
}

export interface FileFacts {
  readonly bytes: number;
  readonly crc32c: number;
}

export const factsOf = (bytes: Uint8Array): FileFacts => ({ bytes: bytes.length, crc32c: crc32c(bytes) });

/** A replay segment as stored: length and CRC-32C (both uint32, little endian), then its bytes. */
export function frameSegment(segment: Uint8Array): Uint8Array {
  const out = new Uint8Array(8 + segment.length);
  const view = new DataView(out.buffer);
  view.setUint32(0, segment.length, true);
  view.setUint32(4, crc32c(segment), true);
  out.set(segment, 8);
  return out;
}

/** Splits the first `length` bytes of a replay file into segments, each with memory of its own. Throws where damaged. */
export function parseSegments(file: Uint8Array, length: number, name: string): Uint8Array[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const segments: Uint8Array[] = [];
  for (let at = 0; at < length; ) {
    const size = at + 8 <= length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
    const segment = at + 8 + size <= length ? file.slice(at + 8, at + 8 + size) : undefined;
    if (segment === undefined || crc32c(segment) !== view.getUint32(at + 4, true)) {
      throw new RunError(
        `${name} is damaged at byte ${at}, so the run cannot go on from its replay. Restore the file from a copy, ` +
          'or start a new run from the policy with --init.',
      );
    }
    segments.push(segment);
    at += 8 + size;
  }
  return segments;
}
