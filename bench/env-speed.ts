// Measures steps per second of each environment on one core: random actions, whole steps with observation and reward,
// resets included. The time is the processor's, so that other work on the machine disturbs little. Run with: npx tsx bench/env-speed.ts [environment ...]
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { listEnvs, loadEnv, makeEnv } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';

const rounds = 7;
const secondsPerRound = 0.8;

interface Speed {
  readonly env: string;
  readonly stepsPerSecond: number;
  readonly slowest: number;
  readonly fastest: number;
}

async function measure(name: string): Promise<Speed> {
  const env = await makeEnv(name);
  const random = createRandom(1);
  const { action: space } = env.spec;
  const action = new Float32Array(space.kind === 'box' ? space.size : 1);
  env.reset({ seed: 1 });
  const round = (seconds: number) => {
    const start = performance.now();
    const before = process.cpuUsage();
    let steps = 0;
    while (performance.now() - start < 1000 * seconds) {
      for (let i = 0; i < 50; i++) {
        if (space.kind === 'box') random.fillUniform(action, -1, 1);
        else action[0] = random.below(space.n);
        const { terminated, truncated } = env.step(action);
        if (terminated || truncated) env.reset();
      }
      steps += 50;
    }
    const { user, system } = process.cpuUsage(before);
    return (1e6 * steps) / (user + system);
  };
  round(0.5); // warms up the compiler
  const speeds = Array.from({ length: rounds }, () => round(secondsPerRound)).sort((a, b) => a - b);
  env.dispose?.();
  return {
    env: name,
    stepsPerSecond: Math.round(speeds[rounds >> 1]),
    slowest: Math.round(speeds[0]),
    fastest: Math.round(speeds[rounds - 1]),
  };
}

async function main(): Promise<void> {
  const chosen = process.argv.slice(2);
  const names = chosen.length > 0 ? chosen : listEnvs().map(({ name }) => name);
  const results: Speed[] = [];
  for (const name of names) {
    await loadEnv(name); // an unknown name fails before anything is measured
    const result = await measure(name);
    results.push(result);
    const { stepsPerSecond, slowest, fastest } = result;
    console.log(`${name.padEnd(22)} ${String(stepsPerSecond).padStart(9)} steps/s   (${slowest} to ${fastest})`);
  }
  if (chosen.length > 0) return; // the record is of all
  const record = {
    machine: `${cpus()[0]?.model.trim()}, ${cpus().length} cores`,
    node: process.version,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    unit: 'environment steps per second of processor time',
    results,
  };
  mkdirSync('bench/results', { recursive: true });
  writeFileSync('bench/results/env-speed.json', `${JSON.stringify(record, null, 2)}\n`);
  console.log('written to bench/results/env-speed.json');
}

await main();
