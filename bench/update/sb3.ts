// Stable-Baselines3's update as a contender: a Python process that answers a count with milliseconds.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { UpdateCase } from './cases.js';
import type { Contender } from './measure.js';

const script = new URL('../peers/sb3_update.py', import.meta.url).pathname;

export interface Sb3 extends Contender {
  readonly versions: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

/** Starts it; `python` is an interpreter with the packages of bench/peers/README.md. */
export async function startSb3(python: string, of: UpdateCase, threads: number): Promise<Sb3> {
  const child = spawn(python, [script, JSON.stringify({ ...of, threads })], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${python} ended with code ${code}; see bench/peers/README.md`)));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await Promise.race([lines.next(), failed])).value);
  return {
    versions: await answer(),
    time(count) {
      child.stdin.write(`${count}\n`);
      return answer();
    },
    async dispose() {
      child.stdin.end();
      await ended;
    },
  };
}
