// What starting costs: the command line, a training to its end after a few steps, the studio to its first page.
// npm run build && npx tsx bench/start-up.ts [--rounds 9] [--before FOLDER]   (another checkout, built, in turn)
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { record, table } from './record.js';
import { median } from './update/measure.js';

const { values: options } = parseArgs({
  options: { rounds: { type: 'string', default: '9' }, before: { type: 'string' } },
});
const here = fileURLToPath(new URL('..', import.meta.url));
const checkouts = options.before ? { before: options.before, now: here } : { now: here };

/** What is timed: arguments of node, and which word of its output ends it; absent: its end. */
interface Start {
  readonly name: string;
  readonly words: (cli: string, folder: string) => string[];
  readonly until?: RegExp;
  /** Asks for the page whose address the match tells, before the time is taken. */
  readonly page?: boolean;
}

const starts: readonly Start[] = [
  { name: 'node itself', words: () => ['-e', '0'] },
  { name: '--version', words: (cli) => [cli, '--version'] },
  { name: '--help', words: (cli) => [cli, '--help'] },
  { name: 'envs', words: (cli) => [cli, 'envs'] },
  {
    name: 'train bit-flip, 64 steps',
    words: (cli, folder) => [cli, 'train', 'bit-flip', '--steps', '64', '--out', folder, '--quiet'],
  },
  {
    name: "studio's first page",
    words: (cli, folder) => [cli, 'studio', folder, '--port', '0', '--no-open'],
    until: /https?:\/\/\S+/,
    page: true,
  },
];

interface Cost {
  readonly wall: number;
  /** User and system time of the process and those that it waited for; absent where it was ended. */
  readonly processor?: number;
}

/** The shell's `times` tells what a child and its children took. */
const shell = (words: readonly string[]) =>
  spawn('sh', ['-c', '"$@" >/dev/null 2>&1; times', 'sh', process.execPath, ...words], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });

const outputOf = async (child: ChildProcess): Promise<string> => {
  let text = '';
  for await (const part of child.stdout ?? []) text += part;
  return text;
};

/** Of `0m0.080s 0m0.020s`, the last line: seconds of the children. */
const seconds = (text: string): number =>
  (text.trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map((part) => /(\d+)m([\d.]+)s/.exec(part))
    .reduce((sum, match) => sum + (match ? 60 * Number(match[1]) + Number(match[2]) : Number.NaN), 0);

async function take({ words, until, page }: Start, checkout: string): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'start-up-'));
  const all = words(join(checkout, 'dist/cli/main.js'), folder);
  const begin = performance.now();
  try {
    if (!until) {
      const text = await outputOf(shell(all));
      return { wall: performance.now() - begin, processor: 1000 * seconds(text) };
    }
    const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'ignore'] });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    let text = '';
    for await (const part of child.stdout) {
      text += part;
      const [address] = until.exec(text) ?? [];
      if (address === undefined) continue;
      if (page) await (await fetch(address)).text();
      break;
    }
    const wall = performance.now() - begin;
    child.kill();
    await ended;
    return { wall };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const round = (value: number) => Number(value.toFixed(0));
const [load] = loadavg();
const rows: Record<string, string | number>[] = [];
for (const start of starts) {
  const costs = Object.fromEntries(Object.keys(checkouts).map((name) => [name, [] as Cost[]]));
  for (let i = 0; i < Number(options.rounds); i++) {
    for (const [name, checkout] of Object.entries(checkouts)) costs[name].push(await take(start, checkout));
  }
  for (const [name, all] of Object.entries(costs)) {
    const walls = all.map(({ wall }) => wall);
    const worked = all.flatMap(({ processor }) => processor ?? []);
    rows.push({
      what: start.name,
      which: name,
      best: round(Math.min(...walls)),
      median: round(median(walls)),
      processor: worked.length > 0 ? round(Math.min(...worked)) : '',
    });
  }
}
const columns = ['what', 'which', 'best', 'median', 'processor'];
console.log('milliseconds');
console.log(table([columns, ...rows.map((row) => columns.map((name) => row[name]))]));
record('start-up', { loadBefore: Number(load.toFixed(1)), rows });
