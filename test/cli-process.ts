// The command line as a process, for tests: in a temporary folder of the test file's own.
import { type ChildProcess, type ChildProcessWithoutNullStreams, execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
export const environment = { ...process.env, npm_package_name: '', NO_COLOR: '1', DEBUG: '' };
export const words = (line: string) => line.split(' ').filter(Boolean);
/** Settings of trainings that take a second or two. */
export const quick = words('--set evaluation.episodes=2 --set training.warmupSteps=100 --set training.batchSize=32');

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Cli {
  readonly folder: string;
  /** Runs `anygoal ...` in the folder. */
  anygoal(...args: string[]): Promise<Outcome>;
  /** Starts it there. */
  start(...args: string[]): ChildProcessWithoutNullStreams;
  /** Removes the folder. */
  end(): void;
}

export function createCli(name: string): Cli {
  if (!existsSync(program)) throw new Error('build first: npm run build');
  const folder = mkdtempSync(join(tmpdir(), `anygoal-${name}-`));
  const options = { cwd: folder, env: environment };
  return {
    folder,
    anygoal: (...args) =>
      new Promise((done) => {
        const child = execFile(process.execPath, [program, ...args], options, (_, stdout, stderr) =>
          done({ code: child.exitCode, stdout, stderr }),
        );
      }),
    start: (...args) => spawn(process.execPath, [program, ...args], options),
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Resolves once the child's standard output holds `text`. */
export const shows = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((done) => {
    let seen = '';
    child.stdout?.on('data', (part) => {
      seen += part;
      if (seen.includes(text)) done();
    });
  });
