// Where runs live: the small file interface of disk, browser file systems and memory, and what writes a run on it.

/** Files by '/'-separated relative paths under one root. All writes of whole files are atomic: beside, then renamed. */
export interface Store {
  /** For people: where the root is. */
  readonly location: string;
  read(path: string): Promise<Uint8Array>;
  /** Replaces the file at once or not at all; makes folders as needed. */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Adds to the end of a file, creating it if need be; returns when the operating system has the bytes. */
  append(path: string, bytes: Uint8Array): Promise<void>;
  /** Cuts a file to a length (an absent file counts as empty); error when it is shorter. */
  truncate(path: string, length: number): Promise<void>;
  /** Returns when what was appended to a file survives a power cut. */
  sync(path: string): Promise<void>;
  size(path: string): Promise<number | undefined>;
  /** Names directly inside a folder; empty when it does not exist. */
  list(path: string): Promise<string[]>;
  /** Moves a file or folder over nothing (the target must not exist). */
  rename(from: string, to: string): Promise<void>;
  /** Removes a file or a whole folder; nothing happens when it is absent. */
  remove(path: string): Promise<void>;
  /** Points the link `path` to the sibling `target`, atomically; a store without links writes a small text file. */
  link(path: string, target: string): Promise<void>;
  /** Where a link points, or undefined. */
  readLink(path: string): Promise<string | undefined>;
  /**
   * Takes an existing folder for this program until what it resolves to is called; error that names the program that has
   * it. What a program that ended held is free. Absent: the store cannot tell programs apart.
   */
  lock?(path: string): Promise<() => Promise<void>>;
}

/** Byte lengths of the append-only files at a checkpoint; resuming cuts them back to these. */
export type LogOffsets = Record<string, number>;

export interface Checkpoint {
  readonly steps: number;
  /** Policy tensors by name (network layers, normaliser), as in policy.safetensors. */
  readonly policy: Record<string, { shape: readonly number[]; data: Float32Array }>;
  /** Strings kept with the policy: environment, agent, spaces, network form, as JSON. */
  readonly metadata: Record<string, string>;
  /** The full training state by part name; only the last checkpoint keeps it. */
  readonly state: Record<string, Uint8Array>;
  readonly offsets: LogOffsets;
}

/** A run being written. Log values are buffered in memory and appended on `flush` and `checkpoint`. */
export interface RunWriter {
  readonly store: Store;
  /** Folder of the run inside the store. */
  readonly dir: string;
  /** For people and `runDir`: the store's location joined with the folder. */
  readonly path: string;
  /** One row of scalars at an environment step: a line of metrics.jsonl and TensorBoard events. */
  log(step: number, values: Readonly<Record<string, number>>): void;
  /** One finished training episode: return, length, wall seconds since the start (monitor.csv). */
  episode(reward: number, length: number, seconds: number): void;
  /** Adds a segment of whole episodes to the append-only replay files; written on `flush` and `checkpoint`. */
  appendReplay(segment: Uint8Array): void;
  flush(): Promise<void>;
  /** Flushes, writes the checkpoint beside, renames it into place, moves `last` (and `best`), then drops older full states. */
  checkpoint(checkpoint: Omit<Checkpoint, 'offsets'>, options: { best: boolean }): Promise<void>;
  close(): Promise<void>;
}
