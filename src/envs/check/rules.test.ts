// Rules that break the contract: rewards, success, batches, goals made of achievements.
import { expect, test } from 'vitest';
import { checkEnv } from '../check-env.js';
import { createGoalEnv } from '../goal-env.js';
import { broken, brokenEnv, expectError, good } from './testing.js';

test('a live reward that is not the computed one', () => {
  const live = (reward: (a: Float32Array, g: Float32Array, before: Float32Array, i: Float32Array) => number) =>
    brokenEnv((base) => ({
      step(action) {
        const before = base.saveState();
        const achieved = new Float32Array(before.slice(32).buffer, 8, 1).slice();
        const next = base.step(action);
        return { ...next, reward: reward(next.achieved, next.goal, achieved, next.info) };
      },
    }));
  const base = good();
  const ask = (a: Float32Array, g: Float32Array, i: Float32Array) => {
    const out = new Float32Array(1);
    base.computeReward(a, g, i, out);
    return out[0];
  };
  expectError(
    live((a, g, _, i) => ask(g, a, i)),
    'reward',
    /arguments exchanged they agree/,
  );
  expectError(
    live((_a, g, before, i) => ask(before, g, i)),
    'reward',
    /before the action: compute it after/,
  );
  expectError(
    live((a, g, _, i) => ask(a, g, i) + 1e-9 - 1e-7),
    'reward',
    /differ by rounding/,
  );
  expectError(
    live(() => -0.5),
    'reward',
    /list what else it needs in spec.info/,
  );
});

test('a live success that is not the computed one', () => {
  const env = brokenEnv((base) => ({ step: (action) => ({ ...base.step(action), isSuccess: true }) }));
  expectError(env, 'success', /live isSuccess is true, computeSuccess gives 0/);
});

test('rules that know only single rows, keep something, or write to what they get', () => {
  const single = broken((base) => ({
    computeReward(a, g, i, out) {
      const one = new Float32Array(1);
      base.computeReward(a.subarray(0, 1), g.subarray(0, 1), i.subarray(0, 1), one);
      out.fill(one[0]);
    },
  }));
  expectError(single, 'batching', /computeReward gives .* Loop over i < out.length/);
  const success = broken((base) => ({
    computeSuccess(a, g, i, out) {
      out.fill(0);
      base.computeSuccess(a, g, i, out.subarray(0, 1));
    },
  }));
  expectError(success, 'batching', /computeSuccess gives/);
  const writes = broken((base) => ({
    computeReward(a, g, i, out) {
      base.computeReward(a, g, i, out);
      for (let j = 0; j < g.length; j++) g[j] -= a[j];
    },
  }));
  expectError(writes, 'rules write', /only write to out/);
});

test('goals made of achievements that these do not fulfil', () => {
  expectError(
    broken(() => ({ goalFrom: (_a, out) => out.fill(1.5) })),
    'goalFrom',
    /is not reached by it/,
  );
  expectError(
    broken(() => ({ goalFrom: (a, out) => out.set(a.subarray(0, 1)) })),
    'batching',
    /goalFrom gives other or missing/,
  );
  // Success at and above the desired height, written with the arguments exchanged.
  const exchanged = broken(() => ({
    goalFrom: (a, out) => {
      for (let i = 0; i < out.length; i++) out[i] = a[i] - 0.05;
    },
    computeReward: (a, g, _i, out) =>
      out.forEach((_, i) => {
        out[i] = a[i] <= g[i] ? 0 : -1;
      }),
    computeSuccess: (a, g, _i, out) =>
      out.forEach((_, i) => {
        out[i] = a[i] <= g[i] ? 1 : 0;
      }),
  }));
  expectError(exchanged, 'goalFrom', /only with the arguments exchanged/);
});

test('without goalFrom there is a warning only', () => {
  const report = checkEnv(broken(() => ({ goalFrom: undefined })));
  expect(report).toMatchObject({ ok: true, findings: [{ level: 'warning', check: 'goalFrom' }] });
});

test('rewards that are lower at the goal', () => {
  const env = broken(() => ({
    computeReward: (a, g, _i, out) =>
      out.forEach((_, i) => {
        out[i] = Math.max(-2, -1 / (0.5 + Math.abs(a[i] - g[i])));
      }),
  }));
  expectError(env, 'reward and success', /Rewards must not be lower at the goal/);
});

test('rewards outside the declared range', () => {
  const env = broken(({ spec }) => ({ spec: { ...spec, rewardRange: [-1, 0] } }));
  expectError(env, 'reward range', /a reward is -(2|1.25|2.25), outside spec.rewardRange \[-1,0\]/);
});

test('rules of the definition that are not those of the environment', () => {
  const env = createGoalEnv(good());
  const other = {
    ...good(),
    computeReward: (_a: unknown, _g: unknown, _i: unknown, out: Float32Array) => void out.fill(-1),
  };
  expect(checkEnv(env, { rules: other }).findings).toMatchObject([
    { level: 'error', check: 'definition', message: /by rules\(options\) of the definition, reward: / },
  ]);
  expect(checkEnv(env, { rules: good({ maxEpisodeSteps: 5 }) }).findings[0]?.message).toMatch(/spec differs/);
});
