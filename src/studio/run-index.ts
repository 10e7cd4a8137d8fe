// The list of runs: what their files say, read again only where a file has changed.
import { createHash } from 'node:crypto';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import { heldOutTasks } from '../acting/task-weights.js';
import type { TrainConfig } from '../config/config.js';
import { lockState } from '../runs/disk-lock.js';
import { CHECKPOINTS, CONFIG, METRICS } from '../runs/run-layout.js';
import { readConfig } from '../runs/run-reader.js';
import type { RunState, RunSummary, TaskFigures } from './api-types.js';
import type { ChildRuns } from './child-runs.js';
import { type EvaluationRow, type LatestMetrics, readLatest } from './latest-metrics.js';
import type { HiddenRun, SafeFolder } from './safe-folder.js';

interface Facts {
  readonly config: TrainConfig;
  readonly created: string | null;
  readonly group: string;
}

/** Of a file: what changes when it does. Undefined where there is no plain file (links are not followed). */
interface Stamp {
  readonly key: string;
  readonly size: number;
  readonly modified: number;
}

/** What else of a run's folder tells its state. */
interface Files {
  readonly metrics: Stamp | undefined;
  readonly lock: 'held' | 'left' | undefined;
  /** There is a last checkpoint. */
  readonly checkpoints: boolean;
}

interface Entry {
  configKey: string;
  facts?: Facts;
  /** Why the configuration cannot be read. */
  broken?: string;
  metricsKey: string;
  latest: LatestMetrics;
}

const NO_METRICS: LatestMetrics = {
  step: 0,
  seconds: null,
  stepsPerSecond: null,
  evaluations: [],
  success: null,
  meanReturn: null,
  tasks: [],
};

export interface RunIndex {
  list(): Promise<RunSummary[]>;
  /** Undefined where the folder is no run. */
  get(name: string): Promise<RunSummary | undefined>;
}

export function createRunIndex(folder: SafeFolder, children: ChildRuns): RunIndex {
  const entries = new Map<string, Entry>();

  async function update(name: string): Promise<RunSummary | undefined> {
    const path = join(folder.root, name);
    const [config, metrics, lock, checkpoints] = await Promise.all([
      stamp(join(path, CONFIG)),
      stamp(join(path, METRICS)),
      lockState(path),
      lstat(join(path, CHECKPOINTS, 'last')).then(
        () => true,
        () => false,
      ),
    ]);
    if (config === undefined) return undefined;
    let entry = entries.get(name);
    if (entry === undefined) {
      entry = { configKey: '', metricsKey: '', latest: NO_METRICS };
      entries.set(name, entry);
    }
    if (entry.configKey !== config.key) {
      Object.assign(entry, { facts: undefined, broken: undefined, ...(await readFacts(folder, name)) });
      entry.configKey = config.key;
    }
    const metricsKey = metrics?.key ?? 'none';
    if (entry.metricsKey !== metricsKey) {
      entry.latest = metrics === undefined ? NO_METRICS : await readLatest(join(path, METRICS), metrics.size);
      entry.metricsKey = metricsKey;
    }
    return summary(name, entry, { metrics, lock, checkpoints });
  }

  function summary(name: string, { facts, broken, latest }: Entry, files: Files): RunSummary {
    const child = children.get(name);
    const running = child?.state === 'running';
    const live = running ? child.progress : undefined;
    const state: RunState =
      broken !== undefined || child?.state === 'failed'
        ? 'failed'
        : running
          ? 'running'
          : stateOf(facts as Facts, latest, files);
    return {
      name,
      env: facts?.config.env.name ?? '',
      agent: facts?.config.agent.name ?? '',
      relabel: facts?.config.relabel ?? '',
      seed: facts?.config.seed ?? 0,
      group: facts?.group ?? name,
      state,
      problem: broken ?? child?.problem ?? (state === 'failed' ? whyFailed(files) : null),
      ...(child?.warnings && { warnings: child.warnings }),
      steps: Math.max(latest.step, live?.steps ?? 0),
      totalSteps: facts?.config.steps ?? 0,
      success: latest.success ?? finite(live?.successRate),
      tasks: withHeldOut(latest.tasks, facts),
      meanReturn: latest.meanReturn ?? finite(live?.meanReward),
      stepsPerSecond: finite(live?.stepsPerSecond) ?? latest.stepsPerSecond,
      seconds: finite(live?.seconds) ?? latest.seconds,
      created: facts?.created ?? null,
      ours: child !== undefined,
      resumable: broken === undefined && state !== 'running' && files.checkpoints,
      metricsBytes: files.metrics?.size ?? 0,
    };
  }

  return {
    async list() {
      const [names, hidden] = await Promise.all([folder.names(), folder.hidden()]);
      const found = await Promise.all(names.map(update));
      if (entries.size > names.length) {
        const present = new Set(names);
        for (const name of entries.keys()) if (!present.has(name)) entries.delete(name);
      }
      const shown = found.filter((run) => run !== undefined).sort(newestFirst);
      return [...shown, ...hidden.map(hiddenSummary)];
    },
    async get(name) {
      await folder.findRun(name);
      return update(name);
    },
  };
}

function withHeldOut(tasks: readonly TaskFigures[], facts?: Facts): readonly TaskFigures[] {
  const heldOut = facts ? heldOutTasks(facts.config) : [];
  return tasks.map((figures) => (heldOut.includes(figures.task) ? { ...figures, heldOut: true } : figures));
}

/** A run of which nothing can be shown but the reason. */
function hiddenSummary({ name, problem }: HiddenRun): RunSummary {
  const settings = { env: '', agent: '', relabel: '', seed: 0, group: name, steps: 0, totalSteps: 0, created: null };
  const measured = { success: null, meanReturn: null, stepsPerSecond: null, seconds: null, metricsBytes: 0 };
  return { name, state: 'failed', problem, tasks: [], ...settings, ...measured, ours: false, resumable: false };
}

async function readFacts(folder: SafeFolder, name: string): Promise<Pick<Entry, 'facts' | 'broken'>> {
  try {
    const { config, facts } = await readConfig(folder.store, name);
    const { seed: _, ...rest } = config;
    const group = createHash('sha256').update(JSON.stringify(rest)).digest('hex').slice(0, 16);
    return { facts: { config, group, created: typeof facts.created === 'string' ? facts.created : null } };
  } catch (error) {
    return { broken: error instanceof Error ? error.message : String(error) };
  }
}

/** What became of a run that this studio does not train now. */
function stateOf({ config }: Facts, latest: LatestMetrics, { lock, checkpoints }: Files): RunState {
  if (lock === 'held') return 'running';
  const { evaluation } = config;
  const succeeded = latest.evaluations.length === 2 && latest.evaluations.every((one) => wasEnough(evaluation, one));
  if (latest.step >= config.steps || succeeded) return 'done';
  return checkpoints && lock === undefined ? 'stopped' : 'failed';
}

/** As training decides it (src/training/until.ts), from what the log says. */
function wasEnough({ untilSuccess, untilWorst, untilReward }: TrainConfig['evaluation'], seen: EvaluationRow): boolean {
  const wanted = [
    [untilSuccess, seen.success],
    [untilWorst, seen.worst],
    [untilReward, seen.reward],
  ] as const;
  const reached = wanted.filter(([wish, value]) => typeof wish === 'number' && value >= wish).length;
  return reached > 0 && reached === wanted.filter(([wish]) => typeof wish === 'number').length;
}

const whyFailed = ({ lock, checkpoints }: Files): string =>
  !checkpoints
    ? 'It ended before its first checkpoint was saved.'
    : lock === 'left'
      ? 'The program that trained it was killed. Resume goes on from the last checkpoint.'
      : '';

async function stamp(path: string): Promise<Stamp | undefined> {
  const found = await lstat(path).catch(() => undefined);
  if (!found?.isFile()) return undefined;
  return { key: `${found.ino}:${found.size}:${found.mtimeMs}`, size: found.size, modified: found.mtimeMs };
}

const finite = (value: number | undefined): number | null =>
  value !== undefined && Number.isFinite(value) ? value : null;

const newestFirst = (a: RunSummary, b: RunSummary): number =>
  (b.created ?? '').localeCompare(a.created ?? '') || a.name.localeCompare(b.name);
