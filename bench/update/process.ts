// Contenders in processes of their own, so that their threads do not disturb each other: counts go in, milliseconds come out.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { UpdateCase } from './cases.js';
import type { Contender } from './measure.js';

const path = (file: string) => fileURLToPath(new URL(file, import.meta.url));

/** How an update is computed: by hand, or as the agent has it. */
export type Side = 'reference' | 'compiled';

/** What a process of ours is told. */
export interface ContenderSetup {
  readonly of: UpdateCase;
  readonly side: Side;
  readonly threads: number;
}

/** Updates from one batch, drawn beforehand, or each from a batch that is drawn for it, within its time. */
export type Batches = 'stored' | 'sampled';

export interface Process<Facts> extends Readonly<Record<Batches, Contender>> {
  /** What it said about itself. */
  readonly facts: Facts;
  dispose(): Promise<void>;
}

/** Nodes of the programs of each of the updates that take turns. */
export type OurFacts = { readonly nodes: readonly number[] };

export const startOurs = (setup: ContenderSetup): Promise<Process<OurFacts>> =>
  start(process.execPath, [...process.execArgv, path('contender.ts'), JSON.stringify(setup)]);

/** What is measured beside: Stable-Baselines3 (PyTorch) and SBX, its algorithms in JAX. */
export type PeerName = 'sb3' | 'sbx';

/** `python` is an interpreter with the packages of bench/peers/README.md. Facts: versions. */
export const startPeer = (
  python: string,
  peer: PeerName,
  of: UpdateCase,
  threads: number,
): Promise<Process<Readonly<Record<string, string>>>> =>
  start(python, [path(`../peers/${peer}_update.py`), JSON.stringify({ ...of, threads })]);

async function start<Facts>(command: string, args: readonly string[]): Promise<Process<Facts>> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const failed = new Promise<never>((_, reject) => {
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`${command} ended with code ${code}; see bench/peers/README.md`)));
  });
  failed.catch(() => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await Promise.race([lines.next(), failed])).value);
  const contender = (batches: Batches): Contender => ({
    time(count) {
      child.stdin.write(`${batches} ${count}\n`);
      return answer();
    },
    ...(existsSync('/proc/self/schedstat') && {
      waited: () => scheduled(child.pid as number).waited,
      worked: () => scheduled(child.pid as number).worked,
    }),
  });
  return {
    facts: await answer(),
    stored: contender('stored'),
    sampled: contender('sampled'),
    async dispose() {
      child.stdin.end();
      await ended;
    },
  };
}

/** Milliseconds for which the threads of a process had a processor, and could run but had none, as Linux counts them. */
function scheduled(pid: number): { worked: number; waited: number } {
  let [worked, waited] = [0, 0];
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    try {
      const counts = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ').map(Number);
      worked += counts[0] / 1e6;
      waited += counts[1] / 1e6;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error; // a thread that has ended since it was listed
    }
  }
  return { worked, waited };
}
