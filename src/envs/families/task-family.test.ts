// Task families: padding, rules per row, each member as it is alone, exact saving, forwarding, refusals.
import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { checkEnv } from '../check-env.js';
import { defineEnv } from '../define-env.js';
import type { EnvDefinition, GoalEnv, PlainSimulation, Simulation } from '../env.js';
import { arrayState, createGoalEnv } from '../goal-env.js';
import { pointReach, pointTwoTasks } from '../point/index.js';
import { box, discrete } from '../space.js';
import { walk } from '../testing.js';
import { type FamilyMembers, taskFamily } from './task-family.js';

const line = defineEnv({
  name: 'me/line',
  create: (): Simulation => ({
    ...walk({ bound: Infinity, maxEpisodeSteps: 13 }),
    pushable: ['cart'],
    push: (_thing, [x], now) => {
      now.observation[1] = x;
    },
  }),
}) as EnvDefinition;
const mixed = taskFamily('me/mixed', { plane: { env: pointReach }, line: { env: line } });
const make = async (family: EnvDefinition<Record<string, never>> = mixed) => (await family.create({})) as GoalEnv;

test('spaces hold every member; what a member does not have is zero', async () => {
  const { spec } = await make();
  expect(spec.tasks).toEqual(['plane', 'line']);
  expect([spec.observation.size, spec.achieved.size, spec.goal.size]).toEqual([2, 3, 2]);
  expect([spec.action.kind, spec.taskSteps, spec.maxEpisodeSteps]).toEqual(['box', [50, 13], 50]);
  expect([spec.rewardRange, spec.info]).toEqual([
    [-2.25, 0],
    ['long', 'task'],
  ]);
  expect(spec.goal).toMatchObject({ low: [-10, -1], high: [10, 1] });
  const env = await make();
  const { goal, achieved, task } = env.reset({ seed: 1, task: 'line' });
  expect([goal[1], achieved[1], achieved[2], task[0]]).toEqual([0, 0, 1, 1]);
});

test('keeps the contract, as do the two tasks of the point', async () => {
  expect(checkEnv(await make(), { rules: mixed.rules({}) })).toEqual({ ok: true, findings: [] });
  const options = { reward: 'sparse', distanceThreshold: 0.05 } as const;
  const two = await pointTwoTasks.create(options);
  expect(checkEnv(two, { rules: pointTwoTasks.rules(options) })).toEqual({ ok: true, findings: [] });
  expect(pointTwoTasks.sharing(options)[1]).toEqual({ task: 'turned-round', shares: ['S', 'A', 'r', 'p0'] });
});

test('each member goes as it does alone, and what it does not have of an action is ignored', async () => {
  const env = await make();
  const alone = (await line.create({})) as GoalEnv;
  const start = env.reset({ seed: 3, task: 'line' });
  // The family draws the task and then the member's seed.
  const random = createRandom(3);
  random.below(2);
  expect(alone.reset({ seed: random.uint32() }).observation).toEqual(start.observation);
  for (let t = 0; t < 13; t++) {
    const action = Math.sin(t);
    const [ours, theirs] = [env.step([action, t % 2 ? 1 : -1]), alone.step([action])];
    expect(ours.observation).toEqual(theirs.observation);
    expect([ours.reward, ours.isSuccess, ours.truncated]).toEqual([theirs.reward, theirs.isSuccess, theirs.truncated]);
  }
});

test('rules ask the member of each row, whatever the order of the rows', async () => {
  const env = await make();
  const rows = Array.from({ length: 60 }, (_, i) => {
    env.reset({ seed: i });
    const { achieved, goal, info, reward, isSuccess } = env.step([Math.cos(i), Math.sin(i)]);
    return { achieved: [...achieved], goal: [...goal], info: [...info], reward, isSuccess };
  });
  const flat = (name: 'achieved' | 'goal' | 'info') => Float32Array.from(rows.flatMap((row) => row[name]));
  const [reward, success] = [new Float32Array(60), new Uint8Array(60)];
  const rules = mixed.rules({});
  rules.computeReward(flat('achieved'), flat('goal'), flat('info'), reward);
  rules.computeSuccess(flat('achieved'), flat('goal'), flat('info'), success);
  expect([...reward]).toEqual(rows.map((row) => row.reward));
  expect([...success]).toEqual(rows.map((row) => Number(row.isSuccess)));
  expect(new Set(rows.map(({ info }) => info[1])).size).toBe(2);
  const goals = new Float32Array(120).fill(Number.NaN);
  rules.goalFrom?.(flat('achieved'), goals);
  expect([...goals]).toEqual(rows.flatMap(({ achieved, info }) => [achieved[0], info[1] === 1 ? 0 : achieved[1]]));
  const foreign = Float32Array.of(0, 0, 7);
  expect(() => rules.goalFrom?.(foreign, new Float32Array(2))).toThrow(
    'a row has task 7; tasks are numbers from 0 to 1',
  );
});

test('a goal and a saved time step hold for the member too: its scene, its limit, its generator', async () => {
  const env = await make();
  const { goal } = env.reset({ seed: 1, task: 'plane', goal: [0.25, -0.5] });
  expect([...goal]).toEqual([0.25, -0.5]);
  expect(env.scene?.().shapes.find(({ name }) => name === 'goal')?.position).toEqual([0.25, -0.5, 0]);
  const pointed = goal.slice();
  expect([env.goalAt?.([0.5, 3], pointed), ...pointed]).toEqual([true, 0.5, 1]);
  for (let t = 0; t < 30; t++) env.step([1, 0]);
  const bytes = env.saveState();
  env.reset({ state: bytes });
  for (let t = 1; t <= 50; t++) expect(env.step([0, 0]).truncated).toBe(t === 50);
  const other = await make();
  other.restoreState(bytes);
  expect([...other.saveState()]).toEqual([...bytes]);
  env.restoreState(bytes);
  expect(other.step([0, 1])).toEqual(env.step([0, 1]));
  expect([...other.reset().goal]).toEqual([...env.reset().goal]);
  env.reset({ seed: 2, task: 'line' });
  expect(env.pushable).toEqual(['cart']);
  expect(env.push?.('cart', [0.5, 0, 0]).observation[1]).toBe(0.5);
  env.reset({ seed: 2, task: 'plane' });
  expect(() => env.push?.('cart', [0.5, 0, 0])).toThrow('task plane has no "cart" to push');
});

/** Counts up by its choices; without goals. */
const counter = (choices: number): EnvDefinition =>
  defineEnv({
    name: 'me/counter',
    create(): PlainSimulation {
      const state = new Float64Array(1);
      return {
        spec: {
          name: 'me/counter',
          observation: { count: box(1, 0, 100) },
          action: discrete(choices),
          maxEpisodeSteps: 5 * choices,
          rewardRange: [0, choices],
        },
        ...arrayState(state),
        reset(random, { columns }) {
          state[0] = columns.count[0] = random.below(3);
        },
        step(action, { columns, reward }) {
          state[0] += action[0];
          columns.count[0] = state[0];
          reward[0] = action[0];
        },
      };
    },
  }) as EnvDefinition;

test('members without goals keep their rewards; choices beyond a member own begin again', async () => {
  const family = taskFamily('me/counters', { two: { env: counter(2) }, three: { env: counter(3) } });
  const env = await make(family);
  expect(checkEnv(env, { rules: family.rules({}) })).toEqual({ ok: true, findings: [] });
  expect(env.spec).toMatchObject({ action: discrete(3), goal: box(0), achieved: box(0), taskSteps: [10, 15] });
  env.reset({ task: 'two' });
  expect([env.step([1]).reward, env.step([2]).reward]).toEqual([1, 0]);
  env.reset({ task: 'three' });
  expect(env.step([2]).reward).toBe(2);
});

test.each<[FamilyMembers, RegExp]>([
  [{}, /has no members/],
  [{ a: pointReach as never }, /member a has no `env`; give the definition/],
  [{ a: { env: pointReach }, b: { env: counter(2) } }, /there are goals in member a, but not in b; make them alike/],
  [{ a: { env: pointTwoTasks } }, /member a has tasks of its own/],
  [
    { a: { env: pointReach, shares: ['S'] }, b: { env: line, shares: ['S'] } },
    /a and b declare that they share S, but their observations differ/,
  ],
  [{ a: { env: pointReach, shares: ['T', 'S'] } }, /member a shares T but not A; declare A too/],
  [{ a: { env: pointReach, shares: ['q' as 'S'] } }, /shares "q"; it must be among S, A, T, r, p0/],
  [
    { a: { env: pointReach, shares: ['r'] }, b: { env: pointReach, options: { reward: 'dense' }, shares: ['r'] } },
    /a and b declare that they share r, but their rewards differ/,
  ],
  [
    { a: { env: pointReach, options: { rewrad: 'dense' } } },
    /unknown setting of point\/reach "rewrad"; did you mean "reward"/,
  ],
])('members that do not go together are refused: %#', (members, message) => {
  expect(() => taskFamily('me/family', members).rules({})).toThrow(message);
});

test('members that end at success must all do so', () => {
  const ending = { name: 'me/ending', create: () => createGoalEnv(walk({ successEndsEpisode: true })) };
  const members = { a: { env: defineEnv(ending) as EnvDefinition }, b: { env: line } };
  expect(() => taskFamily('me/family', members).rules({})).toThrow(/success ends episodes in member a, but not in b/);
});

test('a family whose members all have a scripted controller asks that of the task', () => {
  const walkTo = (action: number, name: string) =>
    ({ ...line, name, demonstrator: () => () => [action] }) as EnvDefinition<Record<string, never>>;
  const both = taskFamily('me/both', { up: { env: walkTo(1, 'me/up') }, down: { env: walkTo(-1, 'me/down') } });
  const control = both.demonstrator?.({});
  const action = (task: number) => Array.from(control?.([0], [0], task) ?? []);
  expect([action(0), action(1)]).toEqual([[1], [-1]]);
  expect(taskFamily('me/one', { up: { env: walkTo(1, 'me/up') }, line: { env: line } }).demonstrator?.({})).toBe(
    undefined,
  );
  expect(both.members({}).map(({ task, env }) => [task, env.name])).toEqual([
    ['up', 'me/up'],
    ['down', 'me/down'],
  ]);
});
