// Recorded episodes: what a data set holds, and how its episodes are read, whatever its format.
import type { ColumnArrays } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';

/** Whole episodes, one behind the other, column by column. */
export interface EpisodeColumns {
  /** [E]: transitions of each episode, at least 1. */
  readonly steps: Int32Array;
  /** [E]: 1 where the last step was an end that no goal explains (the world ended), 0 where time was up or a goal reached. */
  readonly failed: Uint8Array;
  /**
   * By name, row-major: states [sum of (T + 1), size], transitions [sum of T, size], episodes [E, size]. `reward` may be
   * absent where goals decide about it.
   */
  readonly columns: ColumnArrays;
}

/** Where data come from, as far as it is known. */
export interface DataOrigin {
  /** Who acted: `scripted`, `random`, `by hand`, or a run. */
  readonly policy?: string;
  readonly seed?: number;
  /** Share of the episodes that ended in success. */
  readonly successRate?: number;
  /** Words that no episode asks with. */
  readonly without?: readonly string[];
}

/** Something to know before learning from it, and what to do. */
export interface DataFinding {
  readonly level: 'error' | 'warning' | 'note';
  readonly message: string;
}

export interface DataSet {
  /** For people: the path, or what it was called. */
  readonly name: string;
  /** What kind of file it is, such as `Minari`. */
  readonly format: string;
  /** The environment that it was recorded in, and its options; empty where the file does not say. */
  readonly env: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Of that environment; with `derived` what the file's columns are, with as much of their bounds as it tells. */
  readonly spec: EnvSpec;
  /** Recorded by another program, in an environment that need not be one of ours. */
  readonly derived: boolean;
  readonly origin: DataOrigin;
  /** What was noticed while opening it: what is left out, and what was taken for what. */
  readonly findings: readonly DataFinding[];
  /** Names of the spec's columns that it has; `reward` may be lacking. */
  readonly columns: readonly string[];
  /** [episodes]: transitions of each. */
  readonly steps: Int32Array;
  readonly transitions: number;
  /** Episodes [from, to), in memory of their own; `only`: the columns that are needed, others may be there too. */
  read(from: number, to: number, only?: readonly string[]): Promise<EpisodeColumns>;
  /** CRC-32C of its bytes, as eight hexadecimal digits. */
  checksum(): Promise<string>;
  close(): Promise<void>;
}

/** Parts [from, to) of the episodes with about so many transitions each. */
export function partsOf(steps: Int32Array, transitions: number): (readonly [from: number, to: number])[] {
  const parts: [number, number][] = [];
  let from = 0;
  let sum = 0;
  for (let i = 0; i < steps.length; i++) {
    sum += steps[i];
    if (sum < transitions && i + 1 < steps.length) continue;
    parts.push([from, i + 1]);
    from = i + 1;
    sum = 0;
  }
  return parts;
}
