// Episodes of which it is told what they fulfilled and whether they succeeded, and the examples that are drawn from them.
import { bytesOf, float64Of } from '../bytes.js';
import type { Random } from '../random.js';
import type { Ring } from '../replay/index.js';

/** A moment and a sentence; -1: what the episode was asked for. */
export interface Example {
  readonly row: number;
  readonly sentence: number;
  readonly label: 0 | 1;
}

export interface LabelledEpisodes {
  /** Takes an episode of the ring. */
  add(serial: number, row: number, steps: number, succeeded: boolean): void;
  /** Forgets those that have left the ring. */
  forget(): void;
  /** Whether there are successes and failures to draw. */
  ready(): boolean;
  /** One of the successes, or something that is none, with equal chances. */
  draw(random: Random): Example;
  save(): Uint8Array;
  restore(bytes: Uint8Array): void;
}

interface Labelled {
  readonly serial: number;
  readonly row: number;
  readonly steps: number;
  readonly succeeded: boolean;
}

/**
 * `fulfilled`: the sentences that a ring row's action fulfilled; absent: nothing is told but whether episodes
 * succeeded at what they were asked for. What is no success is half moments of failure, half a success with another sentence
 * (without `fulfilled` all moments of failure).
 */
export function createLabelledEpisodes(
  ring: Ring,
  told?: { fulfilled(row: number): readonly number[] },
): LabelledEpisodes {
  const { capacity } = ring;
  let episodes: Labelled[] = [];
  let positives: (Example & { readonly serial: number })[] = [];
  let moments = 0;

  function learnOf({ serial, row, steps, succeeded }: Labelled): void {
    moments += steps;
    const last = (row + steps - 1) % capacity;
    if (succeeded) positives.push({ serial, row: last, sentence: -1, label: 1 });
    if (!told) return;
    for (let t = 0; t < steps; t++) {
      const at = (row + t) % capacity;
      for (const sentence of told.fulfilled(at)) positives.push({ serial, row: at, sentence, label: 1 });
    }
  }

  const pick = <T>(random: Random, from: readonly T[]): T => from[random.below(from.length)];

  /** A sentence that is said of some episode, which this moment did not fulfil; undefined where none was found. */
  function otherSentence(random: Random, row: number): number | undefined {
    const fulfilled = told?.fulfilled(row) ?? [];
    for (let tries = 0; tries < 10; tries++) {
      const { sentence } = pick(random, positives);
      if (sentence >= 0 && !fulfilled.includes(sentence)) return sentence;
    }
    return undefined;
  }

  function failure(random: Random): Example {
    for (;;) {
      const { row, steps, succeeded } = pick(random, episodes);
      const t = random.below(steps);
      if (succeeded && t === steps - 1) continue;
      const at = (row + t) % capacity;
      const sentence = told && random.uniform() < 0.5 ? otherSentence(random, at) : -1;
      return { row: at, sentence: sentence ?? -1, label: 0 };
    }
  }

  return {
    add(serial, row, steps, succeeded) {
      const one = { serial, row, steps, succeeded };
      episodes.push(one);
      learnOf(one);
    },
    forget() {
      const oldest = ring.nextSerial - ring.episodes;
      if (episodes.length === 0 || episodes[0].serial >= oldest) return;
      episodes = episodes.filter(({ serial }) => serial >= oldest);
      positives = positives.filter(({ serial }) => serial >= oldest);
      moments = episodes.reduce((sum, { steps }) => sum + steps, 0);
    },
    ready: () => positives.length > 0 && moments > episodes.length,
    draw(random) {
      if (random.uniform() < 0.5) return pick(random, positives);
      if (told && random.uniform() < 0.5) {
        const { row } = pick(random, positives);
        const sentence = otherSentence(random, row);
        if (sentence !== undefined) return { row, sentence, label: 0 };
      }
      return failure(random);
    },
    save: () =>
      bytesOf(
        Float64Array.from(
          episodes.flatMap(({ serial, row, steps, succeeded }) => [serial, row, steps, succeeded ? 1 : 0]),
        ),
      ),
    restore(bytes) {
      const numbers = float64Of(bytes);
      episodes = [];
      positives = [];
      moments = 0;
      for (let i = 0; i < numbers.length; i += 4) {
        const [serial, row, steps, succeeded] = numbers.subarray(i, i + 4);
        const one = { serial, row, steps, succeeded: succeeded === 1 };
        episodes.push(one);
        learnOf(one);
      }
    },
  };
}
