import { expect, test } from 'vitest';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { createGoalEnv } from '../envs/goal-env.js';
import { box } from '../envs/space.js';
import { walk } from '../envs/testing.js';
import { createRandom } from '../random.js';
import { type Batch, createBatch } from './batch.js';
import { parseRelabel, type RelabelStrategyName } from './relabel.js';
import { createReplay } from './replay.js';
import { createSampler } from './sampler.js';
import { code, codedEpisode, codedRules, codedSpec, draws, episodeOf, filled, stepOf } from './testing.js';

const future4 = parseRelabel('future:4');

/** Upper bound of chi-squared for a false alarm of about 1e-4, by Wilson and Hilferty's cube (1931). */
const chiBound = (freedom: number) => freedom * (1 - 2 / (9 * freedom) + 3.72 * Math.sqrt(2 / (9 * freedom))) ** 3;

function chiSquared(observed: ReadonlyMap<string, number>, expected: ReadonlyMap<string, number>): number {
  for (const key of observed.keys()) if (!expected.has(key)) throw new Error(`${key} must never be drawn`);
  return [...expected].reduce((sum, [key, e]) => sum + ((observed.get(key) ?? 0) - e) ** 2 / e, 0);
}

test('a transition is what one action did: before and after belong together, whatever the goal', () => {
  const replay = filled([3, 7, 1, 5], 20);
  for (const strategy of ['future', 'final', 'episode', 'random', 'none'] as const) {
    for (const d of draws(replay, { strategy, k: 4 }, 2000)) {
      expect([d.nextEpisode, d.nextT]).toEqual([d.episode, d.t + 1]);
      expect([d.achieved, d.nextAchieved]).toEqual([code(d.episode, d.t), code(d.episode, d.t + 1)]);
      expect([d.action, d.info]).toEqual([d.t + 0.5, d.t + 0.5]);
      if (!d.relabelled) expect(d.goal).toBe(-1);
    }
  }
});

test('goals come from the own episode also where it runs over the end of the ring', () => {
  for (const [strategy, first] of [
    ['future', 1],
    ['final', 6],
    ['episode', 1],
  ] as const) {
    const replay = filled(new Array(9).fill(6), 12, codedSpec(6)); // 14 rows for episodes of 7
    replay.addEpisode(codedEpisode(9, 3));
    replay.addEpisode(codedEpisode(10, 6));
    expect(replay.ring.rowOf(10)).toBe(11);
    const steps = new Set<number>();
    for (const { episode, t, goal, relabelled } of draws(replay, { strategy, k: 4 }, 2000)) {
      if (!relabelled) continue;
      expect(episodeOf(goal)).toBe(episode);
      if (strategy === 'future') expect(stepOf(goal)).toBeGreaterThan(t);
      if (episode === 10) steps.add(stepOf(goal));
    }
    expect([...steps].sort()).toEqual([1, 2, 3, 4, 5, 6].slice(first - 1));
  }
});

test('transitions are drawn uniformly (chi-squared)', () => {
  const lengths = [3, 7, 1, 5, 1, 10];
  const n = 50_000 - (50_000 % 256);
  const observed = new Map<string, number>();
  for (const { episode, t } of draws(filled(lengths), future4, n)) {
    observed.set(`${episode}:${t}`, (observed.get(`${episode}:${t}`) ?? 0) + 1);
  }
  const keys = lengths.flatMap((steps, episode) => Array.from({ length: steps }, (_, t) => `${episode}:${t}`));
  expect(chiSquared(observed, new Map(keys.map((key) => [key, n / keys.length])))).toBeLessThan(
    chiBound(keys.length - 1),
  );
});

test.each<[RelabelStrategyName, (t: number, steps: number) => number[]]>([
  ['future', (t, steps) => Array.from({ length: steps - t }, (_, i) => t + 1 + i)],
  ['final', (_t, steps) => [steps]],
  ['episode', (_t, steps) => Array.from({ length: steps }, (_, i) => 1 + i)],
])('%s draws goals achieved after an action of the same episode, uniformly (chi-squared)', (strategy, pool) => {
  const lengths = [2, 6, 1, 4];
  const counts = new Map<string, number>();
  const relabelledOf = new Map<string, number>();
  for (const { episode, t, goal, relabelled } of draws(filled(lengths), { strategy, k: 4 }, 80_000)) {
    if (!relabelled) continue;
    expect(episodeOf(goal)).toBe(episode);
    const from = `${episode}:${t}`;
    relabelledOf.set(from, (relabelledOf.get(from) ?? 0) + 1);
    const key = `${from}>${stepOf(goal)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const expected = new Map<string, number>();
  let freedom = 0;
  for (const [from, n] of relabelledOf) {
    const [episode, t] = from.split(':').map(Number);
    const steps = pool(t, lengths[episode]);
    freedom += steps.length - 1;
    for (const step of steps) expected.set(`${from}>${step}`, n / steps.length);
  }
  expect(relabelledOf.size).toBe(13);
  expect(chiSquared(counts, expected)).toBeLessThan(freedom === 0 ? 1e-9 : chiBound(freedom));
});

test('random draws any goal stored after an action, uniformly (chi-squared)', () => {
  const lengths = [2, 6, 1, 4];
  const counts = new Map<string, number>();
  let n = 0;
  for (const { goal, relabelled } of draws(filled(lengths), { strategy: 'random', k: 4 }, 50_000)) {
    if (!relabelled) continue;
    n++;
    counts.set(`${goal}`, (counts.get(`${goal}`) ?? 0) + 1);
  }
  const keys = lengths.flatMap((steps, episode) => Array.from({ length: steps }, (_, t) => `${code(episode, t + 1)}`));
  expect(chiSquared(counts, new Map(keys.map((key) => [key, n / keys.length])))).toBeLessThan(
    chiBound(keys.length - 1),
  );
});

test.each([1, 4, 8])('the share of relabelled transitions is k / (1 + k) for k = %i (binomial, 4 sigma)', (k) => {
  let [n, hits] = [0, 0];
  for (const { relabelled } of draws(filled([10, 10]), { strategy: 'future', k }, 40_000)) {
    n++;
    if (relabelled) hits++;
  }
  const share = k / (1 + k);
  expect(Math.abs(hits - n * share)).toBeLessThan(4 * Math.sqrt(n * share * (1 - share)));
});

test('the reward is that of the goal achieved after the action, in the order (achieved, desired)', () => {
  const seen = new Set<number>();
  for (const d of draws(filled([6]), { strategy: 'episode', k: 4 }, 4000)) {
    const expected = d.nextAchieved === d.goal ? 0 : d.nextAchieved < d.goal ? -1 : -2;
    expect(d.reward).toBe(expected);
    seen.add(expected);
  }
  expect([...seen].sort()).toEqual([-1, -2, 0]);
});

test('termination is recomputed: failures always, success under the new goal where it ends episodes, limits never', () => {
  for (const ends of [true, false]) {
    const replay = createReplay(codedSpec(10, ends), 100);
    // The first reached its original goal at its end, the second failed, the third ran into the time limit.
    replay.addEpisode(codedEpisode(0, 4, { goal: code(0, 4) }));
    replay.addEpisode(codedEpisode(1, 4, { failed: true }));
    replay.addEpisode(codedEpisode(2, 10));
    let [originalSuccess, bootstrapped, limit] = [0, 0, 0];
    for (const d of draws(replay, future4, 8000)) {
      const failed = d.episode === 1 && d.nextT === 4;
      expect(d.terminated).toBe(failed || (ends && d.nextAchieved === d.goal) ? 1 : 0);
      if (d.episode === 0 && d.nextT === 4 && !d.relabelled) originalSuccess += d.success;
      if (d.episode === 0 && d.nextT < 4 && d.relabelled && d.success === 0) bootstrapped++;
      if (d.episode === 2 && d.nextT === 10 && !d.relabelled) limit++;
    }
    expect(Math.min(originalSuccess, bootstrapped, limit)).toBeGreaterThan(10);
  }
  // The original goal ended the episode; under another goal that transition goes on from the stored final observation.
  const replay = createReplay(codedSpec(10, true), 100);
  replay.addEpisode(codedEpisode(0, 4, { goal: code(0, 4) }));
  replay.addEpisode(codedEpisode(1, 4));
  let wentOn = 0;
  for (const d of draws(replay, { strategy: 'random', k: 4 }, 4000)) {
    if (d.episode !== 0 || d.nextT !== 4 || d.goal === code(0, 4)) continue;
    expect([d.terminated, d.nextEpisode, d.nextT]).toEqual([0, 0, 4]);
    wentOn++;
  }
  expect(wentOn).toBeGreaterThan(100);
});

test('with their original goals, transitions get exactly the rewards and ends seen live', () => {
  for (const successEndsEpisode of [true, false]) {
    const env = createGoalEnv(walk({ successEndsEpisode, bound: 1 }));
    const replay = createReplay(env.spec, 2000);
    const random = createRandom(0);
    const live = new Map<string, number[]>();
    let now = env.reset({ seed: 0 });
    for (let n = 0; n < 1500; n++) {
      const [observation, achieved, goal] = [now.observation, now.achieved, now.goal].map((a) => a.slice());
      const action = Float32Array.of(2 * random.uniform() - 1);
      const next = env.step(action);
      const { info, failed, reward, terminated, isSuccess } = next;
      replay.add(0, {
        columns: { observation, achieved, goal, action, info, reward: [reward] },
        next: { observation: next.observation, achieved: next.achieved },
        failed,
      });
      live.set(`${observation[0]} ${action[0]}`, [
        reward,
        terminated ? 1 : 0,
        isSuccess ? 1 : 0,
        goal[0],
        info[0],
        next.observation[1],
      ]);
      now = next;
      if (terminated || next.truncated) {
        replay.endEpisode(0);
        now = env.reset();
      }
    }
    const batch = createBatch(env.spec, 512);
    const sampler = createSampler(replay, env, future4);
    let [originals, terminations] = [0, 0];
    for (let n = 0; n < 20; n++) {
      sampler.sample(random, batch);
      for (let i = 0; i < batch.size; i++) {
        const { reward, terminated, success, goal, info, 'next.observation': next, relabelled } = batch.columns;
        if (relabelled[i]) continue;
        expect([reward[i], terminated[i], success[i], goal[i], info[i], next[2 * i + 1]]).toEqual(
          live.get(`${batch.columns.observation[2 * i]} ${batch.columns.action[i]}`),
        );
        originals++;
        terminations += terminated[i];
      }
    }
    expect(originals).toBeGreaterThan(1500);
    expect(terminations).toBeGreaterThan(20);
  }
});

test('info columns stay with their action when the goal is replaced', () => {
  const rules: GoalRules = { ...codedRules, computeReward: (_a, _d, info, out) => out.set(info) };
  for (const d of draws(filled([5, 5]), future4, 2000, 1, rules)) expect(d.reward).toBe(d.t + 0.5);
});

test('goals of another form than achievements are made by goalFrom', () => {
  const spec: EnvSpec = { ...codedSpec(5), goal: box(2) };
  const rules: GoalRules = {
    ...codedRules,
    computeReward: (a, g, _i, out) =>
      out.forEach((_, i) => {
        out[i] = a[i] === g[2 * i + 1] ? 0 : -1;
      }),
    computeSuccess: (a, g, _i, out) =>
      out.forEach((_, i) => {
        out[i] = a[i] === g[2 * i + 1] ? 1 : 0;
      }),
    goalFrom: (a, out) =>
      out.forEach((_, i) => {
        out[i] = i % 2 === 0 ? -a[i >> 1] : a[i >> 1];
      }),
  };
  const replay = createReplay(spec, 20);
  const episode = codedEpisode(1, 5);
  replay.addEpisode({ ...episode, columns: { ...episode.columns, goal: [7, 8] } });
  const batch = createBatch(spec, 100);
  createSampler(replay, rules, { strategy: 'final', k: 4 }).sample(createRandom(0), batch);
  for (let i = 0; i < 100; i++) {
    const { goal, relabelled, success, 'next.achieved': achieved } = batch.columns;
    expect([...goal.subarray(2 * i, 2 * i + 2)]).toEqual(relabelled[i] ? [-code(1, 5), code(1, 5)] : [7, 8]);
    expect(success[i]).toBe(relabelled[i] && achieved[i] === code(1, 5) ? 1 : 0);
  }
});

test('held-out goals are never used: such transitions keep their own', () => {
  const replay = filled([20]);
  const allowGoal = (goal: Float32Array) => stepOf(goal[0]) < 10;
  let [kept, relabelled] = [0, 0];
  for (const d of draws(replay, { ...future4, allowGoal }, 4000)) {
    if (d.relabelled) expect(stepOf(d.goal)).toBeLessThan(10);
    else expect(d.goal).toBe(-1);
    if (d.relabelled) relabelled++;
    else if (d.t >= 9) kept++;
  }
  // From step 9 on every future goal is held out, so all of those kept their goal.
  expect(kept).toBeGreaterThan(1500);
  expect(relabelled).toBeGreaterThan(300);
});

test('equal generators give equal batches', () => {
  const replay = filled([4, 9, 2]);
  expect([...draws(replay, future4, 512, 5)]).toEqual([...draws(replay, future4, 512, 5)]);
  expect([...draws(replay, future4, 512, 5)]).not.toEqual([...draws(replay, future4, 512, 6)]);
});

test('what cannot be sampled is refused with the reason', () => {
  const replay = filled([4]);
  const { goalFrom, ...noGoals } = codedRules;
  expect(goalFrom).toBeDefined();
  expect(() => createSampler(replay, noGoals, future4)).toThrow('has no goalFrom(achieved, out)');
  const batch: Batch = createBatch(replay.spec, 8);
  createSampler(replay, noGoals, parseRelabel('none')).sample(createRandom(0), batch);
  expect([...batch.columns.relabelled]).toEqual(new Array(8).fill(0));
  const empty = createReplay(replay.spec, 100);
  expect(() => createSampler(empty, codedRules, future4).sample(createRandom(0), batch)).toThrow(
    'no whole episode yet',
  );
});

test('unmetGoals draws its share of relabelled transitions again while their goal is met before the action', () => {
  // In 9 of 10 episodes nothing ever moves, so that every goal is met.
  const rules = {
    ...codedRules,
    computeSuccess(achieved: Float32Array, _desired: Float32Array, _info: Float32Array, out: Uint8Array) {
      for (let i = 0; i < out.length; i++) out[i] = episodeOf(achieved[i]) < 9 ? 1 : 0;
    },
  };
  const replay = filled(new Array(10).fill(6));
  const shareMet = (unmetGoals: number, relabelled: boolean) => {
    const drawn = [...draws(replay, { ...future4, unmetGoals }, 25_600, 3, rules)].filter(
      (d) => d.relabelled === relabelled,
    );
    for (const { episode, t, goal } of drawn.filter((d) => d.relabelled)) {
      expect(episodeOf(goal)).toBe(episode);
      expect(stepOf(goal)).toBeGreaterThan(t);
    }
    return drawn.filter(({ episode }) => episode < 9).length / drawn.length;
  };
  for (const unmetGoals of [0, 0.6, 1]) {
    const expected = (1 - unmetGoals) * 0.9 + unmetGoals * 0.9 ** 21;
    // Standard deviations of 0.0035 (some 20,000 relabelled) and 0.004 (5,000 with the original goal).
    expect(Math.abs(shareMet(unmetGoals, true) - expected)).toBeLessThan(0.014);
    expect(Math.abs(shareMet(unmetGoals, false) - 0.9)).toBeLessThan(0.017);
  }
});

test('whether a goal is met before an action is asked with the info of the action that led there', () => {
  const asked: [achieved: number, info: number][] = [];
  const rules: GoalRules = {
    ...codedRules,
    computeSuccess(achieved, _desired, info, out) {
      if (out.length === 1) asked.push([achieved[0], info[0]]);
      out.fill(0);
    },
  };
  expect([...draws(filled([6, 6, 3], 14), { ...future4, unmetGoals: 1 }, 2000, 1, rules)]).not.toEqual([]);
  // In coded episodes the action of step t has the info t + 0.5; before the first one there is none, which counts as 0.
  const steps = new Set<number>();
  for (const [achieved, info] of asked) {
    const t = stepOf(achieved);
    expect(info).toBe(t === 0 ? 0 : t - 0.5);
    steps.add(t);
  }
  expect(steps.size).toBe(6);
});

test('before the first action too, whether a goal is met is asked of the task of the episode', () => {
  const spec = { ...codedSpec(6), info: ['column', 'task'], tasks: ['a', 'b', 'c'] };
  const replay = createReplay(spec, 100);
  for (let episode = 0; episode < 6; episode++) {
    const { columns, failed } = codedEpisode(episode, 6);
    const task = episode % 3;
    const info = Array.from({ length: 6 }, () => [0, task]).flat();
    replay.addEpisode({ columns: { ...columns, task: [task], info }, failed });
  }
  const asked = new Set<string>();
  const rules: GoalRules = {
    ...codedRules,
    computeSuccess(achieved, _desired, info, out) {
      if (out.length === 1) asked.add(`${episodeOf(achieved[0]) % 3} ${info[1]}`);
      out.fill(0);
    },
  };
  expect([...draws(replay, { ...future4, unmetGoals: 1 }, 2000, 1, rules)]).not.toEqual([]);
  expect([...asked].sort()).toEqual(['0 0', '1 1', '2 2']);
});
