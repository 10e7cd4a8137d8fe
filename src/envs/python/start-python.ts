// Starts the Python process that steps Gymnasium environments, and opens the two named pipes to it.
import { RunError, UsageError } from '../../errors.js';
import { parseGymName } from './gym-name.js';
import type { NodeModules } from './node-modules.js';

/** The open pipes, as file descriptors that block. */
export interface PythonPipes {
  readonly requests: number;
  readonly answers: number;
  /** Ends the process. */
  close(): void;
}

/** Milliseconds in which Python says that it has begun. */
const BEGIN = 60_000;
/** Relative to this file, in the sources as in the build. */
const SERVER = '../../../python/server/anygoal_server.py';

/** Which Python: the one that --python or ANYGOAL_PYTHON names, that of the active virtual environment, or `python3`. */
export function pythonPath({ process, path }: NodeModules): string {
  const { ANYGOAL_PYTHON, VIRTUAL_ENV } = process.env;
  return ANYGOAL_PYTHON || (VIRTUAL_ENV ? path.join(VIRTUAL_ENV, 'bin/python') : 'python3');
}

/** @throws UsageError where there is no such Python, or no Gymnasium in it */
export async function startPython(name: string, node: NodeModules): Promise<PythonPipes> {
  const { fs, os, path, url, children, process } = node;
  const python = pythonPath(node);
  const { id, arguments: given } = parseGymName(name);
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'anygoal-python-'));
  const [requests, answers] = ['requests', 'answers'].map((pipe) => path.join(folder, pipe));
  const script = path.join(path.dirname(url.fileURLToPath(import.meta.url)), SERVER);
  // What it prints goes to standard error, and not through us: a full pipe that nobody reads would stop it.
  const child = children.spawn(python, [script, requests, answers, id, JSON.stringify(given)], {
    stdio: ['ignore', 2, 2, 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  });
  const end = () => void child.kill('SIGKILL');
  endWithUs(process, child);
  try {
    await saysReady(name, python, child);
    return { requests: openPipe(fs, requests, 'w'), answers: openPipe(fs, answers, 'r'), close: end };
  } catch (error) {
    end();
    fs.rmSync(folder, { recursive: true, force: true }); // Python removes it once both sides have the pipes open
    throw error;
  } finally {
    child.unref();
  }
}

const running = new Set<import('child_process').ChildProcess>();

/** A process that hangs would not notice that we have gone. */
function endWithUs(process: NodeJS.Process, child: import('child_process').ChildProcess): void {
  if (running.size === 0) process.once('exit', endAll);
  running.add(child);
  child.once('exit', () => {
    running.delete(child);
    if (running.size === 0) process.off('exit', endAll);
  });
}

function endAll(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Opening a pipe waits for the other end; here that is our own for a moment, for Python may have died meanwhile. */
function openPipe(fs: NodeModules['fs'], path: string, flags: 'r' | 'w'): number {
  const both = fs.openSync(path, 'r+');
  try {
    return fs.openSync(path, flags);
  } finally {
    fs.closeSync(both);
  }
}

/** Resolves when Python has opened the pipes. */
async function saysReady(name: string, python: string, child: import('child_process').ChildProcess): Promise<void> {
  const fix = 'Name a Python that has gymnasium with --python PATH or ANYGOAL_PYTHON.';
  const said = child.stdio[3] as import('net').Socket;
  let text = '';
  let late: ReturnType<typeof setTimeout> | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      const refuse = (problem: string, cause?: Error) =>
        reject(new UsageError(`${name}: ${problem}. ${fix}`, cause && { cause }));
      late = setTimeout(() => refuse(`${python} has not begun after ${BEGIN / 1000} s; is it a Python?`), BEGIN);
      said.on('error', () => undefined); // its end will tell
      said.on('data', (more) => {
        text += more;
        if (text === 'ready') resolve();
      });
      child.once('error', (cause: NodeJS.ErrnoException) => {
        const why = cause.code === 'ENOENT' ? 'is not there' : `cannot be started (${cause.message})`;
        refuse(`the Python ${python} ${why}`, cause);
      });
      child.once('close', (code) => {
        const [, missing, where] = /^missing (\S+) (.*)$/.exec(text) ?? [];
        if (missing) refuse(`${where} has no ${missing}: ${where} -m pip install ${missing}`);
        else refuse(`${python} ended with code ${code} before it began; is it a Python 3?`);
      });
    });
  } finally {
    clearTimeout(late);
    said.destroy();
  }
}

const TIMEOUT = 'Timeout (';
const FATAL = 'Fatal Python error';

/** Whether Python itself says why it ends. */
export const areLastWords = (words: string): boolean => words.startsWith(TIMEOUT) || words.startsWith(FATAL);

/** What an answer that is no frame means: Python's last words, or somebody else's. */
export function lastWords(name: string, words: string, seconds: number): RunError {
  const text = words.trim();
  if (text === '') {
    return new RunError(
      `${name}: its Python process has ended without a word: killed, or out of memory? What it printed stands above.`,
    );
  }
  if (text.startsWith(TIMEOUT)) {
    return new RunError(
      `${name}: it has not answered for ${seconds} s, so its process was ended (env.timeout allows it more). It was here:\n${text}`,
    );
  }
  if (text.startsWith(FATAL)) return new RunError(`${name}: its Python process crashed.\n${text}`);
  return new RunError(
    `${name}: something wrote ${JSON.stringify(text.slice(0, 200))} into the pipe where an answer was expected; its process was ended.`,
  );
}
