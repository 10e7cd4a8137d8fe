// Imagined rollouts with a world that is known exactly: what is copied, computed, predicted, and where they end.
import { describe, expect, it } from 'vitest';
import type { PolicyRunner } from '../acting/policy-runner.js';
import type { AuthorSpec, EnvRules, EnvSpec } from '../envs/env.js';
import { box } from '../envs/space.js';
import { resolveSpec, rulesWithoutGoals } from '../envs/spec.js';
import { createRandom } from '../random.js';
import { createBatch, createReplay, createSampler, parseRelabel, replayOfRows, rowLayout } from '../replay/index.js';
import type { DynamicsModel } from './dynamics-model.js';
import { modelSpec } from './model-spec.js';
import type { BatchStep } from './model-step.js';
import { createRollouts } from './rollouts.js';
import { transitionsOf } from './transitions.js';

const ROWS = 6;

/** A point on a line; the goal is a place there, reached within 0.5, which ends episodes. */
const goalSpec: EnvSpec = {
  name: 'test/line',
  observation: box(1),
  achieved: box(1),
  goal: box(1),
  action: box(1, -1, 1),
  maxEpisodeSteps: 5,
  rewardRange: [-1, 0],
  successEndsEpisode: true,
  info: ['effort'],
};
const plainSpec = resolveSpec({
  name: 'test/plain',
  observation: box(1),
  action: box(1, -1, 1),
  maxEpisodeSteps: 5,
  rewardRange: [-1, 1],
} satisfies AuthorSpec);
const goalRules: EnvRules = {
  spec: goalSpec,
  computeReward: (achieved, desired, info, out) => {
    for (let i = 0; i < out.length; i++) out[i] = (Math.abs(achieved[i] - desired[i]) < 0.5 ? 0 : -1) - info[i];
  },
  computeSuccess: (achieved, desired, _info, out) => {
    for (let i = 0; i < out.length; i++) out[i] = Math.abs(achieved[i] - desired[i]) < 0.5 ? 1 : 0;
  },
  goalFrom: (achieved, out) => out.set(achieved),
};

/** Every number of the state grows by the action; the results are a tenth of it. `failure`: its logit by the next state. */
function world(env: EnvSpec, failure = (_x: number) => -1): { model: DynamicsModel; step: BatchStep } {
  const spec = modelSpec(env);
  const { state: s, result: r } = spec.sizes;
  const of = (size: number) => new Float32Array(ROWS * size);
  const step: BatchStep = {
    rows: ROWS,
    state: of(s),
    action: of(1),
    task: of(1),
    noise: of(spec.outputs),
    next: of(s),
    results: of(r),
    failure: of(1),
    async run() {
      for (let i = 0; i < ROWS; i++) {
        for (let j = 0; j < s; j++) step.next[i * s + j] = step.state[i * s + j] + step.action[i];
        for (let j = 0; j < r; j++) step.results[i * r + j] = step.action[i] / 10;
        step.failure[i] = failure(step.next[i * s]);
      }
    },
    dispose: async () => undefined,
  };
  return { model: { spec, failures: true } as DynamicsModel, step };
}

/** Always moves on by 1, or tries to by more. */
function mover(by = 1): PolicyRunner {
  const runner = {
    inputs: { observation: new Float32Array(ROWS), goal: new Float32Array(ROWS) },
    noise: new Float32Array(0),
    action: new Float32Array(ROWS),
    memory: {},
    begin: () => undefined,
    run: async () => void runner.action.fill(by),
  };
  return runner as unknown as PolicyRunner;
}

const random = () => createRandom(1);
const inputsOf = (names: string[]) => names.map((name) => ({ name })) as never;

/** Episodes of one step each, at these places. */
function starts(env: EnvSpec, places: readonly number[], goal: readonly number[] = []) {
  const replay = createReplay(env, 100);
  for (const x of places) {
    replay.addEpisode({
      columns: {
        observation: [x, x],
        ...(goal.length > 0 && { achieved: [x, x], goal, info: [7] }),
        action: [0.25],
        reward: [0.5],
      },
      failed: false,
    });
  }
  return transitionsOf([replay]);
}

async function imagine(
  env: EnvSpec,
  rules: EnvRules,
  data: ReturnType<typeof starts>,
  horizon: number,
  failure?: (x: number) => number,
) {
  const { model, step } = world(env, failure);
  const inputs = inputsOf(env.goal.size > 0 ? ['observation', 'goal'] : ['observation']);
  const rollouts = createRollouts({ model, rules, step, runner: mover(), inputs, random: random() });
  await rollouts.run(data, horizon, () => undefined);
  const replay = replayOfRows(env, 100);
  rollouts.store(replay.ring, ROWS);
  return replay;
}

describe('with goals', () => {
  it('copies the goal, computes reward and success from the predicted achievement, and ends where it is reached', async () => {
    const replay = await imagine(goalSpec, goalRules, starts(goalSpec, [0], [2]), 4);
    const { ring } = replay;
    expect([ring.episodes, ring.transitions]).toEqual([ROWS, 2 * ROWS]); // from 0 to 1 to 2, and no further
    const { width, column } = ring.layout;
    const at = (row: number, name: string) => ring.rows[row * width + column(name).offset];
    expect([0, 1, 2].map((row) => at(row, 'achieved'))).toEqual([0, 1, 2]);
    expect([0, 1, 2].map((row) => at(row, 'goal'))).toEqual([2, 2, 2]);
    expect([0, 1].map((row) => at(row, 'reward'))).toEqual([-1.1, -0.1].map(Math.fround));
    expect([0, 1].map((row) => at(row, 'info'))).toEqual([0.1, 0.1].map(Math.fround));
  });

  it('gives batches that hindsight relabels, and no end where a rollout is cut off', async () => {
    const replay = await imagine(goalSpec, goalRules, starts(goalSpec, [0], [50]), 2);
    const batch = createBatch(goalSpec, 200);
    createSampler(replay, goalRules, { strategy: 'future', k: 4 }).sample(random(), batch);
    const { columns } = batch;
    for (let i = 0; i < batch.size; i++) {
      const reached = Math.abs(columns['next.achieved'][i] - columns.goal[i]) < 0.5;
      expect(columns.terminated[i]).toBe(reached ? 1 : 0);
      if (columns.relabelled[i] === 0) expect([columns.goal[i], columns.terminated[i]]).toEqual([50, 0]);
    }
    expect(columns.relabelled.some((yes) => yes === 1)).toBe(true);
  });
});

describe('for on-policy learners', () => {
  async function piecesOf(goal: number, by = 1) {
    const { model, step } = world(goalSpec);
    const inputs = inputsOf(['observation', 'goal']);
    const rollouts = createRollouts({ model, rules: goalRules, step, runner: mover(by), inputs, random: random() });
    await rollouts.run(starts(goalSpec, [0], [goal]), 4, () => undefined);
    return rollouts.pieces();
  }

  it('each is an episode of an environment of its own, over where its goal is reached and else cut off', async () => {
    const reached = await piecesOf(2);
    expect(reached.pieces).toEqual(
      Array.from({ length: ROWS }, (_, env) => ({ env, first: 5 * env, steps: 2, end: 'terminated' })),
    );
    const { pieces } = await piecesOf(50);
    expect(pieces.map(({ steps, end }) => [steps, end])).toEqual(new Array(ROWS).fill([4, 'truncated']));
  });

  it('keep actions as they were drawn, of which the model takes the nearest within the bounds', async () => {
    const { rows, pieces } = await piecesOf(50, 3);
    const { width, column } = rowLayout(goalSpec);
    const at = (row: number, name: string) => rows[(pieces[1].first + row) * width + column(name).offset];
    expect([0, 1, 2, 3].map((row) => at(row, 'action'))).toEqual([3, 3, 3, 3]);
    expect([0, 1, 2, 3, 4].map((row) => at(row, 'observation'))).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('hindsight', () => {
  /** Starts 0, 10 and 20 of one episode under goal 99, and what the imagined rows of a single step then desire. */
  async function desired(relabel: string, allowGoal?: (goal: Float32Array) => boolean) {
    const real = createReplay(goalSpec, 100);
    const columns = { observation: [0, 10, 20, 30], achieved: [0, 10, 20, 30], goal: [99], info: [7, 7, 7] };
    real.addEpisode({ columns: { ...columns, action: [0, 0, 0], reward: [0, 0, 0] }, failed: false });
    const { model, step } = world(goalSpec);
    const rollouts = createRollouts({
      model,
      rules: goalRules,
      step,
      runner: mover(),
      inputs: inputsOf(['observation', 'goal']),
      random: random(),
      relabel: parseRelabel(relabel),
      allowGoal,
    });
    const replay = replayOfRows(goalSpec, 10_000);
    for (let n = 0; n < 200; n++) {
      await rollouts.run(transitionsOf([real]), 1, () => undefined);
      rollouts.store(replay.ring, ROWS);
    }
    const { width, column } = replay.ring.layout;
    const counts = new Map<string, number>();
    for (let row = 0; row < replay.ring.used; row += 2) {
      const at = (name: string) => replay.ring.rows[row * width + column(name).offset];
      const key = `${at('achieved')} to ${at('goal')}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
      // Of one step: nearly none reaches such a goal, as all would whose goal is what they achieved.
      expect(at('reward')).toBeLessThan(-0.9);
    }
    return counts;
  }

  it('gives starts goals that lie ahead in their real episodes, k for each that keeps its own', async () => {
    const counts = await desired('future:3');
    expect([...counts.keys()].sort()).toEqual(
      ['0 to 10', '0 to 20', '0 to 30', '0 to 99', '10 to 20', '10 to 30', '10 to 99', '20 to 30', '20 to 99'].sort(),
    );
    const own = [0, 10, 20].reduce((sum, start) => sum + (counts.get(`${start} to 99`) ?? 0), 0);
    expect(Math.abs(own - 300)).toBeLessThan(60); // of 1200, deviation 15
    expect(Math.abs((counts.get('10 to 20') ?? 0) - 150)).toBeLessThan(50);
  });

  it('of other strategies, and none that are held out', async () => {
    expect([...(await desired('final:1000')).keys()].filter((key) => !key.endsWith('99'))).toEqual(
      expect.arrayContaining(['0 to 30', '10 to 30', '20 to 30']),
    );
    expect((await desired('random:1000')).has('20 to 10')).toBe(true);
    const held = await desired('future:1000', ([goal]) => goal !== 20);
    expect([...held.keys()].some((key) => key.endsWith(' to 20'))).toBe(false);
    expect([...(await desired('none')).keys()].every((key) => key.endsWith('99'))).toBe(true);
  });
});

describe('without goals', () => {
  const plain: EnvRules = rulesWithoutGoals(plainSpec);
  const failures = (replay: Awaited<ReturnType<typeof imagine>>) => {
    const { rows, layout, used } = replay.ring;
    return Array.from({ length: used }, (_, row) => rows[row * layout.width + layout.failed]);
  };

  it('takes the predicted reward, and the predicted end', async () => {
    const replay = await imagine(plainSpec, plain, starts(plainSpec, [0]), 4, (x) => (x > 1.5 ? 1 : -1));
    expect(replay.ring.transitions).toBe(2 * ROWS);
    expect(failures(replay).slice(0, 3)).toEqual([0, 1, 0]);
    const { offset } = replay.ring.layout.column('reward');
    expect(replay.ring.rows[offset]).toBe(Math.fround(0.1));
  });

  it('takes the end that the environment declares instead', async () => {
    const declared: EnvRules = {
      ...plain,
      computeFailed: (observation, out) => {
        for (let i = 0; i < out.length; i++) out[i] = observation[i] > 2.5 ? 1 : 0;
      },
    };
    const replay = await imagine(plainSpec, declared, starts(plainSpec, [0]), 9, () => 1);
    expect(replay.ring.transitions).toBe(3 * ROWS);
    expect(failures(replay).slice(0, 4)).toEqual([0, 0, 1, 0]);
  });

  it('ends before what is no number, and starts uniformly', async () => {
    const data = starts(plainSpec, [0, 10, 20, 30]);
    const { model, step } = world(plainSpec);
    const run = step.run;
    const odd: BatchStep = {
      ...step,
      async run() {
        await run();
        for (let i = 0; i < ROWS; i++) if (step.next[i] % 10 === 2) step.next[i] = Number.NaN;
      },
    };
    const rollouts = createRollouts({
      model,
      rules: plain,
      step: odd,
      runner: mover(),
      inputs: inputsOf(['observation']),
      random: random(),
    });
    const counts = new Map<number, number>();
    const replay = replayOfRows(plainSpec, 10_000);
    for (let n = 0; n < 400; n++) {
      await rollouts.run(data, 5, () => undefined);
      rollouts.store(replay.ring, ROWS);
    }
    const { rows, layout, used, episodes, transitions } = replay.ring;
    expect([episodes, transitions]).toEqual([2400, 2400]); // one step each: the second is not kept
    const { offset } = layout.column('observation');
    for (let row = 0; row < used; row += 2) {
      const x = rows[row * layout.width + offset];
      counts.set(x, (counts.get(x) ?? 0) + 1);
    }
    // 600 expected of each, with deviation 21.
    for (const x of [0, 10, 20, 30]) expect(Math.abs((counts.get(x) ?? 0) - 600)).toBeLessThan(100);
  });
});
