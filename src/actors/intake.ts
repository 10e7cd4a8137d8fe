// What a learner makes of the messages of a run: whole episodes, each once, none that is too old; and its place among them.
import { RunError } from '../errors.js';
import type { KeptMessage } from './broker.js';
import { decodePart, type EpisodeFacts, type EpisodePart } from './wire.js';

/** Actors of which the last episode is remembered; the one not heard of for longest is forgotten first. */
const REMEMBERED = 10_000;
/** An episode whose next part has not come for so many messages will not be finished. */
const ABANDONED = 100_000;

export interface TakenEpisode {
  readonly facts: EpisodeFacts;
  /** [length + 1, width]. */
  readonly rows: Float32Array;
  /** How many of the learner's steps its policy was old. */
  readonly lag: number;
}

/** Counts since the run began. */
export interface IntakeCounts {
  messages: number;
  bytes: number;
  /** Episodes taken, and their steps. */
  episodes: number;
  steps: number;
  /** Episodes that had been taken before; parts that came twice are not counted. */
  duplicates: number;
  /** Episodes of policies older than `maxPolicyLag`. */
  refused: number;
  /** Episodes that were not sent to their end. */
  unfinished: number;
  /** Messages that are damaged, or of another version. */
  damaged: number;
  /** Episodes of an environment with other columns. */
  foreign: number;
}

export interface Intake {
  readonly counts: Readonly<IntakeCounts>;
  /** Number of the last message taken; 0 before the first. */
  readonly at: number;
  /** Episodes refused, by the actors whose last ones were refused. */
  readonly refusedOf: Readonly<Record<string, number>>;
  /** The episode that this message completes, if it is wanted at the learner's step `now`. */
  take(message: KeptMessage, now: number): TakenEpisode | undefined;
  save(): Record<string, Uint8Array>;
  restore(state: Readonly<Record<string, Uint8Array>>): void;
}

export interface IntakeOptions {
  /** Words of a row. */
  readonly width: number;
  readonly table: number;
  readonly maxPolicyLag: number;
}

/** An episode of which parts are still to come. */
interface Open {
  readonly parts: EpisodePart[];
  at: number;
}

export function createIntake({ width, table, maxPolicyLag }: IntakeOptions): Intake {
  const counts: IntakeCounts = {
    messages: 0,
    bytes: 0,
    episodes: 0,
    steps: 0,
    duplicates: 0,
    refused: 0,
    unfinished: 0,
    damaged: 0,
    foreign: 0,
  };
  /** The last episode of each actor that is done with, taken or not. */
  const done = new Map<string, number>();
  const open = new Map<string, Open>();
  const refused = new Map<string, number>();
  let at = 0;

  function read(bytes: Uint8Array): EpisodePart | undefined {
    try {
      return decodePart(bytes);
    } catch (error) {
      if (!(error instanceof RunError)) throw error;
      counts.damaged++;
      return undefined;
    }
  }

  function finish({ actor, episode }: EpisodeFacts): void {
    open.delete(actor);
    done.delete(actor); // to the end of the map's order
    done.set(actor, episode);
    if (done.size <= REMEMBERED) return;
    const [oldest] = done.keys();
    done.delete(oldest);
    refused.delete(oldest);
  }

  function abandonOld(): void {
    for (const [actor, { at: since }] of open) {
      if (at - since <= ABANDONED) continue;
      open.delete(actor);
      counts.unfinished++;
    }
  }

  /** All parts of an episode, once this was the last one. */
  function assemble(part: EpisodePart): EpisodePart[] | undefined {
    const before = open.get(part.actor);
    const isNext = before?.parts[0].episode === part.episode;
    if (before && !isNext) {
      // Its actor goes on with another one, so that it will not come to an end.
      open.delete(part.actor);
      counts.unfinished++;
    }
    const parts = isNext ? before.parts : [];
    if (part.part < parts.length) return undefined;
    if (part.part > parts.length) {
      finish(part); // a part is missing for good: they are sent in their order
      counts.unfinished++;
      return undefined;
    }
    parts.push(part);
    if (parts.length === part.parts) return parts;
    open.set(part.actor, { parts, at });
    return undefined;
  }

  return {
    counts,
    get at() {
      return at;
    },
    get refusedOf() {
      return Object.fromEntries(refused);
    },
    take({ number, bytes }, now) {
      at = number;
      counts.messages++;
      counts.bytes += bytes.length;
      if (open.size > 0) abandonOld();
      const part = read(bytes);
      if (!part) return undefined;
      if (part.episode <= (done.get(part.actor) ?? -1)) {
        if (part.part === 0) counts.duplicates++;
        return undefined;
      }
      const parts = assemble(part);
      if (!parts) return undefined;
      finish(part);
      const rows = rowsOf(parts);
      if (part.table !== table || rows.length !== (part.length + 1) * width) {
        counts.foreign++;
        return undefined;
      }
      const lag = now - part.policy;
      if (lag > maxPolicyLag) {
        counts.refused++;
        refused.set(part.actor, (refused.get(part.actor) ?? 0) + 1);
        return undefined;
      }
      refused.delete(part.actor);
      counts.episodes++;
      counts.steps += part.length;
      const { actor, episode, policy, end, reward, length, success, task } = part;
      return { facts: { actor, episode, policy, end, reward, length, success, task }, rows, lag };
    },
    save() {
      const parts = [...open.values()];
      const bodies = parts.flatMap(({ parts }) => parts.map(({ body }) => body));
      const json = {
        at,
        counts,
        done: [...done],
        refused: [...refused],
        open: parts.map(({ parts, at }) => ({ at, parts: parts.map(({ body, ...header }) => header) })),
      };
      return {
        intake: new TextEncoder().encode(JSON.stringify(json)),
        ...Object.fromEntries(bodies.map((body, i) => [`part.${i}`, body.slice()])),
      };
    },
    restore(state) {
      const saved = JSON.parse(new TextDecoder().decode(state.intake)) as Saved;
      at = saved.at;
      Object.assign(counts, saved.counts);
      for (const [map, entries] of [
        [done, saved.done],
        [refused, saved.refused],
      ] as const) {
        map.clear();
        for (const [name, value] of entries) map.set(name, value);
      }
      open.clear();
      let body = 0;
      for (const { at: since, parts } of saved.open) {
        const whole = parts.map((header) => ({ ...header, body: state[`part.${body++}`] }));
        open.set(whole[0].actor, { at: since, parts: whole });
      }
    },
  };
}

interface Saved {
  readonly at: number;
  readonly counts: IntakeCounts;
  readonly done: readonly (readonly [string, number])[];
  readonly refused: readonly (readonly [string, number])[];
  readonly open: readonly { readonly at: number; readonly parts: readonly Omit<EpisodePart, 'body'>[] }[];
}

/** In memory of their own, which may lie anywhere in a message. */
function rowsOf(parts: readonly EpisodePart[]): Float32Array {
  const bytes = new Uint8Array(parts.reduce((sum, { body }) => sum + body.length, 0));
  let at = 0;
  for (const { body } of parts) {
    bytes.set(body, at);
    at += body.length;
  }
  return new Float32Array(bytes.buffer, 0, bytes.length >> 2);
}
