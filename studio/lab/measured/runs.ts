// Measured runs that the lab's tables show: what was done, the numbers of its seeds, and where its record lies.

export interface MeasuredRuns {
  readonly label: string;
  /** The record, a file of bench/results without its ending; absent where only the page `doc` has the numbers. */
  readonly file?: string;
  /** Which number of a seed's run it is (measured.test.ts reads them from the records). */
  readonly number: RunNumber;
  /** One for each seed. */
  readonly values: readonly number[];
}

export type RunNumber =
  /** Success of the last policy on 300 fresh episodes. */
  | { readonly of: 'last' }
  /** Success of the evaluation after so many steps. */
  | { readonly of: 'evaluation'; readonly steps: number }
  /** Steps to the first of two evaluations in a row with at least this success, or this return. */
  | { readonly of: 'stepsTo'; readonly success?: number; readonly reward?: number }
  /** Success on tasks that training left out, of the identifier by this name in new-task.json. */
  | { readonly of: 'newTasks'; readonly identifier: string }
  /** As the page says it, in these words. */
  | { readonly of: 'page'; readonly words: string };

export interface Measurement {
  /** The environment, and what was given. */
  readonly task: string;
  readonly unit: 'success' | 'steps';
  readonly better: 'more' | 'less';
  /** Page of the documents that tells more. */
  readonly doc: string;
}

const records = import.meta.glob<string>(
  [
    '../../../bench/results/new-task.json',
    '../../../bench/results/learning/{arm-push-none,arm-push-tuned,camera-convolution,camera-sac}.json',
    '../../../bench/results/learning/arm-reach-sac{,-final,-episode,-none}.json',
    '../../../bench/results/learning/{fetch-pick-undemonstrated,fetch-pick-tuned}.json',
    '../../../bench/results/learning/forgetting-{nothing,heads,ewc,ewc-weak,ewc-heads,rehearsal,one-normaliser}.json',
    '../../../bench/results/learning/imitation-mt10-{50,200}.json',
    '../../../bench/results/learning/maze-wall-{dense-none,dense-future,sparse-none,sparse-future}.json',
    '../../../bench/results/learning/model-inverted-pendulum-{sac,often,model}.json',
    '../../../bench/results/learning/opposed-{plain,pcgrad,gradnorm,inverse-norm,cagrad,heads,modules}.json',
    '../../../bench/results/learning/passing-four-{alone,passed}.json',
  ],
  { query: '?url', import: 'default', eager: true },
);

/** The address of a record, to open it. */
export const recordOf = (file: string): string | undefined => records[`../../../bench/results/${file}.json`];
