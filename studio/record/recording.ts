// The recording of this tab: an environment in a worker, its takes, what is kept; it stays while other pages are open.
import { useSyncExternalStore } from 'react';
import type { Controls } from '../../src/envs/controls.js';
import type { Hand } from '../../src/envs/steer.js';
import { calls } from '../../src/page/worker-calls.js';
import type { SavedData } from '../../src/studio/api-types.js';
import type { Frame } from '../../src/view/frame.js';
import { postBytes, query } from '../api/client.js';
import { save } from '../watch/recorder.js';
import { createReadings, type FrameListener, type ShownStage } from '../watch/use-stage.js';
import type { RecordNews, RecordWorker } from '../workers/record.worker.js';
import type { RecordFacts, TakeFigures } from './hand-recording.js';

/** `opening`: a start is made. `ready`: it is shown and waits for the hand. `over`: the take waits to be kept or not. */
export type RecordPhase = 'opening' | 'ready' | 'going' | 'over' | 'failed';

/** What is known now; a new object whenever something changes. */
export interface RecordState {
  readonly env: string;
  readonly phase: RecordPhase;
  readonly facts?: RecordFacts;
  /** How the present episode is steered. */
  readonly controls: Controls;
  /** What it asks for, in words. */
  readonly asks?: string;
  readonly open: boolean;
  readonly stage?: ShownStage;
  readonly take?: TakeFigures;
  readonly kept: readonly TakeFigures[];
  /** The task that takes have; undefined: that of which the fewest are kept. */
  readonly task?: number;
  readonly holdSteps: number;
  readonly speed: number;
  /** What was saved or downloaded last, as long as nothing was kept or dropped since. */
  readonly saved?: SavedData | 'downloaded';
  readonly problem?: Error;
}

export interface Recording {
  state(): RecordState;
  /** `begins`: the episode begins with it, if it has not yet. */
  hand(hand: Omit<Hand, 'open'>, begins: boolean): void;
  choose(choice: number): void;
  toggleGrip(): void;
  end(): void;
  keep(): void;
  discard(): void;
  /** The same start and goal once more. */
  redo(): void;
  dropLast(): void;
  setTask(task: number | undefined): void;
  setHoldSteps(steps: number): void;
  setSpeed(times: number): void;
  setPaused(isPaused: boolean): void;
  save(name: string, replace: boolean): Promise<void>;
  download(name: string): Promise<void>;
}

/** Steps in a row that end an episode: as who is done stops; a choice that succeeds ends it at once. */
const HOLD = { box: 10, discrete: 1 };
const SEEDS = 1_000_000;
/** Milliseconds after an episode ended by itself in which who meant to end it does not keep it by that. */
const HASTE = 350;

let current: (Recording & { close(): void }) | undefined;
const listeners = new Set<() => void>();
const tell = (): void => {
  for (const listener of listeners) listener();
};
const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const isUnsaved = ({ kept, saved }: RecordState): boolean => kept.length > 0 && saved === undefined;

window.addEventListener('beforeunload', (event) => {
  if (current && isUnsaved(current.state())) event.preventDefault();
});

/** The recording and its state; undefined: none is open. */
export function useRecording(): { readonly recording: Recording; readonly state: RecordState } | undefined {
  useSyncExternalStore(subscribe, () => current?.state());
  return current && { recording: current, state: current.state() };
}

/** Opens an environment; what another one had kept is gone. */
export function openRecording(env: string): void {
  current?.close();
  current = createRecording(env);
  tell();
}

/** The task of which the fewest are kept; where there are none, undefined. */
export function nextTask({ task, kept, facts }: Pick<RecordState, 'task' | 'kept' | 'facts'>): number | undefined {
  const tasks = facts?.stage.tasks ?? [];
  if (tasks.length === 0 || task !== undefined) return task;
  const counts = tasks.map((_, number) => kept.filter((one) => one.task === number).length);
  return counts.indexOf(Math.min(...counts));
}

function createRecording(env: string): Recording & { close(): void } {
  const worker = new Worker(new URL('../workers/record.worker.ts', import.meta.url), { type: 'module' });
  const ask = calls<RecordWorker>(worker);
  const frames = new Set<FrameListener>();
  const readings = createReadings<Frame | undefined>(undefined);
  let state: RecordState = { env, phase: 'opening', controls: {}, open: false, kept: [], holdSteps: 1, speed: 1 };
  let seed = Math.floor(SEEDS * Math.random());
  let wanted: Omit<Hand, 'open'> = { push: [] };
  let closed = false;
  let ended = 0;
  const change = (changes: Partial<RecordState>): void => {
    state = { ...state, ...changes };
    tell();
  };
  const fail = (problem: Error): void => {
    if (!closed) change({ phase: 'failed', problem });
  };
  /** What was asked for last is shown: takes that were broken off end late. */
  let takes = 0;

  worker.addEventListener('message', ({ data }: MessageEvent<RecordNews | { news?: undefined }>) => {
    if (data.news === 'frame') {
      for (const listener of frames) listener.frame(data.frame, data.interval);
      readings.set(data.frame);
      if (state.phase === 'ready' && data.frame.panels[0].steps > 0) change({ phase: 'going' });
    } else if (data.news === 'begun') {
      change({ asks: data.asks, controls: data.controls, open: data.controls.startsOpen === true, phase: 'ready' });
    }
  });

  let before: Promise<unknown> = Promise.resolve();
  function begin(): void {
    const number = ++takes;
    wanted = { push: [] };
    change({ phase: 'opening', take: undefined });
    void ask.breakOff();
    before = before.then(async () => {
      if (number !== takes || closed) return;
      const take = await ask.record({ seed, task: nextTask(state), holdSteps: state.holdSteps });
      if (!take || number !== takes) return;
      ended = performance.now();
      change({ phase: 'over', take });
    });
    before = before.catch(fail);
  }
  function anew(): void {
    seed++;
    begin();
  }

  ask.open(env, {}).then((facts) => {
    if (closed) return;
    const listen = (listener: FrameListener) => {
      frames.add(listener);
      void ask.whole();
      return () => frames.delete(listener);
    };
    const stage = { facts: facts.stage, listen, readings };
    change({ facts, stage, holdSteps: HOLD[facts.action.kind] });
    if (facts.problem) fail(new Error(facts.problem));
    else begin();
  }, fail);

  const isGoing = () => state.phase === 'ready' || state.phase === 'going';
  return {
    state: () => state,
    hand(hand, begins) {
      wanted = hand;
      if (isGoing()) void ask.hand({ ...hand, open: state.open }, begins);
    },
    choose(choice) {
      if (isGoing()) void ask.choose(choice);
    },
    toggleGrip() {
      if (!isGoing() || !state.controls.grip) return;
      change({ open: !state.open });
      void ask.hand({ ...wanted, open: state.open }, true);
    },
    end() {
      if (state.phase === 'going') void ask.end();
    },
    keep() {
      const { take, kept } = state;
      if (state.phase !== 'over' || !take || performance.now() - ended < HASTE) return;
      void ask.keep();
      change({ kept: [...kept, take], saved: undefined });
      anew();
    },
    discard: anew,
    redo: begin,
    dropLast() {
      void ask.dropLast();
      change({ kept: state.kept.slice(0, -1), saved: undefined });
    },
    setTask(task) {
      change({ task });
      anew();
    },
    setHoldSteps(holdSteps) {
      change({ holdSteps });
      if (state.phase === 'ready') begin();
    },
    setSpeed(speed) {
      change({ speed });
      void ask.speed(speed);
    },
    setPaused: (isPaused) => void ask.pause(isPaused),
    async save(name, replace) {
      const bytes = await ask.encode();
      const of = query({ name, replace: String(replace) });
      change({ saved: await postBytes<SavedData>(`data${of}`, bytes, 'application/octet-stream') });
    },
    async download(name) {
      const bytes = await ask.encode();
      save(new Blob([bytes], { type: 'application/octet-stream' }), `${name}.safetensors`);
      change({ saved: 'downloaded' });
    },
    close() {
      closed = true;
      worker.terminate();
    },
  };
}
