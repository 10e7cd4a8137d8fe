// What batches can be asked for: goals and their offsets, returns over several steps, windows; no goals at all.
import { expect, test } from 'vitest';
import type { EnvSpec, GoalRules } from '../envs/env.js';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { createBatch } from './batch.js';
import { parseRelabel } from './relabel.js';
import { createReplay, type Replay } from './replay.js';
import type { BatchRequest, GoalDraw } from './request.js';
import { createSampler } from './sampler.js';
import {
  code,
  codedEpisode,
  codedRules,
  codedSpec,
  episodeOf,
  filled,
  stepOf,
  taskReplay,
  tasksSpec,
} from './testing.js';

const none = parseRelabel('none');

/** Rows of many batches with these names, as records of their first numbers. */
function* rowsOf(
  replay: Replay,
  names: readonly string[],
  request: BatchRequest,
  { count = 4096, rules = codedRules, seed = 1 }: { count?: number; rules?: GoalRules; seed?: number } = {},
): Generator<Record<string, number>> {
  const sampler = createSampler(replay, rules, none);
  const batch = createBatch(replay.spec, 256, ['observation', ...names], request);
  const random = createRandom(seed);
  for (let n = 0; n < count; n += batch.size) {
    sampler.sample(random, batch);
    for (let i = 0; i < batch.size; i++) {
      const of = ([name, values]: [string, ArrayLike<number>]) => [name, values[i * (values.length / batch.size)]];
      const [episode, t] = [0, 1].map((j) => batch.columns.observation[2 * i + j]);
      yield { ...Object.fromEntries(Object.entries(batch.columns).map(of)), episode, t };
    }
  }
}

/** Within 4.5 standard deviations. */
const expectShare = (hits: number, n: number, share: number) =>
  expect(Math.abs(hits - n * share)).toBeLessThan(4.5 * Math.sqrt(n * share * (1 - share)) + 1e-9);

test('two goals per row, each with its shares, offset, reward and end', () => {
  const goals: Record<string, GoalDraw> = {
    valueGoal: { current: 1, future: 2, random: 1, original: 1 },
    actorGoal: { future: 1 },
  };
  const outputs = ['', '.offset', '.reward', '.terminated', '.success', '.relabelled'];
  const names = Object.keys(goals).flatMap((goal) => outputs.map((output) => goal + output));
  const replay = filled([5, 9, 3], 1000, codedSpec(9, true));
  const seen = { current: 0, future: 0, random: 0, original: 0 };
  let [rows, own] = [0, 0];
  for (const row of rowsOf(replay, [...names, 'goal', 'reward', 'terminated'], { goals }, { count: 20_000 })) {
    rows++;
    const achieved = code(row.episode, row.t + 1);
    for (const name of Object.keys(goals)) {
      const [goal, offset] = [row[name], row[`${name}.offset`]];
      const reached = goal === achieved;
      expect(row[`${name}.reward`]).toBe(reached ? 0 : achieved < goal ? -1 : -2);
      expect([row[`${name}.success`], row[`${name}.terminated`]]).toEqual(reached ? [1, 1] : [0, 0]);
      expect(row[`${name}.relabelled`]).toBe(goal === -1 ? 0 : 1);
      if (offset >= 0) expect(goal).toBe(code(row.episode, row.t + offset));
    }
    // The episode's own goal stays what it was, and what is said without a name is about it.
    expect([row.goal, row.reward, row.terminated]).toEqual([-1, -2, 0]);
    expect(row['actorGoal.offset']).toBeGreaterThan(0);
    if (row.valueGoal === -1) seen.original++;
    else if (row['valueGoal.offset'] === 0) seen.current++;
    else if (row['valueGoal.offset'] > 0) seen.future++;
    else {
      seen.random++;
      if (episodeOf(row.valueGoal) === row.episode) own++;
    }
  }
  for (const [kind, share] of Object.entries({ current: 0.2, future: 0.4, random: 0.2, original: 0.2 })) {
    expectShare(seen[kind as keyof typeof seen], rows, share);
  }
  // Goals from anywhere are of the own episode as often as its share of transitions, squares summed.
  expectShare(own, seen.random, (5 ** 2 + 9 ** 2 + 3 ** 2) / 17 ** 2);
});

test('offsets of the episode before the state count as unknown, those of its end are what remains', () => {
  const goals = { a: { episode: 1 }, b: { final: 1 }, c: { first: 1 } };
  let behind = 0;
  for (const row of rowsOf(filled([6, 6]), ['a', 'a.offset', 'b', 'b.offset', 'c', 'c.offset'], { goals })) {
    const steps = stepOf(row.a) - row.t;
    expect(row['a.offset']).toBe(Math.max(steps, -1));
    if (steps < 0) behind++;
    expect([row.b, row['b.offset']]).toEqual([code(row.episode, 6), 6 - row.t]);
    expect([row.c, row['c.offset']]).toEqual([code(row.episode, 0), row.t === 0 ? 0 : -1]);
  }
  expect(behind).toBeGreaterThan(500);
});

test('goals on the way lie so many steps ahead, at the latest at the goal that they lead to or at the end', () => {
  const goals = {
    far: { future: 1, random: 1, original: 1 },
    near: { ahead: 3 },
    way: { ahead: 3, towards: 'far' },
  };
  const names = ['far', 'far.offset', 'near', 'near.offset', 'way', 'way.offset', 'way.observation', 'way.achieved'];
  // A ring that has come round: episodes lie across its end.
  const replay = filled([6, 6, 6, 6, 6], 24);
  const lengths = new Set<number>();
  for (const row of rowsOf(replay, names, { goals })) {
    const left = Math.min(3, 6 - row.t);
    expect([row.near, row['near.offset']]).toEqual([code(row.episode, row.t + left), left]);
    const isAhead = row.far >= 0 && episodeOf(row.far) === row.episode && stepOf(row.far) >= row.t;
    const way = isAhead ? Math.min(left, stepOf(row.far) - row.t) : left;
    expect([row.way, row['way.offset']]).toEqual([code(row.episode, row.t + way), way]);
    // What else is asked about the state that it was achieved in.
    expect([row['way.observation'], row['way.achieved']]).toEqual([row.episode, row.way]);
    lengths.add(way);
  }
  expect([...lengths].sort()).toEqual([0, 1, 2, 3]);
  const sample = (draw: BatchRequest['goals']) => [...rowsOf(replay, [], { goals: draw })];
  expect(() => sample({ way: { ahead: 3, towards: 'far' }, far: { future: 1 } })).toThrow(
    'goal way leads towards "far", which is no goal named before it; those are none',
  );
  expect(() => sample({ way: { ahead: 0 } })).toThrow('ahead is 0; it must be a whole number of steps, at least 1');
});

test('geometric offsets: P(n) ~ discount^n among those that the episode has left', () => {
  const discount = 0.6;
  const goals = { goal: { future: 1, offsets: { geometric: discount } } };
  const counts = new Map<string, number>();
  const starts = new Map<number, number>();
  for (const row of rowsOf(filled([5]), ['goal.offset'], { goals }, { count: 40_000 })) {
    starts.set(row.t, (starts.get(row.t) ?? 0) + 1);
    const key = `${row.t}:${row['goal.offset']}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  for (let t = 0; t < 5; t++) {
    const left = Array.from({ length: 5 - t }, (_, i) => discount ** (i + 1));
    const mass = left.reduce((sum, p) => sum + p, 0);
    for (const [i, p] of left.entries()) expectShare(counts.get(`${t}:${i + 1}`) ?? 0, starts.get(t) ?? 0, p / mass);
  }
  expect(counts.size).toBe(15);
});

test('returns under the relabelled goal, cut where it is reached or the episode ends: against a plain sum', () => {
  for (const ends of [true, false]) {
    const replay = createReplay(codedSpec(8, ends), 100);
    replay.addEpisode(codedEpisode(0, 8));
    replay.addEpisode(codedEpisode(1, 5, { failed: true }));
    const [steps, discount] = [3, 0.9];
    const request = { goals: { goal: { future: 1, original: 1 } }, nStep: { steps, discount } };
    const names = [
      'goal',
      'reward',
      'terminated',
      'success',
      'discount',
      'next.achieved',
      'next.observation',
      'action',
    ];
    const seen = { reached: 0, failed: 0, limit: 0, whole: 0 };
    for (const row of rowsOf(replay, names, request)) {
      const length = row.episode === 0 ? 8 : 5;
      let [sum, k, reached] = [0, 0, false];
      while (k < steps && row.t + k < length && !reached) {
        const achieved = code(row.episode, row.t + k + 1);
        reached = achieved === row.goal;
        sum += discount ** k * (reached ? 0 : achieved < row.goal ? -1 : -2);
        k++;
      }
      const failed = row.episode === 1 && row.t + k === length;
      expect(row.reward).toBeCloseTo(sum, 5);
      expect(row.discount).toBe(Math.fround(discount ** k));
      expect(row['next.achieved']).toBe(code(row.episode, row.t + k));
      expect(row.action).toBe(row.t + 0.5);
      // A cut by the episode's end is no success (the trap of counting k < n), and a time limit still bootstraps.
      expect([row.success, row.terminated]).toEqual([reached ? 1 : 0, failed || (reached && ends) ? 1 : 0]);
      if (reached) seen.reached++;
      else if (failed) seen.failed++;
      else if (row.t + k === length && k < steps) seen.limit++;
      else seen.whole++;
    }
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(20);
  }
});

test('windows lie within one episode, also over the end of the ring; starts are drawn alike among those that fit', () => {
  const H = 3;
  const replay = createReplay(codedSpec(6), 18);
  for (const [i, steps] of [6, 6, 2, 6, 5, 2, 4].entries())
    replay.addEpisode(codedEpisode(i, steps, { failed: i === 4 }));
  const names = ['observation', 'window.observation', 'window.action', 'window.reward', 'window.failed'];
  const batch = createBatch(replay.spec, 256, names, { window: H });
  const sampler = createSampler(replay, codedRules, parseRelabel('future:4'));
  const random = createRandom(3);
  const counts = new Map<string, number>();
  const rounds = 40;
  for (let n = 0; n < rounds; n++) {
    sampler.sample(random, batch);
    const { columns } = batch;
    for (let i = 0; i < batch.size; i++) {
      const [episode, t] = [columns.observation[2 * i], columns.observation[2 * i + 1]];
      for (let h = 0; h <= H; h++) {
        const at = 2 * ((H + 1) * i + h);
        expect([...columns['window.observation'].subarray(at, at + 2)]).toEqual([episode, t + h]);
        if (h === H) break;
        expect(columns['window.action'][H * i + h]).toBe(t + h + 0.5);
        expect(columns['window.failed'][H * i + h]).toBe(episode === 4 && t + h === 4 ? 1 : 0);
      }
      counts.set(`${episode}:${t}`, (counts.get(`${episode}:${t}`) ?? 0) + 1);
    }
  }
  // Of the stored episodes (3: 6 steps, 4: 5, 5: 2, 6: 4) with T steps, T - H + 1 starts each.
  expect([...counts.keys()].sort()).toEqual(['3:0', '3:1', '3:2', '3:3', '4:0', '4:1', '4:2', '6:0', '6:1']);
  for (const count of counts.values()) expectShare(count, rounds * 256, 1 / 9);
  expect(sampler.starts(batch)).toBe(9);
  const short = filled([2, 2], 100, codedSpec(6));
  const other = createSampler(short, codedRules, none);
  expect(other.starts(batch)).toBe(0);
  expect(() => other.sample(random, batch)).toThrow('no episode of 3 steps yet');
});

test('an environment without goals: rewards are those stored, the end is the failure', () => {
  const nowhere = box(0);
  const spec: EnvSpec = { ...codedSpec(5), achieved: nowhere, goal: nowhere, info: [] };
  const replay = createReplay(spec, 50);
  const refuse = () => {
    throw new Error('there are no goals to ask about');
  };
  const rules: GoalRules = { computeReward: refuse, computeSuccess: refuse };
  const episode = (n: number, failed: boolean) => {
    const { observation, action } = codedEpisode(n, 5).columns;
    return { columns: { observation, action, reward: [1, 2, 4, 8, 16] }, failed };
  };
  replay.addEpisode(episode(0, false));
  replay.addEpisode(episode(1, true));
  for (const row of rowsOf(replay, ['reward', 'terminated'], {}, { rules })) {
    expect(row.reward).toBe(2 ** row.t);
    expect(row.terminated).toBe(row.episode === 1 && row.t === 4 ? 1 : 0);
  }
  const nStep = { steps: 2, discount: 0.5 };
  for (const row of rowsOf(replay, ['reward', 'terminated', 'discount'], { nStep }, { rules })) {
    expect(row.reward).toBe(row.t === 4 ? 16 : 2 ** row.t + 0.5 * 2 ** (row.t + 1));
    expect(row.terminated).toBe(row.episode === 1 && row.t >= 3 ? 1 : 0);
    expect(row.discount).toBe(row.t === 4 ? 0.5 : 0.25);
  }
  expect(() => createSampler(replay, rules, parseRelabel('future:4'))).toThrow('needs goals, and test/coded has none');
  expect(() => createBatch(spec, 4, ['reward'], { goals: { goal: { future: 1 } } })).toThrow('has no goals');
  const { columns } = episode(0, false);
  expect(() => replay.addEpisode({ columns: { ...columns, reward: [] }, failed: false })).toThrow(
    'reward has 0 numbers',
  );
});

test('what cannot be asked for is refused with what can', () => {
  const spec = tasksSpec(2);
  const make = (names: string[], request: BatchRequest = {}) => createBatch(spec, 4, names, request);
  expect(() => make(['observaton'])).toThrow(
    /unknown part of a batch.*did you mean "observation"\?.*next\.observation/,
  );
  expect(() => make(['next.action'])).toThrow('unknown part of a batch');
  expect(() => make(['window.action'])).toThrow('unknown part of a batch');
  expect(() => make(['discount'])).toThrow('unknown part of a batch');
  expect(() => make([], { window: 7 })).toThrow('window is 7; it must be a whole number of steps from 1 to 6');
  expect(() => make([], { nStep: { steps: 0, discount: 1 } })).toThrow('nStep.steps is 0');
  expect(() => make([], { goals: { observation: { future: 1 } } })).toThrow('name it otherwise');
  const replay = taskReplay(2);
  const sample = (request: BatchRequest, options = {}) =>
    createSampler(replay, codedRules, { ...none, ...options }).sample(createRandom(0), make(['observation'], request));
  expect(() => sample({ goals: { goal: { future: -1 } } })).toThrow('its share of future is -1');
  expect(() => sample({ goals: { goal: {} } })).toThrow('all shares are 0');
  expect(() => sample({ goals: { goal: { future: 1, offsets: { geometric: 1 } } } })).toThrow('between 0 and 1');
  expect(() => sample({ blocks: 2 })).toThrow(/give balance/);
  expect(() => sample({ balance: 'task', blocks: 3 })).toThrow(/cannot be 3 equal blocks.*batchSize/);
  expect(() => sample({ balance: 'action' })).toThrow(/balance is "action".*those are .*task/);
  expect(() => sample({ weights: 'color' })).toThrow('weights is "color"');
  expect(() => sample({ goals: { goal: { future: 1 } } }, { unmetGoals: 0.5 })).toThrow('replay.unmetGoals is 0.5');
});

test('goals from anywhere are of the same task, each of its steps alike', () => {
  const replay = taskReplay(3); // task k: episodes 10 k to 11 k, of 6 steps
  const batch = createBatch(replay.spec, 3000, ['task', 'goal'], { goals: { goal: { random: 1 } } });
  createSampler(replay, codedRules, none).sample(createRandom(8), batch);
  const { task, goal } = batch.columns;
  const seen = [0, 1, 2].map((wanted) => new Set(goal.filter((_, i) => task[i] === wanted)));
  seen.forEach((goals, wanted) => {
    for (const made of goals) expect(Math.floor(episodeOf(made) / 10)).toBe(wanted);
    expect(goals.size).toBe(6 * (wanted + 1));
  });
});
