// A training on a Fetch task until two evaluations in a row reach 95%, here and by a script in Python, with its seconds.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { createMemoryStore } from '../src/runs/memory-store.js';
import { train } from '../src/training/index.js';
import { reached } from './learning/results.js';

export interface Point {
  readonly steps: number;
  /** Training on the wall so far, evaluation excluded. */
  readonly seconds: number;
  /** The same of the processors, by all threads. */
  readonly cpuSeconds: number;
  readonly success: number;
}

export async function trainHere(
  env: string,
  seed: number,
  steps: number,
  config: Readonly<Record<string, unknown>>,
): Promise<Point[]> {
  const points: Point[] = [];
  let [seconds, cpuSeconds] = [0, 0];
  let before = process.cpuUsage();
  await train({
    env,
    agent: 'sac',
    relabel: 'future:4',
    seed,
    steps,
    untilSuccess: 0.95,
    config,
    store: createMemoryStore(),
    onStart() {
      before = process.cpuUsage();
    },
    onProgress: (progress) => {
      seconds = progress.seconds;
      const { user, system } = process.cpuUsage(before);
      cpuSeconds += (user + system) / 1e6;
      before = process.cpuUsage();
    },
    onEvaluation({ steps, successRate }) {
      points.push({ steps, seconds, cpuSeconds, success: successRate });
      before = process.cpuUsage();
    },
  });
  return points;
}

/** What a script of bench/peers prints: a JSON line for each evaluation (fetch_goals.py). */
export function trainThere(python: string, script: string, argument: string): Point[] {
  const path = fileURLToPath(new URL(`peers/${script}`, import.meta.url));
  const { stdout, status, stderr } = spawnSync(python, [path, argument], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${path}: ${stderr}`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line));
}

/** The first of two evaluations in a row at 95% or above. */
export const reachedAt = (points: readonly Point[]): Point | undefined => points[reached({ curve: points })];
