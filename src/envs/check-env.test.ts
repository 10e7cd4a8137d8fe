// Environments broken in the ways that authors break them: spec, numbers, determinism, goals, ends, saving.
import { expect, test } from 'vitest';
import { broken, brokenEnv, expectError, good } from './check/testing.js';
import { checkDefinition, checkEnv } from './check-env.js';
import { defineEnv } from './define-env.js';
import type { EnvSpec, Simulation, TimeStep } from './env.js';
import { arrayState, createGoalEnv } from './goal-env.js';
import { box } from './space.js';
import { walk } from './testing.js';

test('sound environments have no findings', () => {
  for (const options of [{}, { successEndsEpisode: true }, { bound: 1 }, { maxEpisodeSteps: 1 }]) {
    expect(checkEnv(createGoalEnv(walk(options)), { rules: walk(options) })).toEqual({ ok: true, findings: [] });
  }
});

test('a spec that cannot be meant', () => {
  expectError(
    brokenEnv(({ spec }) => ({ spec: { ...spec, maxEpisodeSteps: 0 } })),
    'crash',
    /spec.maxEpisodeSteps is 0/,
  );
});

test('an environment that throws', () => {
  const env = broken(() => ({
    step() {
      throw new Error('no such joint');
    },
  }));
  expectError(env, 'crash', /no such joint/);
});

test('sizes that are not those of the spec', () => {
  expectError(
    brokenEnv(({ spec }) => ({ spec: { ...spec, observation: box(3) } })),
    'shapes',
    /observation has 2 numbers, but spec.observation.size is 3/,
  );
  expectError(
    brokenEnv(({ spec }) => ({ spec: { ...spec, info: [] } })),
    'shapes',
    /info has 1 numbers/,
  );
});

test('numbers that are not finite', () => {
  const env = brokenEnv((base) => ({
    step(action) {
      const next = base.step(action);
      next.observation[1] = Number.NaN;
      return next;
    },
  }));
  expectError(env, 'finite', /observation\[1\] is NaN/);
});

test('numbers outside their declared bounds', () => {
  const spec = (base: Simulation, change: Partial<EnvSpec>) => ({ spec: { ...base.spec, ...change } });
  expectError(
    broken((base) => spec(base, { goal: box(1, -0.1, 0.1) })),
    'goal bounds',
    /outside its declared \[-0.1, 0.1\]/,
  );
  const wide = checkEnv(broken((base) => spec(base, { observation: box(2, -0.1, 0.1) })));
  expect(wide.ok).toBe(true);
  expect(wide.findings).toMatchObject([{ level: 'warning', check: 'observation bounds' }]);
});

test('a start that does not come from the seed', () => {
  const env = broken((base) => ({
    reset(random, now) {
      base.reset(random, now);
      now.goal[0] = Math.random();
    },
  }));
  expectError(env, 'seed', /goal\[0\].*never from Math.random/);
});

test('a reset that leaves something of the episode before', () => {
  let drift = 0;
  const start = broken((base) => ({
    reset(random, now) {
      base.reset(random, now);
      now.observation[1] = drift;
    },
    step(action, now, random) {
      drift += action[0];
      return base.step(action, now, random);
    },
  }));
  expectError(start, 'reset', /observation\[1\].*Put everything back/);

  let wind = 0;
  const later = broken((base) => ({
    step(action, now, random) {
      wind += 0.01;
      return base.step([action[0] / 2 + wind], now, random);
    },
  }));
  expectError(later, 'reset', /the same seed and actions give different episodes: at step 1/);
});

test('an observation that contains the goal', () => {
  const env = broken((base) => {
    const withGoal = (now: TimeStep) => {
      now.observation[1] = now.goal[0] - now.achieved[0];
    };
    return {
      reset(random, now) {
        base.reset(random, now);
        withGoal(now);
      },
      step(action, now, random) {
        base.step(action, now, random);
        withGoal(now);
      },
    };
  });
  expectError(env, 'observation depends on goal', /observation\[1\].*Leave the goal/);
});

test('dynamics that depend on the goal', () => {
  const env = broken((base) => ({
    step: (action, now, random) => base.step([action[0] / 2 + now.goal[0] / 4], now, random),
  }));
  expectError(env, 'observation depends on goal', /at step 1 observation\[0\]/);
});

test('a reset that ignores the goal it is given or keeps its array, a step that changes it', () => {
  expectError(
    brokenEnv((base) => ({ reset: (o) => base.reset({ seed: o?.seed }) })),
    'reset goal',
    /does not set the goal/,
  );
  const keeps = brokenEnv((base) => {
    let goal: Float32Array | undefined;
    return {
      reset(options) {
        goal = options?.goal as Float32Array | undefined;
        const now = base.reset(options);
        return { ...now, goal: goal ?? now.goal };
      },
      step(action) {
        const next = base.step(action);
        return { ...next, goal: goal ?? next.goal };
      },
    };
  });
  expectError(keeps, 'reset goal', /keeps the array/);
  const moves = broken((base) => ({
    step(action, now, random) {
      base.step(action, now, random);
      now.goal[0] *= 0.9;
    },
  }));
  expectError(moves, 'reset goal', /goal changes during the episode/);
});

test('ends that are not what the spec declares', () => {
  const asTerminated = brokenEnv((base) => ({
    step(action) {
      const next = base.step(action);
      return { ...next, terminated: next.terminated || next.truncated, truncated: false };
    },
  }));
  expectError(asTerminated, 'termination', /time limit is no end of the world/);
  const undeclared = brokenEnv((base) => ({
    step(action) {
      const next = base.step(action);
      return { ...next, terminated: next.isSuccess };
    },
  }));
  expectError(undeclared, 'termination', /Set spec.successEndsEpisode to true/);
  const ignored = brokenEnv(({ spec }) => ({ spec: { ...spec, successEndsEpisode: true } }));
  expectError(ignored, 'termination', /but not terminated/);
  const early = brokenEnv(({ spec }) => ({ spec: { ...spec, maxEpisodeSteps: 30 } }));
  expectError(early, 'time limit', /truncated before the limit of 30/);
  const late = brokenEnv(({ spec }) => ({ spec: { ...spec, maxEpisodeSteps: 10 } }));
  expectError(late, 'time limit', /goes on after 10 steps/);
});

test('a long time limit is not waited for, which is said', () => {
  const report = checkEnv(createGoalEnv(good({ maxEpisodeSteps: 10_000 })), { maxSteps: 50 });
  expect(report).toMatchObject({ ok: true, findings: [{ level: 'warning', check: 'time limit' }] });
});

test('states that are not wholly saved', () => {
  let hidden = 0;
  const part = broken((base) => ({
    reset(random, now) {
      hidden = 0;
      base.reset(random, now);
    },
    step(action, now, random) {
      hidden += 0.02;
      return base.step([action[0] / 2 + hidden], now, random);
    },
  }));
  expectError(part, 'save', /goes on differently.*Save and restore every variable/);

  const noGenerator = brokenEnv((base) => ({
    restoreState(saved) {
      const now = new Uint32Array(base.saveState().slice(0, 32).buffer);
      const copy = saved.slice();
      // Words 1 to 4 are the generator: it goes on instead of going back.
      copy.set(new Uint8Array(now.slice(1, 5).buffer), 4);
      base.restoreState(copy);
    },
  }));
  expectError(noGenerator, 'save', /goes on differently|next episode is another one/);
});

test('saved bytes that change while the environment goes on', () => {
  const env = brokenEnv((base) => {
    let saved = base.saveState();
    return {
      saveState: () => {
        saved = base.saveState();
        return saved;
      },
      step(action) {
        saved[saved.length - 1] ^= 1;
        return base.step(action);
      },
    };
  });
  expectError(env, 'save', /bytes of saveState change/);
});

test('state kept in arrays that belong to the caller', () => {
  const inObservation = broken(() => ({
    step(action, now, random) {
      now.observation[0] += 0.1 * action[0] + 0.1 * random.normal();
      now.achieved[0] = now.observation[0];
    },
    saveState: () => new Uint8Array(0),
    restoreState: () => undefined,
  }));
  expectError(inObservation, 'aliasing', /Keep the state in arrays of your own/);

  let last: ArrayLike<number> = [0];
  const keepsAction = brokenEnv((base) => ({
    reset(options) {
      last = [0];
      return base.reset(options);
    },
    step(action) {
      const next = base.step([(action[0] + last[0]) / 2]);
      last = action;
      return next;
    },
  }));
  expectError(keepsAction, 'aliasing', /copy the action/);
});

test('environments with nothing to learn', () => {
  const still = broken((base) => ({
    step(_action, now) {
      now.info[0] = 0;
      now.observation[0] = now.observation[0] < 5 ? base.spec.goal.high[0] : 0;
    },
  }));
  expect(checkEnv(still).findings.map(({ check }) => check)).toContain('achieved');
  const easy = broken(() => ({ computeSuccess: (_a, _g, _i, out) => out.fill(1) }));
  expect(checkEnv(easy).findings.map(({ check }) => check)).toContain('success');
  const sameGoal = broken((base) => ({
    reset(random, now) {
      base.reset(random, now);
      now.goal[0] = 0.25;
    },
  }));
  expect(checkEnv(sameGoal).findings).toMatchObject([{ level: 'warning', check: 'goal' }]);
});

test('evaluation tasks that all begin alike', () => {
  const named = ({ spec }: Simulation) => ({ spec: { ...spec, evaluationTasks: ['near', 'far'] } });
  expectError(broken(named), 'evaluation task', /all of them begin alike.*third argument/);
  const told = broken((base) => ({
    ...named(base),
    reset(random, now, evaluationTask) {
      base.reset(random, now);
      if (evaluationTask !== undefined) now.goal[0] = [0.1, 0.9][evaluationTask];
    },
  }));
  expect(checkEnv(told).findings).toEqual([]);
});

test('instances that share state', async () => {
  const shared = new Float64Array(1);
  const definition = (state: () => Float64Array) =>
    defineEnv({
      name: 'me/line',
      rules: () => walk(),
      create: () => {
        const own = state();
        const show = (now: TimeStep) => {
          now.observation.fill(own[0]);
          now.achieved[0] = own[0];
        };
        return {
          ...walk(),
          ...arrayState(own),
          reset(random, now) {
            own[0] = random.uniform() - 0.5;
            now.goal[0] = 2 * random.uniform() - 1;
            show(now);
          },
          step([push], now) {
            own[0] += 0.4 * push;
            show(now);
          },
        };
      },
    });
  const { findings } = await checkDefinition(definition(() => shared));
  expect(findings).toMatchObject([{ level: 'error', check: 'sharing' }]);
  expect(findings[0].message).toMatch(/another instance .* at step 1 observation\[0\].*inside `create`/);
  expect(await checkDefinition(definition(() => new Float64Array(1)))).toEqual({ ok: true, findings: [] });
});
