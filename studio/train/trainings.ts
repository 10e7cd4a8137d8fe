// The trainings of this tab: they go on while other pages are open, and end with their workers.
import { useSyncExternalStore } from 'react';
import { calls } from '../../src/page/worker-calls.js';
import type { SavedAnswer, StartRequest } from '../../src/studio/api-types.js';
import type { Progress, TrainResult } from '../../src/training/types.js';
import { postBytes } from '../api/client.js';
import type { TrainReport, TrainWorker } from '../workers/train.worker.js';
import { type Curves, grown } from './grown-curves.js';
import type { PracticeFrame } from './practice.js';

export type Phase = 'loading' | 'training' | 'paused' | 'stopping' | 'ended' | 'failed';

/** What is known of a training now; a new object whenever something changes. */
export interface TrainingState {
  readonly phase: Phase;
  readonly request: StartRequest;
  readonly progress?: Progress;
  readonly run?: TrainReport['run'];
  readonly curves: Curves;
  readonly result?: TrainResult;
  /** Why it failed. */
  readonly problem?: Error;
  /** The run's name in the runs folder. */
  readonly savedAs?: string;
  readonly downloaded?: boolean;
  /** Wall seconds since it was started, pauses included, until it ended. */
  readonly wallSeconds?: number;
}

export interface Training {
  readonly id: number;
  readonly label: string;
  state(): TrainingState;
  pause(): void;
  unpause(): void;
  /** Ends with a checkpoint. */
  stop(): void;
  goOn(steps: number): void;
  /** `whole`: with all shapes of the scene. */
  practise(steps: number, whole: boolean): Promise<PracticeFrame | undefined>;
  /** Points at the goal of the practice's present attempt. */
  point(place: readonly number[]): void;
  /** Into the runs folder; its name there. */
  save(): Promise<string>;
  download(): Promise<void>;
  /** Ends at once and frees all memory. */
  end(): void;
}

let trainings: readonly Training[] = [];
let nextId = 0;
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};

export const isLive = (phase: Phase): boolean =>
  phase === 'loading' || phase === 'training' || phase === 'paused' || phase === 'stopping';

/** Whether closing the tab would lose it. */
export const isUnsaved = (state: TrainingState): boolean =>
  isLive(state.phase) || (state.phase === 'ended' && state.savedAs === undefined && !state.downloaded);

window.addEventListener('beforeunload', (event) => {
  if (trainings.some((training) => isUnsaved(training.state()))) event.preventDefault();
});

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** The trainings of the tab: always the same array until there are others. */
export const useTrainings = (): readonly Training[] => useSyncExternalStore(subscribe, () => trainings);

/** Something of a training's state: renders again only when that changes, so it must be the same as long as it does not. */
export const useTrainingState = <T>(training: Training, select: (state: TrainingState) => T): T =>
  useSyncExternalStore(subscribe, () => select(training.state()));

/** Ends what there was and starts these, each in a worker of its own. */
export function startTrainings(wanted: readonly { readonly label: string; readonly request: StartRequest }[]): void {
  endTrainings();
  trainings = wanted.map(({ label, request }) => createTraining(label, request));
  tell();
}

export function endTrainings(): void {
  for (const training of trainings) training.end();
  trainings = [];
  tell();
}

/** Starts one that failed anew. */
export function retry(failed: Training): void {
  failed.end();
  const again = createTraining(failed.label, failed.state().request);
  trainings = trainings.map((training) => (training === failed ? again : training));
  tell();
}

function createTraining(label: string, request: StartRequest): Training {
  const worker = new Worker(new URL('../workers/train.worker.ts', import.meta.url), { type: 'module' });
  const ask = calls<TrainWorker>(worker);
  let began = performance.now();
  let state: TrainingState = { phase: 'loading', request, curves: {} };
  const set = (change: Partial<TrainingState>): void => {
    state = { ...state, ...change };
    tell();
  };
  worker.addEventListener('message', ({ data: { report } }: MessageEvent<{ report?: TrainReport }>) => {
    if (report === undefined) return;
    const phase = state.phase === 'loading' && report.progress ? 'training' : state.phase;
    set({ phase, progress: report.progress, run: report.run, curves: grown(state.curves, report) });
  });
  const follow = (training: Promise<TrainResult>, hasRun: boolean): void => {
    const wallSeconds = () => (performance.now() - began) / 1000;
    training.then(
      (result) => set({ phase: 'ended', result, wallSeconds: wallSeconds() }),
      (problem: Error) => {
        if (hasRun) return set({ phase: 'ended', problem }); // what was trained before is still there
        worker.terminate();
        set({ phase: 'failed', problem });
      },
    );
  };
  const fail = (message: string) => set({ phase: 'failed', problem: new Error(message) });
  worker.addEventListener('error', (event) => {
    worker.terminate();
    fail(`the training's worker failed: ${event.message || 'its script did not load'}`);
  });
  follow(ask.start(request), false);

  return {
    id: nextId++,
    label,
    state: () => state,
    pause() {
      void ask.pause();
      set({ phase: 'paused' });
    },
    unpause() {
      void ask.unpause();
      set({ phase: 'training' });
    },
    stop() {
      void ask.stop();
      set({ phase: 'stopping' });
    },
    goOn(steps) {
      began = performance.now();
      set({ phase: 'training', problem: undefined, savedAs: undefined, downloaded: undefined });
      follow(ask.goOn(steps), true);
    },
    practise: (steps, whole) => ask.practise(steps, whole),
    point: (place) => void ask.point(place),
    async save() {
      const { bytes } = await ask.zip();
      const { run } = await postBytes<SavedAnswer>('archives', bytes, 'application/zip');
      set({ savedAs: run });
      return run;
    },
    async download() {
      const { name, bytes } = await ask.zip();
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
      link.download = `${name}.zip`;
      link.click();
      window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
      set({ downloaded: true });
    },
    end: () => worker.terminate(),
  };
}
