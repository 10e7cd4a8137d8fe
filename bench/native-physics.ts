// Whole environment steps with native physics beside the WebAssembly build: random actions, resets included, the same on
// both sides, in turn. The time is the processor's, so that other work on the machine disturbs little. Run with:
//   npx tsx bench/native-physics.ts [environment ...]
// It needs the models of Fetch, Meta-World and Gymnasium, and the library of MuJoCo (docs/environments/mujoco.md).
import { createRobot } from '../src/envs/fetch/robot.js';
import { compileFetch } from '../src/envs/fetch/simulation.js';
import { drawObject, fetchTasks, taskSetups } from '../src/envs/fetch/tasks.js';
import { type GoalEnv, loadFetchAssets, makeEnv } from '../src/envs/index.js';
import { loadEngine } from '../src/physics/index.js';
import { createRandom } from '../src/random.js';
import { record, table, vectorInstructions } from './record.js';

const environments = [
  ...['fetch/reach', 'fetch/push', 'fetch/slide', 'fetch/pick-and-place', 'arm/reach', 'arm/push', 'tabletop/mt3'],
  ...['metaworld/push', 'metaworld/door-open', 'gymnasium/hopper', 'gymnasium/half-cheetah', 'gymnasium/ant'],
];
const rounds = 15;
/** Seconds of the processor that a round of WebAssembly takes. */
const roundSeconds = 0.4;
/** Episodes of each Fetch task in which the numbers are compared, half of them with the gripper going for the object. */
const episodes = 20;

/** Takes random actions, which depend on nothing but how many were taken before. */
function player(env: GoalEnv) {
  const random = createRandom(1);
  const action = new Float32Array(env.spec.action.kind === 'box' ? env.spec.action.size : 1);
  env.reset({ seed: 1 });
  /** Microseconds of the processor per step. */
  return (steps: number): number => {
    const before = process.cpuUsage();
    for (let i = 0; i < steps; i++) {
      random.fillUniform(action, -1, 1);
      const { terminated, truncated } = env.step(action);
      if (terminated || truncated) env.reset();
    }
    const { user, system } = process.cpuUsage(before);
    return (user + system) / steps;
  };
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const middle = (values: readonly number[]) => sorted(values)[values.length >> 1];

async function measure(name: string) {
  const envs = [await makeEnv(name), await makeEnv(name, { physics: 'native' })];
  const [wasm, native] = envs.map(player);
  native(200);
  const steps = Math.max(50, Math.ceil((roundSeconds * 1e6) / wasm(200)));
  const times = { wasm: [] as number[], native: [] as number[] };
  for (let i = 0; i < rounds; i++) {
    times.wasm.push(wasm(steps));
    times.native.push(native(steps));
  }
  for (const env of envs) env.dispose?.();
  const ratios = sorted(times.wasm.map((time, i) => time / times.native[i]));
  const [bestWasm, bestNative] = [Math.min(...times.wasm), Math.min(...times.native)];
  return {
    env: name,
    wasm: middle(times.wasm),
    native: middle(times.native),
    ratio: middle(ratios),
    quartiles: [ratios[Math.floor(rounds / 4)], ratios[Math.ceil((3 * rounds) / 4) - 1]],
    bestWasm,
    bestNative,
    bestRatio: bestWasm / bestNative,
  };
}

/**
 * Largest difference of a number of the observation in whole episodes, in float64: between both, and, for what that means,
 * within WebAssembly where the object begins one unit in the last place elsewhere.
 */
async function compareFetch() {
  const [wasm, native] = [await loadEngine('wasm'), await loadEngine('native')];
  const files = await loadFetchAssets();
  return fetchTasks.map((task) => {
    const setup = taskSetups[task];
    const compiled = compileFetch(wasm, task, files);
    const robots = [wasm, native, wasm].map((mujoco) => createRobot(mujoco, task, compiled));
    const random = createRandom(1);
    const [place, action] = [new Float64Array(2), new Float64Array(4)];
    const apart = [[] as number[], [] as number[]];
    for (let episode = 0; episode < episodes; episode++) {
      if (setup.object) drawObject(random, setup, robots[0].initialGripper, place);
      for (const [k, robot] of robots.entries()) robot.reset([place[0] + (k === 2 ? 2.2e-16 : 0), place[1]]);
      const largest = [0, 0];
      for (let step = 0; step <= 50; step++) {
        const [{ observation, achieved }, ...others] = robots;
        for (const [k, other] of others.entries()) {
          observation.forEach((value, i) => {
            largest[k] = Math.max(largest[k], Math.abs(value - other.observation[i]));
          });
        }
        if (step % 5 === 0) random.fillUniform(action, -1, 1);
        if (episode % 2) for (let i = 0; i < 3; i++) action[i] = 8 * (achieved[i] - observation[i]) + 0.2 * action[i];
        for (const robot of robots) robot.step(action);
      }
      for (const [k, all] of apart.entries()) all.push(largest[k]);
    }
    for (const { physics } of robots) physics.dispose();
    const [found, shifted] = apart.map((all) => ({ median: middle(all), largest: Math.max(...all) }));
    return { env: `fetch/${task}`, native: found, ...(setup.object && { shifted }) };
  });
}

const chosen = process.argv.slice(2);
const results: Awaited<ReturnType<typeof measure>>[] = [];
for (const name of chosen.length > 0 ? chosen : environments) {
  const result = await measure(name);
  results.push(result);
  console.log(name, result.ratio.toFixed(2));
}
const shown = results.map(({ env, wasm, native, ratio, quartiles, bestRatio }) => [
  ...[env, wasm.toFixed(0), native.toFixed(0), ratio.toFixed(2), quartiles.map((q) => q.toFixed(2)).join(' to ')],
  bestRatio.toFixed(2),
]);
console.log(table([['task', 'us wasm', 'us native', 'ratio', 'quartiles', 'of the best'], ...shown]));
if (chosen.length === 0) {
  const differences = await compareFetch();
  const short = (value?: number) => value?.toExponential(1) ?? '';
  const rows = differences.map(({ env, native: n, shifted: s }) => [
    env,
    ...[n.median, n.largest, s?.median, s?.largest].map(short),
  ]);
  console.log(table([['task', 'native: median', 'largest', 'shifted: median', 'largest'], ...rows]));
  record('native-physics', {
    mujoco: (await loadEngine()).mj_versionString(),
    vectorInstructions: vectorInstructions(),
    unit: 'microseconds of processor time per environment step, median and best of rounds taken in turn; differences: largest of a number of the observation in an episode',
    rounds,
    secondsPerRound: roundSeconds,
    results,
    episodes,
    differences,
  });
}
