// Episode storage: unfinished episodes are staged per environment, whole ones lie in a ring and can be sampled.
import { columnsText } from '../envs/columns.js';
import type { EnvSpec } from '../envs/env.js';
import { RunError, UsageError } from '../errors.js';
import { pack, unpack } from './container.js';
import { checkTable, readExported } from './exported.js';
import { rowLayout, rowMemory } from './layout.js';
import type { EpisodePieces } from './pieces.js';
import { createRing, type Ring } from './ring.js';
import { type Episode, type ReplayTransition, rowsOf, writeTransition } from './rows.js';
import { createStaging, type Staged } from './staging.js';

export interface Replay {
  readonly spec: EnvSpec;
  /** The stored episodes, as samplers read them. */
  readonly ring: Ring;
  /** Puts in pieces of episodes in their order, as block copies; true where an episode ended. */
  insert(pieces: EpisodePieces): boolean;
  /** Adds a step to the episode of environment `env` (any whole number), beginning one where there is none. */
  add(env: number, transition: ReplayTransition): void;
  /** The episode of environment `env` is over, for whatever reason: it enters the ring. Without a step it does nothing. */
  endEpisode(env: number): void;
  /** Ends all staged episodes, as after loading them without their environments. */
  endEpisodes(): void;
  /** Puts in a whole episode at once: a demonstration, or recorded data. */
  addEpisode(episode: Episode): void;
  /** Steps in episodes that are not over; they cannot be sampled. */
  readonly stagedTransitions: number;
  /** Those episodes, for whoever learns from single steps; their rows change with the next piece. */
  staged(): readonly Staged[];
  /** Stored episodes from number `fromSerial` on, to be appended to those exported before; empty when there are none. */
  exportEpisodes(fromSerial: number): Uint8Array;
  /** Takes in what `exportEpisodes` gave, piece after piece in the order of exporting. */
  importEpisodes(bytes: Uint8Array): void;
  /** The unfinished episodes, and what the ring must look like for them. */
  saveStaging(): Uint8Array;
  /** After all imports: then the replay samples exactly as the saved one did. */
  restoreStaging(bytes: Uint8Array): void;
}

/**
 * Creates an empty replay with room for `capacity` transitions in episodes of full length.
 * @throws UsageError where not even one episode of full length fits
 */
export function createReplay(spec: EnvSpec, capacity: number): Replay {
  if (!Number.isInteger(capacity) || capacity < spec.maxEpisodeSteps) {
    throw new UsageError(
      `replay.capacity is ${capacity}; it must hold at least one episode of ${spec.name}: ${spec.maxEpisodeSteps} transitions.`,
    );
  }
  return replayOfRows(spec, capacity + Math.ceil(capacity / spec.maxEpisodeSteps));
}

/**
 * A replay with room for so many rows, T + 1 for each episode: for episodes whose number is known. `settings`: what makes it
 * smaller, for who has too little memory.
 */
export function replayOfRows(spec: EnvSpec, rows: number, settings?: string): Replay {
  const layout = rowLayout(spec);
  const { width } = layout;
  const ring = createRing(layout, rows, settings);
  const staging = createStaging(spec, layout);
  const table = columnsText(layout.columns);
  /** Rows of a single step. */
  const step = rowMemory(new Float32Array(2 * width));

  function endEpisode(env: number): void {
    const stage = staging.get(env);
    if (!stage) return;
    const { rows, steps } = stage;
    staging.clear(env);
    ring.insert(rows, 0, steps + 1);
  }

  return {
    spec,
    ring,
    insert({ rows, pieces }) {
      const memory = rowMemory(rows);
      let ended = false;
      for (const { env, first, steps, end } of pieces) {
        if (steps === 0 && !staging.get(env)) continue; // broken off before its first step
        if (end) ended = true;
        // A whole episode need not be staged.
        if (end && !staging.get(env)) ring.insert(rows, first * width, steps + 1);
        else {
          staging.append(env, memory, first * width, steps);
          if (end) endEpisode(env);
        }
      }
      return ended;
    },
    add(env, transition) {
      writeTransition(spec, layout, transition, step);
      staging.append(env, step, 0, 1);
    },
    endEpisode,
    endEpisodes() {
      for (const env of staging.open()) endEpisode(env);
    },
    addEpisode(episode) {
      const rows = rowsOf(spec, layout, episode);
      ring.insert(rows, 0, rows.length / width);
    },
    get stagedTransitions() {
      return staging.transitions;
    },
    staged: () => staging.open().map((env) => staging.get(env)!),
    exportEpisodes(fromSerial) {
      const from = Math.max(fromSerial, ring.nextSerial - ring.episodes);
      if (from >= ring.nextSerial) return new Uint8Array(0);
      const first = ring.rowOf(from);
      const end = ring.inserted % ring.capacity;
      const pieces =
        first < end
          ? [ring.rows.subarray(first * width, end * width)]
          : [ring.rows.subarray(first * width, ring.capacity * width), ring.rows.subarray(0, end * width)];
      const count = pieces.reduce((sum, piece) => sum + piece.length, 0) / width;
      return pack('episodes', [from, ring.inserted - count, ring.nextSerial - from], table, pieces);
    },
    importEpisodes(bytes) {
      if (bytes.length === 0) return;
      const { serial, inserted, floats, ends } = readExported(spec, layout, bytes);
      if (serial < ring.nextSerial || (serial === ring.nextSerial && inserted !== ring.inserted)) {
        throw new RunError(
          `saved replay (episodes): it begins with episode ${serial}, but ${ring.nextSerial} comes next; import each piece once, in the order of exporting, into an empty replay.`,
        );
      }
      // What lies between had left the ring before it could be exported, and so had everything older.
      if (serial > ring.nextSerial) ring.startAt(serial, inserted);
      let row = 0;
      for (const end of ends) {
        ring.insert(floats, row * width, end - row);
        row = end;
      }
    },
    saveStaging() {
      const open = staging.open().map((env) => ({ env, ...staging.get(env)! }));
      const state = [ring.capacity, ring.nextSerial, ring.inserted, ring.used];
      const index = open.flatMap(({ env, steps }) => [env, steps]);
      const pieces = open.map(({ rows, steps }) => rows.subarray(0, (steps + 1) * width));
      return pack('staging', [...state, ...index], table, pieces);
    },
    restoreStaging(bytes) {
      const { numbers, floats } = checkTable(spec, table, unpack('staging', bytes));
      const [capacity, nextSerial, inserted, used, ...index] = numbers;
      if (capacity !== ring.capacity) {
        throw new RunError(
          `saved replay: it had ${capacity} rows, this one has ${ring.capacity}; go on with the run's own replay.capacity.`,
        );
      }
      if (ring.nextSerial !== nextSerial || ring.inserted !== inserted || ring.used !== used) {
        throw new RunError(
          `saved replay: ${nextSerial} episodes had been stored, the imported ones end at ${ring.nextSerial}; some of its episode files are missing or do not belong to it.`,
        );
      }
      staging.clearAll();
      const memory = rowMemory(floats);
      let at = 0;
      for (let i = 0; i < index.length; i += 2) {
        const [env, steps] = [index[i], index[i + 1]];
        staging.append(env, memory, at, steps);
        at += (steps + 1) * width;
      }
    },
  };
}
