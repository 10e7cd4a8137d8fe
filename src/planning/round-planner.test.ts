// Plans judged between programs: the same actions as in one program, rewards from goals, and the true dynamics.
import { describe, expect, it } from 'vitest';
import { loadEnv, makeEnv, parseEnvOptions } from '../envs/index.js';
import { wrapEnv } from '../envs/wrap-env.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { recordData } from '../training/record.js';
import { createEnvJudge } from './env-judge.js';
import { discreteCem, planIn, plannerKinds, plannerNoise, planners } from './planners.js';
import { planningProblem, type World } from './problem.js';
import { createRoundPlanner } from './round-planner.js';
import { createTruePlanner } from './true-planner.js';

const settings = {
  samples: 40,
  rounds: 3,
  elites: 6,
  inertia: 0.1,
  deviation: 0.7,
  colour: 1,
  decay: 1.25,
  temperature: 0.05,
};
const HORIZON = 4;

describe.each([...plannerKinds, 'choices'] as const)('%s', (name) => {
  const kind = name === 'choices' ? 'cem' : name;
  const planner = name === 'choices' ? discreteCem : planners[name];
  const actions = name === 'choices' ? 3 : 1;
  const states = [0, 0.8, 3];
  const size = { rows: 3, horizon: HORIZON, actions };
  const noise = new Float32Array(3 * plannerNoise(kind, settings, HORIZON, actions));
  createRandom(1).fillNormal(noise);
  const warm = new Float32Array(3 * HORIZON * actions).map((_, i) => 0.1 * (i % 3));
  /** Moves by half an action; the place 1 is best. Of choices the second moves, the third moves back. */
  const moved = (plan: ArrayLike<number>, at: number) =>
    actions === 1 ? 0.5 * plan[at] : 0.5 * (plan[at + 1] - plan[at + 2]);

  it('decides as in one program', async () => {
    const world: World = (state, action) => {
      const step = actions === 1 ? action : action.slice(1, 1, 2).sub(action.slice(1, 2, 3));
      const next = state.add(step.mul(0.5));
      return { next, reward: next.sub(1).square().neg() };
    };
    const whole = await nodeRuntime.compile(
      program('plan', (g) => {
        const problem = planningProblem(g, world, g.input('state', [3, 1]), {
          horizon: HORIZON,
          actions,
          discount: 1,
          afterEnd: 0,
        });
        const given = g.input('noise', [3, noise.length / 3]);
        return { ...planIn(g, planner, kind, problem, settings, given, g.input('warm', [3, HORIZON * actions])) };
      }),
    );
    const expected = await whole.run({ state: Float32Array.from(states), noise, warm });
    const rounds = await createRoundPlanner(nodeRuntime, planner, kind, size, settings);
    const { action, next } = await rounds.plan(noise, warm, async (plans, count, returns) => {
      for (let i = 0; i < returns.length; i++) {
        let [now, total] = [states[Math.floor(i / count)], 0];
        for (let t = 0; t < HORIZON; t++) {
          now += moved(plans, (i * HORIZON + t) * actions);
          total -= (now - 1) ** 2;
        }
        returns[i] = total;
      }
    });
    // The sums are rounded otherwise, which moves MPPI's weights.
    for (const [i, value] of [...(expected.action as Float32Array)].entries()) expect(action[i]).toBeCloseTo(value, 3);
    for (const [i, value] of [...(expected.next as Float32Array)].entries()) expect(next[i]).toBeCloseTo(value, 3);
    await Promise.all([rounds.dispose(), whole.dispose()]);
  });
});

describe('on the true dynamics', () => {
  it('swings the pendulum up, and leaves the environment as it is', async () => {
    const env = await makeEnv('pendulum');
    const planner = await createTruePlanner(nodeRuntime, await makeEnv('pendulum'), {
      horizon: 15,
      samples: 30,
      rounds: 2,
    });
    env.reset({ seed: 3 });
    planner.begin();
    const before = env.saveState();
    const first = (await planner.act(env)).slice();
    expect(env.saveState()).toEqual(before);
    let total = env.step(first).reward;
    for (let t = 1; t < 100; t++) total += env.step(await planner.act(env)).reward;
    // Chance has about -600 in a hundred steps, and trained policies -130 at most in all two hundred.
    expect(total).toBeGreaterThan(-300);
    await planner.dispose();
  }, 30_000);

  it('reaches goals, with dense rewards at once, with choices where they are within its horizon', async () => {
    for (const name of ['point/reach', 'bit-flip']) {
      const definition = await loadEnv(name);
      const make = () =>
        definition.create(parseEnvOptions(definition, name === 'bit-flip' ? { bits: 4 } : { reward: 'dense' }));
      const env = await make();
      const planner = await createTruePlanner(nodeRuntime, await make(), { horizon: 12, samples: 60 });
      let reached = 0;
      for (let episode = 0; episode < 5; episode++) {
        env.reset({ seed: episode });
        planner.begin();
        for (let t = 0; t < 20; t++) {
          const { isSuccess, terminated, truncated } = env.step(await planner.act(env));
          if (isSuccess) reached++;
          if (isSuccess || terminated || truncated) break;
        }
      }
      expect(reached, name).toBeGreaterThanOrEqual(4);
      await planner.dispose();
    }
  }, 30_000);

  it('records data, the same bytes again', async () => {
    const env = 'point/reach';
    const record = () =>
      recordData({ env, envOptions: { reward: 'dense' }, policy: 'planner', episodes: 2, holdSteps: 1 });
    const one = await record();
    expect(one.successRate).toBe(1);
    expect((await record()).bytes).toEqual(one.bytes);
  }, 30_000);

  it('equal seeds plan alike; odd settings are refused', async () => {
    const env = await makeEnv('pendulum');
    env.reset({ seed: 1 });
    const act = async (seed: number) => {
      const planner = await createTruePlanner(
        nodeRuntime,
        await makeEnv('pendulum'),
        { horizon: 5, samples: 10, elites: 2 },
        seed,
      );
      const action = (await planner.act(env)).slice();
      await planner.dispose();
      return action;
    };
    const [one, same, other] = [await act(1), await act(1), await act(2)];
    expect(same).toEqual(one);
    expect(other).not.toEqual(one);
    await expect(createTruePlanner(nodeRuntime, env, { elites: 10, samples: 10 })).rejects.toThrow(
      'agent.elites is 10',
    );
  });
});

it('environments that cannot be put back are refused, not planned in by chance', async () => {
  const env = await makeEnv('point/reach');
  const lost = wrapEnv(env, {
    step: (action) => ({ ...env.step(action), truncated: true, cut: true }),
  });
  const { judge, begin } = createEnvJudge(lost, { rows: 1, horizon: 2, actions: 2 }, { discount: 1, afterEnd: 0 });
  env.reset({ seed: 1 });
  begin(env.saveState());
  await expect(judge(new Float32Array(4), 1, new Float32Array(1))).rejects.toThrow(/cannot be put back/);
});
