// Trains in the tab: the library's own loop over a store in memory, with pauses, and the policy practising on request.

import type { PolicyVectors } from '../../src/agents/policy-vectors.js';
import type { TrainConfig } from '../../src/config/config.js';
import { createPausing } from '../../src/page/pausing.js';
import { offer } from '../../src/page/worker-calls.js';
import { zipRun } from '../../src/runs/archive.js';
import { createMemoryStore } from '../../src/runs/memory-store.js';
import { METRICS } from '../../src/runs/run-layout.js';
import type { Store } from '../../src/runs/store.js';
import type { StartRequest } from '../../src/studio/api-types.js';
import { requestedConfigs } from '../../src/studio/catalog.js';
import { resume, train } from '../../src/training/train.js';
import type { Progress, TrainOptions, TrainResult } from '../../src/training/types.js';
import { createPractice, type Practice, type PracticeFrame } from '../train/practice.js';
import { provideModels } from '../watch/user-models.js';

/** Values by metric, as a line of metrics.jsonl has them. */
export type MetricsRow = Readonly<Record<string, number>>;

/** What the worker says unasked, at most some times a second. */
export interface TrainReport {
  readonly progress?: Progress;
  /** Lines that were logged since the last report. */
  readonly rows: readonly MetricsRow[];
  /** The run, once it has begun. */
  readonly run?: { readonly name: string; readonly config: TrainConfig; readonly warnings: readonly string[] };
}

const REPORT_MS = 250;

const pausing = createPausing();
/** What acts next, and the practice with it: begun when it is first looked at, after training has set its threads. */
let policy: PolicyVectors | undefined;
let practice: Promise<Practice> | undefined;
let run: TrainReport['run'];

let rows: MetricsRow[] = [];
let latest: Progress | undefined;
let reported = 0;
function report(always = false): void {
  const now = performance.now();
  if (!always && now - reported < REPORT_MS) return;
  reported = now;
  self.postMessage({ report: { progress: latest, rows, run } satisfies TrainReport });
  rows = [];
}

/** The run's files; what is logged is told to the page too. */
const memory = createMemoryStore('tab');
const store: Store = {
  ...memory,
  append(path, bytes) {
    if (path.endsWith(METRICS)) {
      const lines = new TextDecoder().decode(bytes).trim().split('\n');
      rows.push(...lines.map((line) => JSON.parse(line) as MetricsRow));
    }
    return memory.append(path, bytes);
  },
};

const watch: Pick<TrainOptions, 'onStart' | 'onProgress' | 'onIteration'> = {
  onStart({ path, config, warnings }) {
    run = { name: path.slice(path.lastIndexOf('/') + 1), config: config as TrainConfig, warnings };
    report(true);
  },
  onProgress(progress) {
    latest = progress;
    report();
  },
  onIteration(next) {
    policy = next;
    return pausing.between();
  },
};

async function ended(training: Promise<TrainResult>): Promise<TrainResult> {
  const result = await training;
  report(true);
  return result;
}

const functions = {
  /** Trains until the steps are done or `stop`. */
  async start(request: StartRequest): Promise<TrainResult> {
    await provideModels(request.env);
    const [config] = await requestedConfigs(request);
    return ended(train({ env: config.env.name, config, store, signal: pausing.signal(), ...watch }));
  },
  /** Goes on to a larger total of steps. */
  async goOn(steps: number): Promise<TrainResult> {
    if (run === undefined) throw new Error('there is no run to go on with.');
    pausing.again();
    return ended(resume({ run: run.name, store, steps, signal: pausing.signal(), ...watch }));
  },
  pause: pausing.pause,
  unpause: pausing.goOn,
  stop: pausing.stop,
  /** The policy's next steps in an environment of its own; undefined until there is one. */
  async practise(steps: number, whole: boolean): Promise<PracticeFrame | undefined> {
    if (policy === undefined || run === undefined) return undefined;
    practice ??= createPractice(run.config);
    return (await practice).step(policy, steps, whole);
  },
  /** Points at the goal of the practice's present attempt. */
  async point(place: readonly number[]): Promise<void> {
    (await practice)?.point(place);
  },
  /** The run as a .zip; only while it is not being trained. */
  async zip(): Promise<{ readonly name: string; readonly bytes: Uint8Array<ArrayBuffer> }> {
    if (run === undefined) throw new Error('there is no run yet.');
    return { name: run.name, bytes: (await zipRun(memory, run.name)) as Uint8Array<ArrayBuffer> };
  },
};

export type TrainWorker = typeof functions;
offer(functions);
