// Recording: whole episodes of whoever acts, column by column.
import { type EpisodeColumns, episodesOfRows } from '../datasets/index.js';
import { type ColumnArrays, createValues } from '../envs/columns.js';
import type { GoalEnv } from '../envs/env.js';
import { createVectorEnv } from '../envs/vector-env.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { nextTurn } from '../platform/yield.js';
import { mixSeed } from '../random.js';
import type { EpisodePieces } from '../replay/index.js';
import { createPieceWriter } from './transitions.js';

/** The action for what an environment shows, its columns by name. The array may be reused by the next call. */
export type Controller = (shown: ColumnArrays) => ArrayLike<number> | Promise<ArrayLike<number>>;

export interface RecordOptions {
  readonly episodes: number;
  readonly seed: number;
  /** The task of each episode, by its number; absent: as the environment draws them. */
  readonly tasks?: readonly number[];
  /** An episode ends once so many steps in a row were a success; absent: as the environment has it. */
  readonly holdSteps?: number;
  /** Of the rows; default: 0. */
  readonly envNumber?: number;
  /** Before each episode's first action. */
  readonly onBegin?: () => void;
  readonly onEpisode?: (episode: number, success: boolean) => void;
  /** Aborting ends at once; the episode that has begun is dropped. */
  readonly signal?: AbortSignal;
}

export interface RecordedRows {
  readonly pieces: EpisodePieces;
  /** Episodes that ended in success. */
  readonly successes: number;
}

/** Longest stretch without a turn for the event loop, in milliseconds: episodes with pictures take seconds. */
const TURN = 8;

/** Whole episodes as rows of the replay, all of them in memory; none where it was aborted before the first one ended. */
export async function recordRows(env: GoalEnv, act: Controller, options: RecordOptions): Promise<RecordedRows> {
  const { episodes, seed, tasks, holdSteps, envNumber = 0, onBegin, onEpisode, signal } = options;
  const ofTasks = tasks ? withTasks(env, tasks) : env;
  const vector = createVectorEnv([holdSteps === undefined ? ofTasks : endingWhenHeld(ofTasks, holdSteps)]);
  const writer = createPieceWriter(vector, envNumber);
  let successes = 0;
  vector.reset(seed);
  writer.begin(episodes * vector.spec.maxEpisodeSteps);
  let turn = performance.now();
  for (let episode = 0; episode < episodes && !signal?.aborted; episode++) {
    let ended = false;
    onBegin?.();
    while (!ended && !signal?.aborted) {
      const actions = Float32Array.from(await act(vector.columns));
      writer.before();
      vector.step(actions);
      writer.after(actions);
      ended = vector.terminated[0] === 1 || vector.truncated[0] === 1;
      if (performance.now() - turn > TURN) {
        await nextTurn();
        turn = performance.now();
      }
    }
    if (!ended) break;
    successes += vector.success[0];
    onEpisode?.(episode, vector.success[0] === 1);
    await nextTurn();
  }
  const { rows, pieces } = writer.end();
  return { pieces: { rows, pieces: pieces.filter(({ end }) => end) }, successes };
}

/** An environment whose episodes have these tasks, one after the other, and then from the beginning again. */
function withTasks(env: GoalEnv, tasks: readonly number[]): GoalEnv {
  let episode = 0;
  return wrapEnv(env, { reset: (options) => env.reset({ ...options, task: tasks[episode++ % tasks.length] }) });
}

/**
 * An environment whose episodes end once the goal is held. Where success does not end episodes by itself, what is shown is
 * else mostly rest, and from that an imitator learns that who rests goes on resting, wherever he stands.
 */
function endingWhenHeld(env: GoalEnv, steps: number): GoalEnv {
  let held = 0;
  return wrapEnv(env, {
    reset(options) {
      held = 0;
      return env.reset(options);
    },
    step(action) {
      const now = env.step(action);
      held = now.isSuccess ? held + 1 : 0;
      return held >= steps && !now.terminated ? { ...now, truncated: true } : now;
    },
  });
}

/** Episodes whose rows lie in memory at a time. */
const PART = 100;

/** Whole episodes column by column, for a data set; none as in `recordRows`. Every hundredth one begins with a seed of its own. */
export async function recordEpisodes(
  env: GoalEnv,
  act: Controller,
  options: RecordOptions,
): Promise<{ episodes: EpisodeColumns; successes: number }> {
  const { episodes, onEpisode, signal } = options;
  const parts: EpisodeColumns[] = [];
  let successes = 0;
  for (let from = 0; from < episodes && !signal?.aborted; from += PART) {
    const recorded = await recordRows(env, act, {
      ...options,
      seed: mixSeed(options.seed, 'recording', from),
      tasks: options.tasks?.slice(from, from + PART),
      episodes: Math.min(PART, episodes - from),
      onEpisode: (episode, success) => onEpisode?.(from + episode, success),
    });
    successes += recorded.successes;
    parts.push(episodesOfRows(env.spec, recorded.pieces));
  }
  return { episodes: joinEpisodes(parts), successes };
}

/** Episodes one after another. */
export function joinEpisodes(parts: readonly EpisodeColumns[]): EpisodeColumns {
  const names = Object.keys(parts[0]?.columns ?? {});
  const columns = names.map((name) => {
    const values = parts.map((part) => part.columns[name]);
    const joined = createValues(
      values[0] instanceof Uint8Array ? 'uint8' : 'float32',
      values.reduce((sum, { length }) => sum + length, 0),
    );
    let at = 0;
    for (const one of values) {
      joined.set(one, at);
      at += one.length;
    }
    return [name, joined] as const;
  });
  return {
    steps: Int32Array.from(parts.flatMap(({ steps }) => [...steps])),
    failed: Uint8Array.from(parts.flatMap(({ failed }) => [...failed])),
    columns: Object.fromEntries(columns),
  };
}
