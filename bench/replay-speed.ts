// How long a relabelled batch takes to sample, and that it does not depend on how much is stored: npx tsx bench/replay-speed.ts
import { loadavg } from 'node:os';
import { box, type EnvSpec, type GoalRules } from '../src/envs/index.js';
import { createRandom, type Random } from '../src/random.js';
import { createBatch, createReplay, createSampler, parseRelabel, type Replay } from '../src/replay/index.js';
import { record, table } from './record.js';

const spec: EnvSpec = {
  name: 'bench/25-observations',
  observation: box(25),
  achieved: box(3),
  goal: box(3),
  action: box(4, -1, 1),
  maxEpisodeSteps: 50,
  rewardRange: [-1, 0],
  successEndsEpisode: false,
  info: [],
};

const distance = (a: Float32Array, b: Float32Array, i: number) =>
  Math.sqrt((a[i] - b[i]) ** 2 + (a[i + 1] - b[i + 1]) ** 2 + (a[i + 2] - b[i + 2]) ** 2);
const rules: GoalRules = {
  computeReward(achieved, desired, _info, out) {
    for (let i = 0; i < out.length; i++) out[i] = distance(achieved, desired, 3 * i) <= 0.05 ? 0 : -1;
  },
  computeSuccess(achieved, desired, _info, out) {
    for (let i = 0; i < out.length; i++) out[i] = distance(achieved, desired, 3 * i) <= 0.05 ? 1 : 0;
  },
  goalFrom: (achieved, out) => out.set(achieved),
};

const { maxEpisodeSteps: T } = spec;
const bars: Record<string, number> = { '256 future:4 1000000': 0.12, '2048 future:4 1000000': 0.9 };
const random = createRandom(0);
const uniform = (size: number) => {
  const out = new Float32Array(size);
  random.fillUniform(out, 0, 1);
  return out;
};

function fill(replay: Replay, transitions: number): void {
  while (replay.ring.transitions < transitions) {
    const observation = uniform((T + 1) * 25);
    const achieved = uniform((T + 1) * 3);
    replay.addEpisode({ columns: { observation, achieved, goal: uniform(3), action: uniform(T * 4) }, failed: false });
  }
}

/** Milliseconds per call: median and 95th percentile over calls. */
function time(call: (random: Random) => void, calls: number): { median: number; p95: number } {
  for (let i = 0; i < 300; i++) call(random);
  const times = Array.from({ length: calls }, () => {
    const begin = performance.now();
    call(random);
    return performance.now() - begin;
  }).sort((a, b) => a - b);
  return { median: times[calls >> 1], p95: times[Math.floor(calls * 0.95)] };
}

const [load] = loadavg();
const rows: Record<string, number | string>[] = [];
for (const stored of [1_000, 10_000, 100_000, 1_000_000]) {
  const replay = createReplay(spec, 1_000_000);
  fill(replay, stored);
  for (const relabel of ['future:4', 'none']) {
    const sampler = createSampler(replay, rules, parseRelabel(relabel));
    for (const size of [256, 2048]) {
      const batch = createBatch(spec, size);
      const { median, p95 } = time((r) => sampler.sample(r, batch), size === 256 ? 2000 : 500);
      const round = (ms: number) => Math.round(ms * 1e4) / 1e4;
      const bar = bars[`${size} ${relabel} ${stored}`] ?? '';
      rows.push({ stored, relabel, batch: size, medianMs: round(median), p95Ms: round(p95), barMs: bar });
    }
  }
}
const columns = ['stored', 'relabel', 'batch', 'medianMs', 'p95Ms', 'barMs'];
console.log(table([columns, ...rows.map((row) => columns.map((name) => row[name]))]));
record('replay-speed', { loadBefore: Number(load.toFixed(1)), rows });
const missed = rows.filter(({ medianMs, barMs }) => barMs !== '' && medianMs > barMs);
console.log(missed.length === 0 ? 'within the bar' : 'MISSED the bar');
process.exitCode = missed.length === 0 ? 0 : 1;
