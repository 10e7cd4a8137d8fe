// Puts an actor's pieces of episodes together and sends those that are whole.
import type { FinishedEpisode } from '../acting/source.js';
import type { EnvSpec } from '../envs/env.js';
import { type EpisodePieces, rowLayout, rowMemory } from '../replay/index.js';
import { createStaging } from '../replay/staging.js';
import type { Channel } from './broker.js';
import type { Outbox } from './outbox.js';
import { encodeEpisode, partId } from './wire.js';

export interface EpisodeSenderOptions {
  readonly channel: Pick<Channel, 'largest'>;
  readonly outbox: Outbox;
  readonly spec: EnvSpec;
  readonly table: number;
  readonly actor: string;
  readonly onSent?: (episode: {
    readonly actor: string;
    readonly episode: number;
    readonly rows: Float32Array;
  }) => void;
}

export interface EpisodeSender {
  /** Steps taken, and whole episodes on their way or sent. */
  readonly steps: number;
  readonly episodes: number;
  /** `finished` are the episodes that end in `pieces`, in their order; `policy` is the step of the policy that acted. */
  take(pieces: EpisodePieces, finished: readonly FinishedEpisode[], policy: number): void;
}

export function createEpisodeSender(options: EpisodeSenderOptions): EpisodeSender {
  const { channel, outbox, spec, table, actor, onSent } = options;
  const layout = rowLayout(spec);
  const staging = createStaging(spec, layout);
  /** The policy that an episode under way began with, by environment. */
  const began = new Map<number, number>();
  let steps = 0;
  let episodes = 0;

  return {
    get steps() {
      return steps;
    },
    get episodes() {
      return episodes;
    },
    take({ rows, pieces }, finished, policy) {
      const memory = rowMemory(rows);
      let ended = 0;
      for (const { env, first, steps: count, end } of pieces) {
        if (!began.has(env)) began.set(env, policy);
        staging.append(env, memory, first * layout.width, count);
        steps += count;
        if (!end) continue;
        const { reward, length, success, task } = finished[ended++];
        const episode = episodes++;
        const own = (staging.get(env)?.rows ?? new Float32Array(0)).slice(0, (length + 1) * layout.width);
        staging.clear(env);
        const facts = { actor, episode, policy: began.get(env) ?? policy, end, reward, length, success, task };
        began.delete(env);
        const messages = encodeEpisode(facts, table, own, channel.largest);
        outbox.add(
          messages.map((bytes, part) => ({ id: partId(facts, part), bytes })),
          onSent && (() => onSent({ actor, episode, rows: own })),
        );
      }
    },
  };
}
