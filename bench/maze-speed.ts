// How many steps per second the mazes make on one core, actions and resets included: npx tsx bench/maze-speed.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { makeEnv } from '../src/envs/index.js';
import { createRandom } from '../src/random.js';

/** Steps per second that issue and documentation promise. */
const bar = 500_000;
const steps = 200_000;
const rounds = 7;
const names = ['point/maze-umaze', 'point/maze-medium', 'point/maze-large'];
const actions = ['displacement', 'velocity'];

async function measure(name: string, action: string) {
  const env = await makeEnv(name, { action });
  const random = createRandom(0);
  const command = new Float32Array(2);
  const run = () => {
    env.reset();
    for (let t = 0; t < steps; t++) {
      random.fillUniform(command, -1, 1);
      const { truncated } = env.step(command);
      if (truncated) env.reset();
    }
  };
  run();
  const rates = Array.from({ length: rounds }, () => {
    const start = performance.now();
    run();
    return (1000 * steps) / (performance.now() - start);
  }).sort((a, b) => a - b);
  const [slowest, median] = [rates[0], rates[(rounds - 1) / 2]].map(Math.round);
  console.log(
    `${name.padEnd(18)} ${action.padEnd(12)} ${median.toLocaleString('en')} steps/s (slowest ${slowest.toLocaleString('en')})`,
  );
  return { name, action, stepsPerSecond: median, slowest };
}

const results = [];
for (const name of names) for (const action of actions) results.push(await measure(name, action));
const passed = results.every(({ stepsPerSecond }) => stepsPerSecond >= bar);
const file = new URL('results/maze-speed.json', import.meta.url);
mkdirSync(new URL('.', file), { recursive: true });
const machine = { cpu: cpus()[0].model, node: process.version };
writeFileSync(file, `${JSON.stringify({ machine, bar, steps, rounds, passed, results }, null, 2)}\n`);
console.log(passed ? `all above ${bar.toLocaleString('en')}` : `below ${bar.toLocaleString('en')}`);
process.exitCode = passed ? 0 : 1;
