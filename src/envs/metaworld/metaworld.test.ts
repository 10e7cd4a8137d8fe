// The Meta-World tasks where their models are: the contract of environments, exactness, and that they can be solved.
import { afterAll, describe, expect, test } from 'vitest';
import { checkDefinition, type Finding } from '../check-env.js';
import type { GoalEnv } from '../env.js';
import { loadEnv, makeEnv } from '../registry.js';
import { areHere, playRandomly } from '../testing.js';
import { loadMetaworldAssets } from './assets.js';
import { scriptedPolicy } from './scripted.js';
import { type MetaworldTask, metaworldTasks } from './tasks.js';

const here = await areHere(loadMetaworldAssets);
if (!here) {
  console.log('Meta-World environments not tried: their models are not here (docs/environments/metaworld.md).');
}

const open: GoalEnv[] = [];
async function create(name: string, settings: Record<string, unknown> = {}): Promise<GoalEnv> {
  const env = await makeEnv(`metaworld/${name}`, settings);
  open.push(env);
  return env;
}
afterAll(() => {
  for (const env of open) env.dispose?.();
});

describe.skipIf(!here).each(metaworldTasks)('metaworld/%s', (task) => {
  test.each(['v2', 'sparse', 'zero-one', 'dense'])('keeps the contract of environments: %s', async (reward) => {
    const definition = await loadEnv(`metaworld/${task}`);
    const { findings } = await checkDefinition(definition, { reward, maxEpisodeSteps: 40 }, { episodes: 2 });
    // Random actions do not move fixtures in so few steps.
    const still = ({ level, check }: Finding) => level === 'warning' && check === 'achieved';
    expect(findings.filter((finding) => !still(finding))).toEqual([]);
  });

  test('equal seeds give equal episodes, whatever happened before, and saved states go on elsewhere', async () => {
    const fresh = await create(task);
    const used = await create(task);
    used.reset({ seed: 9 });
    playRandomly(used, 30, 1);
    const [first, second] = [fresh, used].map((env) => {
      const { observation } = env.reset({ seed: 5 });
      return [[...observation], ...playRandomly(env, 20, 3)];
    });
    expect(second).toEqual(first);
    const state = fresh.saveState();
    const expected = playRandomly(fresh, 20, 4);
    used.reset({ seed: 8 }); // its fixture stands elsewhere
    playRandomly(used, 5, 6);
    used.restoreState(state);
    expect(used.saveState()).toEqual(state);
    expect(playRandomly(used, 20, 4)).toEqual(expected);
  });

  test('with the target as a goal the policy sees the same numbers, and another goal changes nothing else', async () => {
    const plain = await create(task);
    const withGoal = await create(task, { reward: 'sparse' });
    const policy = scriptedPolicy(task);
    let a = plain.reset({ seed: 3 });
    let b = withGoal.reset({ seed: 3 });
    for (let step = 0; step < 130; step++) {
      expect([...b.observation, ...b.goal]).toEqual([...a.observation]);
      const action = Float32Array.from(policy(a.observation, a.goal));
      expect(Float32Array.from(policy(b.observation, b.goal))).toEqual(action);
      const [next, other] = [plain.step(action), withGoal.step(action)];
      expect([other.isSuccess, other.reward]).toEqual([next.isSuccess, next.isSuccess ? 0 : -1]);
      [a, b] = [next, other];
    }
    const pointed = b.goal.slice();
    expect(withGoal.goalAt?.([...b.goal], pointed)).toBe(true);
    pointed.forEach((value, i) => {
      expect(value).toBeCloseTo(b.goal[i], 6);
    });
    const shapes = plain.scene?.().shapes ?? [];
    expect(shapes.find(({ name }) => name === 'goal')?.position[0]).toBeCloseTo(b.goal[0], 6);
    expect(shapes.filter(({ mesh }) => mesh).length).toBeGreaterThan(10); // the robot, which is only looked at
    // What is drawn is where it is: the finger's pad under the hand.
    const pad = shapes.find(({ name }) => name === 'leftpad_geom')?.position ?? [];
    expect(Math.hypot(...pad.map((value, i) => value - a.observation[i]))).toBeLessThan(0.15);
  });
});

/** Of 20 episodes; Python's own policies miss some doors and pegs too. */
const bars: Readonly<Partial<Record<MetaworldTask, number>>> = { 'door-open': 17, 'peg-insert-side': 15 };

test.skipIf(!here).each(metaworldTasks)('the scripted policy solves metaworld/%s', async (task) => {
  const env = await create(task, { maxEpisodeSteps: 300 });
  const policy = scriptedPolicy(task);
  let solved = 0;
  for (let seed = 1000; seed < 1020; seed++) {
    let { observation, goal } = env.reset({ seed });
    for (;;) {
      const step = env.step(policy(observation, goal));
      ({ observation, goal } = step);
      if (step.isSuccess) solved++;
      if (step.isSuccess || step.truncated) break;
    }
  }
  expect(solved).toBeGreaterThanOrEqual(bars[task] ?? 19);
});

describe.skipIf(!here)('metaworld/mt10', () => {
  test('keeps the contract of environments', async () => {
    const options = { episodes: 2 };
    const report = await checkDefinition(await loadEnv('metaworld/mt10'), { maxEpisodeSteps: 10 }, options);
    expect(report.findings).toEqual([]);
  }, 60_000);

  test('an episode of a task is that of the task alone', async () => {
    const env = await create('mt10');
    expect(env.spec).toMatchObject({ tasks: [...metaworldTasks], success: true, rewardRange: [0, 10] });
    expect([env.spec.observation.size, env.spec.goal.size, env.spec.maxEpisodeSteps]).toEqual([39, 0, 500]);
    const { observation, task } = env.reset({ seed: 1, task: 'window-open' });
    expect([...task]).toEqual([8]);
    const policy = scriptedPolicy('window-open');
    let done = env.step(policy(observation, []));
    for (let i = 0; i < 120 && !done.isSuccess; i++) done = env.step(policy(done.observation, []));
    expect(done.isSuccess).toBe(true);
  });
});
