// For tests: folders with made-up runs, and a studio to ask without a network.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Hono } from 'hono';
import { trainConfigSchema } from '../config/config.js';
import { createApp } from './app.js';
import type { ChildRuns } from './child-runs.js';
import type { Diagnoser } from './diagnosis.js';
import { createLiveRuns, type LiveRuns } from './live-runs.js';
import { createRunIndex } from './run-index.js';
import { openSafeFolder, type SafeFolder } from './safe-folder.js';

export const TOKEN = 'a-token-for-tests-only';
export const HOST = '127.0.0.1:4747';

export const temporaryFolder = (): string => mkdtempSync(join(tmpdir(), 'anygoal-studio-'));

/** Rows of metrics.jsonl: a curve with noise, evaluations at every second row. */
export function metricsRows(rows: number, { from = 0, seed = 0 } = {}): string {
  const lines: string[] = [];
  for (let i = from; i < from + rows; i++) {
    const noise = Math.sin(12.9898 * (i + 1) * (seed + 1)) * 0.05;
    const success = Math.min(1, Math.max(0, 1 - Math.exp(-i / (200 + 20 * seed)) + noise));
    const step = (i + 1) * 500;
    const common = { step, wall: 1.79e9 + i };
    const row =
      i % 2 === 0
        ? {
            ...common,
            'rollout/success_rate': success,
            'rollout/ep_rew_mean': -50 * (1 - success),
            'train/critic_loss': 0.1 + noise,
            'train/actor_loss': -success,
            'time/fps': 900 + 100 * noise,
            'time/time_elapsed': i * 0.6,
          }
        : { ...common, 'eval/success_rate': success, 'eval/mean_reward': -50 * (1 - success) };
    lines.push(JSON.stringify(row));
  }
  return lines.map((line) => `${line}\n`).join('');
}

export interface FakeRun {
  readonly name: string;
  readonly rows?: number;
  readonly config?: Record<string, unknown>;
  readonly created?: string;
  /** A program trains it: this one. */
  readonly going?: boolean;
}

/** A run's folder with configuration and metrics; no checkpoint. */
export function writeRun(folder: string, { name, rows = 0, config = {}, created, going }: FakeRun): string {
  const path = join(folder, name);
  mkdirSync(path, { recursive: true });
  const settings = trainConfigSchema.parse({ env: { name: 'point/reach' }, ...config });
  const facts = { created: created ?? '2026-11-21T10:00:00.000Z', versions: { anygoal: '0.1.0' } };
  writeFileSync(join(path, 'config.json'), JSON.stringify({ ...settings, ...facts }));
  if (rows > 0) writeFileSync(join(path, 'metrics.jsonl'), metricsRows(rows, { seed: settings.seed }));
  if (going) writeFileSync(join(path, 'lock'), JSON.stringify({ pid: process.pid, host: hostname(), folder: path }));
  return path;
}

/** Stands for processes: tests of the requests train nothing. */
export const noChildren = (): ChildRuns & { started: unknown[] } => ({
  started: [],
  onChange: () => {},
  get: () => undefined,
  async start(config) {
    this.started.push(config);
    return 'started';
  },
  resume: async () => {},
  stop: async () => {},
  running: 0,
  most: 4,
  close: async () => {},
});

/** Stands for the process that diagnoses. */
const noDiagnosis = (words: readonly string[]) => ({ words: words.slice(0, 2), flags: words.slice(3) });

export interface TestStudio {
  readonly app: Hono;
  readonly folder: SafeFolder;
  readonly live: LiveRuns;
  readonly children: ReturnType<typeof noChildren>;
  /** A request as the page makes it, token included; `headers` replace its own. */
  ask(path: string, init?: { method?: string; headers?: Record<string, string>; body?: unknown }): Promise<Response>;
}

export async function testStudio(location: string): Promise<TestStudio> {
  const folder = await openSafeFolder(location);
  const children = noChildren();
  const index = createRunIndex(folder, children);
  const live = createLiveRuns({ root: folder.root, index });
  const info = { version: '0', runsDir: location, program: 'anygoal', maxRunning: 4 };
  const files = { answer: async () => new Response('page') };
  const diagnoser: Diagnoser = { diagnose: async (words) => noDiagnosis(words), close: () => {} };
  const app = createApp({
    folder,
    diagnoser,
    player: diagnoser,
    children,
    index,
    live,
    files,
    info,
    token: TOKEN,
    hosts: () => [HOST],
  });
  return {
    app,
    folder,
    live,
    children,
    ask: async (path, { method = 'GET', headers = {}, body } = {}) =>
      app.request(`http://${HOST}${path}`, {
        method,
        headers: {
          host: HOST,
          cookie: `anygoal-studio-4747=${TOKEN}`,
          ...(method === 'POST' && { origin: `http://${HOST}`, 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
  };
}
