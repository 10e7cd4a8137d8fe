// Episodes that Python environments have played: reading what was recorded, and recording where such a Python is at hand.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a recording script prints: a line with versions and how many steps lie between observations, then one per trace. */
export interface Recording<Trace> {
  readonly versions: Readonly<Record<string, string>>;
  readonly every: number;
  readonly traces: readonly Trace[];
}

function parse<Trace>(text: string): Recording<Trace> {
  const [head, ...traces] = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  return { ...head, traces };
}

export const readRecording = <Trace>(file: URL): Recording<Trace> => parse(readFileSync(file, 'utf8'));

/** A Python with exactly these versions (ANYGOAL_PARITY_PYTHON, or python3), or why there is none. */
export function findPython(versions: Readonly<Record<string, string>>): { python?: string; problem: string } {
  const python = process.env.ANYGOAL_PARITY_PYTHON ?? 'python3';
  const wanted = Object.entries(versions).map(([name, version]) => `${name}==${version}`);
  const names = JSON.stringify(Object.keys(versions));
  const question = `from importlib.metadata import version as v; print(*(f"{p}=={v(p)}" for p in ${names}))`;
  try {
    const found = execFileSync(python, ['-c', question], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    if (found.trim() === wanted.join(' ')) return { python, problem: '' };
    return { problem: `${python} has ${found.trim()}; ANYGOAL_PARITY_PYTHON may name one with ${wanted.join(', ')}` };
  } catch {
    return { problem: `${python} lacks ${wanted.join(' or ')}; ANYGOAL_PARITY_PYTHON may name one that has them` };
  }
}

/** Runs a recording script. */
export function recordWith<Trace>(python: string, script: URL, args: readonly string[]): Recording<Trace> {
  const text = execFileSync(python, [fileURLToPath(script), ...args], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return parse(text);
}

/** The largest difference of two rows of numbers. */
export function difference(ours: ArrayLike<number>, theirs: ArrayLike<number>): number {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} numbers here, ${theirs.length} there`);
  let largest = 0;
  for (let i = 0; i < ours.length; i++) largest = Math.max(largest, Math.abs(ours[i] - theirs[i]));
  return largest;
}
