// Measures the tabletop: steps per second of processor time on one core under random actions, resets included, and how often
// the scripted controllers solve each task (success at the last step). Run with: npx tsx bench/tabletop.ts [speed|experts]
import { readFileSync } from 'node:fs';
import { makeEnv } from '../src/envs/index.js';
import { tabletopEnv } from '../src/envs/tabletop/index.js';
import { tabletopTasks } from '../src/envs/tabletop/tasks.js';
import { createRandom } from '../src/random.js';
import { record, table } from './record.js';

const episodes = 300;
const firstSeed = 5000;
const rounds = 9;
const stepsPerRound = 3000;

/** Which vector instructions the processor has: some machines differ by them. */
function vectors(): string {
  try {
    const flags = readFileSync('/proc/cpuinfo', 'utf8');
    return flags.includes('avx512f') ? 'AVX-512' : flags.includes('avx2') ? 'AVX2' : 'neither AVX2 nor AVX-512';
  } catch {
    return 'unknown';
  }
}

/** Median of some rounds, and the fastest: other work on the machine slows rounds down, nothing speeds them up. */
async function measureSpeed(name: string) {
  const env = await makeEnv(name);
  const random = createRandom(1);
  const action = new Float32Array(4);
  env.reset({ seed: 1 });
  const speeds: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let i = 0; i < stepsPerRound; i++) {
      random.fillUniform(action, -1, 1);
      if (env.step(action).truncated) env.reset();
    }
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) speeds.push(Math.round(stepsPerRound / ((user + system) / 1e6))); // the first one warms up
  }
  env.dispose?.();
  speeds.sort((a, b) => a - b);
  return { env: name, median: speeds[rounds >> 1], slowest: speeds[0], fastest: speeds[rounds - 1] };
}

async function measureExpert(task: (typeof tabletopTasks)[number]) {
  const env = await makeEnv(`tabletop/${task}`);
  const control = tabletopEnv(task).demonstrator?.({ reward: 'sparse', distanceThreshold: 0.04 });
  let atEnd = 0;
  let ever = 0;
  let sum = 0;
  let longest = 0;
  for (let seed = firstSeed; seed < firstSeed + episodes; seed++) {
    let { observation, goal } = env.reset({ seed });
    let reachedAt = 0;
    for (let i = 1; i <= env.spec.maxEpisodeSteps; i++) {
      const step = env.step(control!(observation, goal));
      ({ observation, goal } = step);
      if (step.isSuccess && reachedAt === 0) reachedAt = i;
      if (step.truncated && step.isSuccess) atEnd++;
    }
    if (reachedAt > 0) ever++;
    sum += reachedAt;
    longest = Math.max(longest, reachedAt);
  }
  const limit = env.spec.maxEpisodeSteps;
  env.dispose?.();
  return {
    env: `tabletop/${task}`,
    successAtEnd: atEnd / episodes,
    successEver: ever / episodes,
    meanStepsToGoal: Number((sum / ever).toFixed(1)),
    mostStepsToGoal: longest,
    limit,
  };
}

async function main([what]: readonly string[]): Promise<void> {
  if (what !== 'experts') {
    const results = [];
    for (const name of ['arm/push', ...tabletopTasks.map((task) => `tabletop/${task}`), 'tabletop/mt10']) {
      results.push(await measureSpeed(name));
    }
    console.log(table([['environment', 'median', 'slowest', 'fastest'], ...results.map((row) => Object.values(row))]));
    record('tabletop-speed', {
      unit: 'environment steps per second of processor time on one core, random actions, resets included',
      vectors: vectors(),
      rounds,
      stepsPerRound,
      results,
    });
  }
  if (what !== 'speed') {
    const results = [];
    for (const task of tabletopTasks) results.push(await measureExpert(task));
    console.log(table([Object.keys(results[0]), ...results.map((row) => Object.values(row))]));
    record('tabletop-experts', { episodes, firstSeed, results });
  }
}

await main(process.argv.slice(2));
