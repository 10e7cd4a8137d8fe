// Actor, learner and broker are killed in turn, 50 times: no episode that the broker took is lost, none is stored twice.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { connectBroker } from '../../src/actors/index.js';
import { createIntake } from '../../src/actors/intake.js';
import { tableSum } from '../../src/actors/wire.js';
import { makeEnv } from '../../src/envs/index.js';
import { createRandom } from '../../src/random.js';
import { replayOfRows, rowLayout } from '../../src/replay/index.js';
import { crc32c } from '../../src/runs/crc32c.js';
import { parseSegments } from '../../src/runs/run-layout.js';
import { skipWithoutNats, startNats } from './nats.js';

const KILLS = 50;
const root = mkdtempSync(join(tmpdir(), 'anygoal-kills-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const runs = join(root, 'runs');
const log = join(root, 'sent.log');
mkdirSync(runs);

const script = (name: string) => new URL(`./${name}`, import.meta.url).pathname;
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A program that is started again after each of its deaths. */
function program(name: string, args: () => string[]) {
  let child: ChildProcess | undefined;
  let errors = '';
  const gone = (signal: NodeJS.Signals) =>
    new Promise<void>((resolve) => {
      if (!child || child.exitCode !== null || child.signalCode !== null) return resolve();
      child.once('exit', () => resolve());
      child.kill(signal);
    });
  return {
    start() {
      child = spawn(process.execPath, [script(name), ...args()], { stdio: ['ignore', 'ignore', 'pipe'] });
      child.stderr?.on('data', (text) => {
        errors += text;
      });
    },
    kill: () => gone('SIGKILL'),
    end: () => gone('SIGTERM'),
    get errors() {
      return errors;
    },
  };
}

const onlyRun = () => readdirSync(runs).find((name) => !name.startsWith('.')) ?? '';

/** The step of the last checkpoint; -1: there is none. */
function lastStep(): number {
  const link = existsSync(runs) && join(runs, onlyRun(), 'checkpoints', 'last');
  return link && existsSync(link) ? Number(/\d+/.exec(readlinkSync(link))?.[0]) : -1;
}

async function advanced(from: number, errors: () => string): Promise<void> {
  const end = Date.now() + 60_000;
  while (lastStep() <= from) {
    if (Date.now() > end) throw new Error(`no checkpoint after step ${from}: ${errors()}`);
    await pause(20);
  }
}

/** What tells an episode from all others: a sum of its rows, but for the first two words, which the replay writes. */
function sumOf(rows: Float32Array, width: number): number {
  const own = rows.slice();
  for (let row = 0; row < own.length; row += width) own.fill(0, row, row + 2);
  return crc32c(new Uint8Array(own.buffer));
}

/** The sums of the episodes in the run's replay. */
async function stored(): Promise<number[]> {
  const { spec } = await makeEnv('point/reach');
  const { width } = rowLayout(spec);
  const folder = join(runs, onlyRun());
  const checkpoint = JSON.parse(readFileSync(join(folder, 'checkpoints', 'last', 'checkpoint.json'), 'utf8'));
  const length = checkpoint.offsets['replay/segments.bin'] as number;
  const segments = parseSegments(readFileSync(join(folder, 'replay', 'segments.bin')), length, 'segments');
  const replay = replayOfRows(spec, 1_000_000);
  for (const segment of segments) replay.importEpisodes(segment);
  const { ring } = replay;
  const sums: number[] = [];
  for (let row = 0; row < ring.used; ) {
    const rows = ring.rows[row * width + 1] + 1;
    sums.push(sumOf(ring.rows.subarray(row * width, (row + rows) * width), width));
    row += rows;
  }
  return sums;
}

describe.skipIf(skipWithoutNats)('kills', () => {
  it(`${KILLS} of them lose no episode and double none, and training goes on`, { timeout: 300_000 }, async () => {
    const random = createRandom(22);
    const server = await startNats();
    const learner = program('learner-child.js', () => [server.address, runs]);
    let run = '';
    const actor = program('actor-child.js', () => [server.address, run, log]);
    const errors = () => `learner: ${learner.errors}\nactor: ${actor.errors}`;
    try {
      learner.start();
      await advanced(-1, errors);
      const first = await connectBroker(server.address);
      [run] = await first.runs();
      await first.close();
      actor.start();
      await advanced(0, errors);
      const restarts = [actor, learner, server];
      let before = lastStep();
      for (let kill = 0; kill < KILLS; kill++) {
        const victim = restarts[kill % 3];
        await victim.kill();
        await victim.start();
        await pause(300 * random.uniform());
        if (kill % 3 < 2) continue;
        await advanced(before, errors);
        before = lastStep();
      }
      await advanced(before, errors);
      await actor.end();
      await learner.end();

      const { spec } = await makeEnv('point/reach');
      const sums = await stored();
      const sent = readFileSync(log, 'utf8')
        .trim()
        .split('\n')
        .map((line) => Number(line.split(' ')[2]));
      // What the learner had not come to yet is still at the broker.
      const broker = await connectBroker(server.address);
      const channel = await broker.open(run);
      const rest = channel.receive(0);
      const { width } = rowLayout(spec);
      const intake = createIntake({ width, table: tableSum(spec), maxPolicyLag: Infinity });
      const waiting: number[] = [];
      for (;;) {
        const message = await Promise.race([rest.next(), pause(2500).then(() => undefined)]);
        if (!message) break;
        const episode = intake.take(message, 0);
        if (episode) waiting.push(sumOf(episode.rows, width));
      }
      await rest.close();
      await broker.close();

      expect(new Set(sums).size, 'episodes stored twice').toBe(sums.length);
      const known = new Set([...sums, ...waiting]);
      expect(
        sent.filter((sum) => !known.has(sum)),
        'episodes lost',
      ).toEqual([]);
      expect(sent.length).toBeGreaterThan(100);
      expect(sums.length).toBeGreaterThan(100);
      expect(lastStep()).toBeGreaterThan(before);
    } finally {
      await actor.kill();
      await learner.kill();
      await server.end();
    }
  });
});
