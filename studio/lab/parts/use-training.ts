// A training in a worker for a page: starts when asked, tells how it goes, and is then asked for what the page shows.
import { useEffect, useRef, useState } from 'react';
import { calls } from '../../../src/page/worker-calls.js';
import type { TrainerName, TrainerOf } from '../trainers/index.js';
import type { Tell, TrainingProgress } from '../trainers/watching.js';

/** Arguments without the last one, which the worker adds. */
type Given<A extends readonly unknown[]> = A extends [...infer Before, Tell] ? Before : A;
export type Asked<N extends TrainerName> = {
  readonly [K in keyof TrainerOf<N>]: TrainerOf<N>[K] extends (...args: infer A) => infer R
    ? (...args: Given<A>) => Promise<Awaited<R>>
    : never;
};

export interface Training {
  readonly phase: 'training' | 'trained' | 'failed';
  readonly progress?: TrainingProgress;
  readonly problem?: Error;
  /** The settings that it is of, as text. */
  readonly of: string;
}

/** A worker with the trainer of this name. */
function openTrainer<N extends TrainerName>(name: N): { readonly worker: Worker; readonly ask: Asked<N> } {
  const worker = new Worker(new URL('../../workers/lab.worker.ts', import.meta.url), { type: 'module' });
  const { call } = calls<{ call(name: string, method: string, args: readonly unknown[]): unknown }>(worker);
  const ask = new Proxy({} as Asked<N>, {
    get:
      (_, method: string) =>
      (...args: readonly unknown[]) =>
        call(name, method, args),
  });
  return { worker, ask };
}

export interface TrainingOf<N extends TrainerName> {
  /** Absent before the first. */
  readonly training: Training | undefined;
  /** Whether it is of other settings than the present ones. */
  readonly stale: boolean;
  /** Begins anew; one under way ends. */
  start(): void;
  /** The trainer, once it has learned. */
  readonly ask: Asked<N> | undefined;
}

/** `learn` begins with a fresh trainer; `settings`: what is learned depends on these alone. */
export function useTraining<N extends TrainerName>(
  name: N,
  settings: unknown,
  learn: (ask: Asked<N>) => Promise<unknown>,
): TrainingOf<N> {
  const worker = useRef<Worker>(undefined);
  const [training, setTraining] = useState<Training>();
  const [ask, setAsk] = useState<Asked<N>>();
  useEffect(() => () => worker.current?.terminate(), []);
  const now = JSON.stringify(settings);

  function start() {
    worker.current?.terminate();
    const opened = openTrainer(name);
    worker.current = opened.worker;
    setAsk(undefined);
    setTraining({ phase: 'training', of: now });
    opened.worker.addEventListener('message', ({ data }: MessageEvent<{ progress?: TrainingProgress }>) => {
      const { progress } = data;
      if (progress) setTraining((before) => (before?.phase === 'training' ? { ...before, progress } : before));
    });
    learn(opened.ask).then(
      () => {
        if (worker.current !== opened.worker) return;
        setAsk(() => opened.ask);
        setTraining({ phase: 'trained', of: now });
      },
      (problem: Error) => {
        if (worker.current === opened.worker) setTraining({ phase: 'failed', of: now, problem });
      },
    );
  }
  return { training, stale: training?.phase === 'trained' && training.of !== now, start, ask };
}

/** A trainer that is asked without a training: opened with the page, closed with it. */
export function useTrainer<N extends TrainerName>(name: N): Asked<N> | undefined {
  const [ask, setAsk] = useState<Asked<N>>();
  useEffect(() => {
    const opened = openTrainer(name);
    setAsk(() => opened.ask);
    return () => opened.worker.terminate();
  }, [name]);
  return ask;
}
