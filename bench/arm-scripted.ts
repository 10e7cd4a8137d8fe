// Measures how often the scripted controllers solve the arm's tasks: success at the last step, fresh seeds.
// Run with: npx tsx bench/arm-scripted.ts
import { mkdirSync, writeFileSync } from 'node:fs';
import type { ArmTask } from '../src/envs/arm/rules.js';
import { scriptedController } from '../src/envs/arm/scripted.js';
import { makeEnv } from '../src/envs/index.js';

const episodes = 300;
const firstSeed = 5000;
const tasks: ArmTask[] = ['reach', 'push', 'slide', 'pick-and-place'];

async function measure(task: ArmTask) {
  const env = await makeEnv(`arm/${task}`);
  const control = scriptedController(task);
  let atEnd = 0;
  let firstReached = 0;
  let everReached = 0;
  for (let seed = firstSeed; seed < firstSeed + episodes; seed++) {
    let { observation, goal } = env.reset({ seed });
    let reachedAt = 0;
    for (let i = 1; i <= env.spec.maxEpisodeSteps; i++) {
      const step = env.step(control(observation, goal));
      ({ observation, goal } = step);
      if (step.isSuccess && reachedAt === 0) reachedAt = i;
      if (step.truncated && step.isSuccess) atEnd++;
    }
    if (reachedAt > 0) everReached++;
    firstReached += reachedAt;
  }
  env.dispose?.();
  const result = {
    env: `arm/${task}`,
    episodes,
    successAtEnd: atEnd / episodes,
    successEver: everReached / episodes,
    meanStepsToGoal: Number((firstReached / everReached).toFixed(1)),
  };
  console.log(JSON.stringify(result));
  return result;
}

async function main(): Promise<void> {
  const results = [];
  for (const task of tasks) results.push(await measure(task));
  mkdirSync('bench/results', { recursive: true });
  writeFileSync('bench/results/arm-scripted.json', `${JSON.stringify({ firstSeed, results }, null, 2)}\n`);
}

await main();
