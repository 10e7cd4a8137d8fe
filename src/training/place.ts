// What the place where a run trains cannot give: a page has one thread. What changes no number is chosen, and it is said.
import type { TrainConfig } from '../config/config.js';

/** Where training happens (src/platform). */
export interface Place {
  /** Whether learner and environments can have threads of their own. */
  readonly ownThreads: boolean;
  /** Threads that an operation can have. */
  readonly threads: number;
}

/** The settings that are taken here. */
export const fitToPlace = (config: TrainConfig, { ownThreads }: Place): TrainConfig =>
  ownThreads || config.workers === 0 ? config : { ...config, workers: 0 };

/** What the settings ask for and this place does not have, for people. */
export function placeWarnings({ workers, runtime }: TrainConfig, { ownThreads, threads }: Place): readonly string[] {
  const warnings: string[] = [];
  if (!ownThreads && workers > 0) {
    warnings.push(
      `workers is ${workers}, but in a page environments step in the thread that trains: 0 is taken, which changes no number of the run.`,
    );
  }
  if (!ownThreads && runtime.overlap) {
    warnings.push(
      'runtime.overlap is true, but in a page acting and learning take turns in one thread: it works and gains no time, and acts with the policy before; leave it out, or set it to false.',
    );
  }
  if (runtime.threads > threads) {
    const why = threads === 1 ? 'a page whose headers do not isolate it has one' : `this page has ${threads}`;
    warnings.push(
      `runtime.threads is ${runtime.threads}, but ${why}: ${threads} ${threads === 1 ? 'is' : 'are'} taken, which takes longer (docs/pages.md says which headers give more).`,
    );
  }
  return warnings;
}
