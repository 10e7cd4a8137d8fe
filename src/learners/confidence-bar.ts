// From which logit on a judge is believed: where most of what it took for success, in episodes that it had not seen, was one.
import { bytesOf, float64Of } from '../bytes.js';

/** Share of claims above the bar that shall be true. */
const TRUE = 0.9;
/** Bins of logits from -LIMIT to LIMIT. */
const BINS = 200;
const LIMIT = 20;
/** What older counts stay worth when new ones come. */
const FADES = 0.98;

export interface ConfidenceBar {
  /** The logit of something, and whether it was a success. */
  add(logit: number, success: boolean): void;
  /** Older counts become worth less. */
  fade(): void;
  /** The lowest logit of a success above which enough is true; infinite while there is none. */
  value(): number;
  save(): Uint8Array;
  restore(bytes: Uint8Array): void;
}

export function createConfidenceBar(): ConfidenceBar {
  /** [2, BINS]: no successes, successes. */
  const counts = new Float64Array(2 * BINS);
  const binOf = (logit: number) => Math.min(BINS - 1, Math.max(0, Math.floor(((logit + LIMIT) / (2 * LIMIT)) * BINS)));
  return {
    add(logit, success) {
      counts[(success ? BINS : 0) + binOf(logit)]++;
    },
    fade() {
      for (let i = 0; i < counts.length; i++) counts[i] *= FADES;
    },
    value() {
      let [wrong, right] = [0, 0];
      let bar = Number.POSITIVE_INFINITY;
      for (let bin = BINS - 1; bin >= 0; bin--) {
        wrong += counts[bin];
        right += counts[BINS + bin];
        if (counts[BINS + bin] > 0 && right >= TRUE * (wrong + right)) bar = (bin / BINS) * 2 * LIMIT - LIMIT;
      }
      return bar;
    },
    save: () => bytesOf(counts),
    restore(bytes) {
      counts.set(float64Of(bytes));
    },
  };
}
