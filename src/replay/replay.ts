// Episode storage: unfinished episodes are staged per environment, whole ones lie in a ring and can be sampled.
import type { EnvSpec } from '../envs/env.js';
import { RunError, UsageError } from '../errors.js';
import { pack, unpack } from './container.js';
import { copyNumbers, type RowLayout, rowLayout } from './layout.js';
import { createRing, type Ring } from './ring.js';

/** One step as it is stored. Arrays are copied. */
export interface ReplayTransition {
  /** Before the action. */
  readonly observation: ArrayLike<number>;
  readonly achieved: ArrayLike<number>;
  readonly goal: ArrayLike<number>;
  readonly action: ArrayLike<number>;
  /** After the action, as is `failed`. */
  readonly info: ArrayLike<number>;
  readonly nextObservation: ArrayLike<number>;
  readonly nextAchieved: ArrayLike<number>;
  readonly failed: boolean;
}

/** A whole episode of T transitions, row-major. */
export interface Episode {
  /** [T + 1, observation] */
  readonly observation: Float32Array;
  /** [T + 1, achieved] */
  readonly achieved: Float32Array;
  /** [goal]: the one desired goal. */
  readonly goal: ArrayLike<number>;
  /** [T, action] */
  readonly action: Float32Array;
  /** [T, info]; may be absent where the environment has no columns. */
  readonly info?: Float32Array;
  /** Whether the last step was a goal-independent failure. */
  readonly failed: boolean;
}

export interface Replay {
  readonly spec: EnvSpec;
  /** The stored episodes, as samplers read them. */
  readonly ring: Ring;
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
  /** Stored episodes from number `fromSerial` on, to be appended to those exported before; empty when there are none. */
  exportEpisodes(fromSerial: number): Uint8Array;
  /** Takes in what `exportEpisodes` gave, piece after piece in the order of exporting. */
  importEpisodes(bytes: Uint8Array): void;
  /** The unfinished episodes, and what the ring must look like for them. */
  saveStaging(): Uint8Array;
  /** After all imports: then the replay samples exactly as the saved one did. */
  restoreStaging(bytes: Uint8Array): void;
}

interface Staged {
  /** [count + 1, width]: the row after the last step already holds what it led to. */
  rows: Float32Array;
  /** Steps so far. */
  steps: number;
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
  const layout = rowLayout(spec);
  const { width, sizes } = layout;
  const ring = createRing(layout, capacity + Math.ceil(capacity / spec.maxEpisodeSteps));
  const staging = new Map<number, Staged>();
  const signature = [sizes.observation, sizes.achieved, sizes.goal, sizes.action, sizes.info];

  function staged(env: number): Staged {
    let stage = staging.get(env);
    if (!stage) {
      stage = { rows: new Float32Array((spec.maxEpisodeSteps + 1) * width), steps: 0 };
      staging.set(env, stage);
    }
    return stage;
  }

  function endEpisode(env: number): void {
    const stage = staging.get(env);
    if (!stage || stage.steps === 0) return;
    const { steps } = stage;
    stage.steps = 0;
    ring.insert(stage.rows, 0, steps + 1);
  }

  /** Numbers of another container must be of rows like these. */
  function checkSignature(numbers: Float64Array): void {
    if (signature.every((size, i) => numbers[i] === size)) return;
    throw new RunError(
      `saved replay: its sizes of observation, achieved, goal, action, info are ${[...numbers.subarray(0, 5)].join(', ')}, those of ${spec.name} are ${signature.join(', ')}; it is of another environment.`,
    );
  }

  return {
    spec,
    ring,
    add(env, transition) {
      checkTransition(spec, layout, transition);
      const stage = staged(env);
      if ((stage.steps + 2) * width > stage.rows.length) {
        const grown = new Float32Array(stage.rows.length * 2);
        grown.set(stage.rows);
        stage.rows = grown;
      }
      const { rows } = stage;
      const row = stage.steps * width;
      if (stage.steps > 0) checkContinues(rows, row + layout.observation, transition.observation, env);
      rows[row + layout.failed] = transition.failed ? 1 : 0;
      copyNumbers(rows, row + layout.observation, transition.observation, 0, sizes.observation);
      copyNumbers(rows, row + layout.achieved, transition.achieved, 0, sizes.achieved);
      copyNumbers(rows, row + layout.goal, transition.goal, 0, sizes.goal);
      copyNumbers(rows, row + layout.action, transition.action, 0, sizes.action);
      copyNumbers(rows, row + layout.info, transition.info, 0, sizes.info);
      const next = row + width;
      rows.fill(0, next, next + width);
      copyNumbers(rows, next + layout.observation, transition.nextObservation, 0, sizes.observation);
      copyNumbers(rows, next + layout.achieved, transition.nextAchieved, 0, sizes.achieved);
      copyNumbers(rows, next + layout.goal, transition.goal, 0, sizes.goal);
      stage.steps++;
    },
    endEpisode,
    endEpisodes() {
      for (const env of [...staging.keys()].sort((a, b) => a - b)) endEpisode(env);
    },
    addEpisode(episode) {
      const steps = checkEpisode(spec, layout, episode);
      const rows = new Float32Array((steps + 1) * width);
      for (let t = 0; t <= steps; t++) {
        const row = t * width;
        copyNumbers(rows, row + layout.observation, episode.observation, t * sizes.observation, sizes.observation);
        copyNumbers(rows, row + layout.achieved, episode.achieved, t * sizes.achieved, sizes.achieved);
        copyNumbers(rows, row + layout.goal, episode.goal, 0, sizes.goal);
        if (t === steps) break;
        copyNumbers(rows, row + layout.action, episode.action, t * sizes.action, sizes.action);
        if (episode.info) copyNumbers(rows, row + layout.info, episode.info, t * sizes.info, sizes.info);
      }
      rows[(steps - 1) * width + layout.failed] = episode.failed ? 1 : 0;
      ring.insert(rows, 0, steps + 1);
    },
    get stagedTransitions() {
      let sum = 0;
      for (const { steps } of staging.values()) sum += steps;
      return sum;
    },
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
      return pack('episodes', [...signature, from, ring.inserted - count, ring.nextSerial - from], pieces);
    },
    importEpisodes(bytes) {
      if (bytes.length === 0) return;
      const { numbers, floats } = unpack('episodes', bytes);
      checkSignature(numbers);
      const [serial, inserted, episodes] = numbers.subarray(5);
      if (serial < ring.nextSerial || (serial === ring.nextSerial && inserted !== ring.inserted)) {
        throw new RunError(
          `saved replay (episodes): it begins with episode ${serial}, but ${ring.nextSerial} comes next; import each piece once, in the order of exporting, into an empty replay.`,
        );
      }
      // What lies between had left the ring before it could be exported, and so had everything older.
      if (serial > ring.nextSerial) ring.startAt(serial, inserted);
      let at = 0;
      for (let i = 0; i < episodes; i++) {
        const count = floats[at + layout.remaining] + 1;
        ring.insert(floats, at, count);
        at += count * width;
      }
    },
    saveStaging() {
      const open = [...staging].filter(([, { steps }]) => steps > 0).sort(([a], [b]) => a - b);
      const state = [ring.capacity, ring.nextSerial, ring.inserted, ring.used];
      const index = open.flatMap(([env, { steps }]) => [env, steps]);
      const pieces = open.map(([, { rows, steps }]) => rows.subarray(0, (steps + 1) * width));
      return pack('staging', [...signature, ...state, ...index], pieces);
    },
    restoreStaging(bytes) {
      const { numbers, floats } = unpack('staging', bytes);
      checkSignature(numbers);
      const [capacity, nextSerial, inserted, used, ...index] = numbers.subarray(5);
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
      staging.clear();
      let at = 0;
      for (let i = 0; i < index.length; i += 2) {
        const [env, steps] = [index[i], index[i + 1]];
        const numbersInStage = (steps + 1) * width;
        const rows = new Float32Array(Math.max(numbersInStage, (spec.maxEpisodeSteps + 1) * width));
        rows.set(floats.subarray(at, at + numbersInStage));
        staging.set(env, { rows, steps });
        at += numbersInStage;
      }
    },
  };
}

function checkTransition(spec: EnvSpec, { sizes }: RowLayout, transition: ReplayTransition): void {
  const check = (name: keyof ReplayTransition & string, size: number) => {
    const { length } = transition[name] as ArrayLike<number>;
    if (length !== size) throw new UsageError(`replay.add: ${name} has ${length} numbers; ${spec.name} has ${size}.`);
  };
  check('observation', sizes.observation);
  check('nextObservation', sizes.observation);
  check('achieved', sizes.achieved);
  check('nextAchieved', sizes.achieved);
  check('goal', sizes.goal);
  check('action', sizes.action);
  check('info', sizes.info);
}

/** Steps of two episodes must never be mixed: each begins where the one before it ended. */
function checkContinues(rows: Float32Array, at: number, observation: ArrayLike<number>, env: number): void {
  for (let j = 0; j < observation.length; j++) {
    if (rows[at + j] === Math.fround(observation[j])) continue;
    throw new UsageError(
      `replay.add: the step of environment ${env} does not begin where its last one ended (observation[${j}] was ${rows[at + j]}, is ${observation[j]}); call endEpisode(${env}) before a new episode.`,
    );
  }
}

function checkEpisode(spec: EnvSpec, { sizes }: RowLayout, episode: Episode): number {
  const steps = episode.action.length / sizes.action;
  if (!Number.isInteger(steps) || steps < 1) {
    throw new UsageError(
      `replay.addEpisode: action has ${episode.action.length} numbers; it must be T x ${sizes.action} with T at least 1.`,
    );
  }
  const check = (name: string, length: number, rows: number, size: number) => {
    if (length === rows * size) return;
    throw new UsageError(
      `replay.addEpisode: ${name} has ${length} numbers; an episode of ${steps} transitions of ${spec.name} has ${rows} x ${size}.`,
    );
  };
  check('observation', episode.observation.length, steps + 1, sizes.observation);
  check('achieved', episode.achieved.length, steps + 1, sizes.achieved);
  check('goal', episode.goal.length, 1, sizes.goal);
  check('info', episode.info?.length ?? 0, steps, sizes.info);
  return steps;
}
