// Whole environment steps with native physics beside the WebAssembly build: random actions, resets included, the same on
// both sides, in turn. The time is the processor's, so that other work on the machine disturbs little. Run with:
//   npx tsx bench/native-physics.ts [environment ...]
// It needs the models of Fetch, Meta-World and Gymnasium, and the library of MuJoCo (docs/environments/mujoco.md).
import { type GoalEnv, makeEnv } from '../src/envs/index.js';
import { loadMujoco } from '../src/physics/index.js';
import { createRandom } from '../src/random.js';
import { record, table, vectorInstructions } from './record.js';

const environments = [
  ...['fetch/reach', 'fetch/push', 'fetch/slide', 'fetch/pick-and-place', 'arm/reach', 'arm/push', 'tabletop/mt3'],
  ...['metaworld/push', 'metaworld/door-open', 'gymnasium/hopper', 'gymnasium/half-cheetah', 'gymnasium/ant'],
];
const rounds = 15;
/** Seconds of the processor that a round of WebAssembly takes. */
const roundSeconds = 0.4;
/** Steps over which what both show is compared; where an episode ends before, the next one begins from the same draw. */
const compared = 50;

/** The environment taking random actions, which depend on nothing but how many were taken before. */
function player(env: GoalEnv) {
  const random = createRandom(1);
  const action = new Float32Array(env.spec.action.kind === 'box' ? env.spec.action.size : 1);
  env.reset({ seed: 1 });
  const step = () => {
    random.fillUniform(action, -1, 1);
    const { observation, terminated, truncated } = env.step(action);
    if (terminated || truncated) env.reset();
    return observation;
  };
  return {
    step,
    /** Microseconds of the processor per step. */
    time(steps: number): number {
      const before = process.cpuUsage();
      for (let i = 0; i < steps; i++) step();
      const { user, system } = process.cpuUsage(before);
      return (user + system) / steps;
    },
  };
}

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);
const middle = (values: readonly number[]) => sorted(values)[values.length >> 1];

async function measure(name: string) {
  const envs = [await makeEnv(name), await makeEnv(name, { physics: 'native' })];
  const [wasm, native] = envs.map(player);
  let difference = 0;
  for (let i = 0; i < compared; i++) {
    const [one, other] = [wasm.step(), native.step()];
    for (let j = 0; j < one.length; j++) difference = Math.max(difference, Math.abs(one[j] - other[j]));
  }
  native.time(200);
  const steps = Math.max(50, Math.ceil((roundSeconds * 1e6) / wasm.time(200)));
  const times = { wasm: [] as number[], native: [] as number[] };
  for (let i = 0; i < rounds; i++) {
    times.wasm.push(wasm.time(steps));
    times.native.push(native.time(steps));
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
    difference,
  };
}

const chosen = process.argv.slice(2);
const results: Awaited<ReturnType<typeof measure>>[] = [];
for (const name of chosen.length > 0 ? chosen : environments) {
  const result = await measure(name);
  results.push(result);
  console.log(name, result.ratio.toFixed(2));
}
const shown = results.map(({ env, wasm, native, ratio, quartiles, bestRatio, difference }) => [
  ...[env, wasm.toFixed(0), native.toFixed(0), ratio.toFixed(2), quartiles.map((q) => q.toFixed(2)).join(' to ')],
  ...[bestRatio.toFixed(2), difference.toExponential(1)],
]);
console.log(table([['task', 'us wasm', 'us native', 'ratio', 'quartiles', 'of the best', 'difference'], ...shown]));
if (chosen.length === 0) {
  record('native-physics', {
    mujoco: (await loadMujoco()).mj_versionString(),
    vectorInstructions: vectorInstructions(),
    unit: 'microseconds of processor time per environment step, median and best of rounds taken in turn; difference: largest of any number that the policy sees (float32) in the first steps',
    rounds,
    secondsPerRound: roundSeconds,
    compared,
    results,
  });
}
