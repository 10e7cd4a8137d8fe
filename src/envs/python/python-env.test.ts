// Gymnasium environments as ours: spaces, goals, episodes, saving, and everything that can break over there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createPieceWriter } from '../../acting/transitions.js';
import { createRandom } from '../../random.js';
import { createReplay } from '../../replay/index.js';
import { checkDefinition } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import type { GoalEnv } from '../env.js';
import { CUT } from '../env-columns.js';
import { loadEnv, makeEnv } from '../registry.js';
import { createVectorEnv } from '../vector-env.js';
import { testEnv, whyNoGymnasium } from './testing.js';

const missing = whyNoGymnasium();
if (missing) console.log(`Gymnasium's environments are not tested: ${missing}.`);

const made: GoalEnv[] = [];
afterAll(() => {
  for (const env of made) env.dispose?.();
});
async function make(name: string, options?: Record<string, unknown>): Promise<GoalEnv> {
  const env = await makeEnv(testEnv(name), options);
  made.push(env);
  return env;
}

describe.skipIf(missing)('environments of Gymnasium', () => {
  it('goals: the contract holds, hindsight asks compute_reward in batches', async () => {
    const definition = await loadEnv(testEnv('Goal-v0'));
    const { findings } = await checkDefinition(definition, {}, { episodes: 2 });
    expect(findings.filter(({ level }) => level === 'error')).toEqual([]);
    const rules = definition.rules(parseEnvOptions(definition, {}));
    expect(rules.spec).toMatchObject({
      maxEpisodeSteps: 20,
      rewardRange: [-1, 0],
      successEndsEpisode: false,
      info: [],
    });
    expect([rules.spec.observation.size, rules.spec.achieved.size, rules.spec.goal.size]).toEqual([2, 1, 1]);
    const [reward, success] = [new Float32Array(3), new Uint8Array(3)];
    const achieved = Float32Array.of(0, 0.5, 1);
    const goals = Float32Array.of(0.05, 0.5, 0);
    expect(() => rules.computeReward(achieved, goals, new Float32Array(0), reward)).toThrow(/before they were ready/);
    await rules.ready?.();
    rules.computeReward(achieved, goals, new Float32Array(0), reward);
    rules.computeSuccess(achieved, goals, new Float32Array(0), success);
    expect([[...reward].map((value) => value + 0), [...success]]).toEqual([
      [0, 0, -1],
      [1, 1, 0],
    ]);
    rules.dispose?.();
  });

  it('goals that end episodes, rewards that need info, goals that are asked for', async () => {
    expect((await make('Goal-v0?ends=true')).spec.successEndsEpisode).toBe(true);
    const env = await make('Goal-v0?info_reward=true', { tolerance: 0.2 });
    expect(env.spec).toMatchObject({ info: ['effort', 'is_success'], rewardRange: [-Infinity, Infinity] });
    env.reset({ seed: 3, goal: [0.25] });
    const { reward, achieved, goal, info } = env.step([1]);
    expect([...goal]).toEqual([0.25]);
    expect(info[0]).toBeCloseTo(0.1);
    expect(reward).toBeCloseTo(-Math.abs(achieved[0] - 0.25) - 0.1, 5);
    await expect(make('Goal-v0?reward_type=dense')).resolves.toBeTruthy(); // it has _is_success
  });

  it('spaces of every kind become numbers, pictures and choices', async () => {
    const env = await make('Spaces-v0');
    const { spec } = env;
    expect(spec.action).toMatchObject({ kind: 'discrete', n: 8 });
    expect(spec.success).toBe(true);
    const shapes = Object.entries(spec.parts ?? {}).map(([name, { shape, dtype }]) => [name, shape, dtype]);
    expect(shapes).toEqual([
      ['camera', [4, 5, 3], 'uint8'],
      ['first', [8, 20, 2], 'uint8'],
    ]);
    const { observation, columns } = env.reset({ seed: 1 });
    // color 2 of 1 to 3, 64 numbers of the text, two bits, one of two and one of three, place.
    expect([...observation.slice(0, 3)]).toEqual([0, 1, 0]);
    expect(observation.slice(3, 67).reduce((sum, value) => sum + Math.abs(value), 0)).toBe(15); // 8 words, 7 pairs
    expect([...observation.slice(67, 74)]).toEqual([0, 1, 0, 1, 0, 0, 1]);
    expect([...observation.slice(74)].map((value) => Number(value.toFixed(6)))).toEqual([0.1, 0.2, 0.3, 0.4]);
    expect([...columns.first.slice(0, 4)]).toEqual([0, 160, 1, 161]); // channels came first
    for (const [choice, reward] of [
      [0, 500],
      [3, 511],
      [6, 610],
    ]) {
      env.reset();
      expect(env.step([choice])).toMatchObject({ reward, isSuccess: reward % 10 === 1 });
    }
  });

  it.each([
    ['gym:anygoal_test_envs:Mixed-v0', /Mixed-v0: actions are numbers and choices at once \(gear is a choice\)/],
    ['gym:Pendulm-v1', /gym:Pendulm-v1: Environment `Pendulm` doesn't exist. Did you mean: `Pendulum`/],
    ['gym:Xyzzy-v1', /Environment `Xyzzy` doesn't exist.+ as in gym:my_module:MyEnv-v0\./],
    ['gym:nowhere.at_all:Env-v0', /there is no module nowhere in \S+ or PYTHONPATH\.$/],
  ])('%s is refused with the reason', async (name, message) => {
    await expect(makeEnv(name)).rejects.toThrow(message);
  });

  it('a group steps in one exchange, as its members alone do; time limits are no ends', async () => {
    const name = 'Trouble-v0?after=1000000';
    const together = createVectorEnv(await Promise.all([make(name), make(name), make(name)]));
    const alone = [await make(name), await make(name), await make(name)];
    const random = createRandom(1);
    together.reset(5);
    const single = createVectorEnv(alone.map((env) => ({ ...env, prepare: undefined })));
    single.reset(5);
    const actions = new Float32Array(3);
    let ends = 0;
    for (let t = 0; t < 120; t++) {
      for (let i = 0; i < 3; i++) actions[i] = random.below(2);
      together.step(actions);
      single.step(actions);
      expect([...together.columns.observation, ...together.final.observation]).toEqual([
        ...single.columns.observation,
        ...single.final.observation,
      ]);
      expect(together.truncated).toEqual(single.truncated);
      expect([...together.terminated]).toEqual([0, 0, 0]);
      ends += together.truncated[0];
    }
    expect(ends).toBe(2);
    expect((await loadEnv(testEnv('Endless-v0'))).notes?.({})).toEqual([
      expect.stringMatching(/has no time limit of its own: episodes end after 1000 steps.*\?max_episode_steps=N/),
    ]);
  });

  it('what is saved goes on by playing the episode again', async () => {
    const [first, second] = [await make('Goal-v0'), await make('Goal-v0')];
    const play = (env: GoalEnv, steps: number) =>
      Array.from({ length: steps }, (_, t) => {
        const step = env.step([Math.sin(t)]);
        const shown = [...step.observation, step.reward];
        if (step.truncated) shown.push(...env.reset().observation);
        return shown;
      });
    first.reset({ seed: 4 });
    play(first, 27);
    second.restoreState(first.saveState());
    expect(play(second, 30)).toEqual(play(first, 30));
  });

  it('what cannot go on is broken off where it was: no transition is made of two episodes', async () => {
    const name = 'Trouble-v0?how=forgets&after=1000000';
    expect((await loadEnv(testEnv(name))).notes?.({})).toEqual([expect.stringMatching(/goes on with new episodes/)]);
    const group = createVectorEnv([await make(name), await make(name)]);
    const writer = createPieceWriter(group);
    const replay = createReplay(group.spec, 1000);
    const collect = (ticks: number) => {
      writer.begin(ticks);
      for (let t = 0; t < ticks; t++) {
        writer.before();
        group.step(Float32Array.of(1, 0));
        writer.after(Float32Array.of(1, 0));
      }
      replay.insert(writer.end());
    };
    group.reset(1);
    collect(7);
    expect(replay.stagedTransitions).toBe(14);
    group.restoreState(group.saveState());
    writer.begin(1);
    writer.before();
    group.step(new Float32Array(2));
    writer.after(new Float32Array(2));
    expect([...group.truncated]).toEqual([CUT, CUT]);
    const message = writer.end();
    expect(message.pieces.map(({ steps, end }) => [steps, end])).toEqual([
      [0, 'truncated'],
      [0, 'truncated'],
    ]);
    replay.insert(message);
    expect([replay.ring.episodes, replay.stagedTransitions]).toEqual([2, 0]);
    collect(3);
    expect(replay.stagedTransitions).toBe(6);
    // Broken off before the first step there is no episode.
    replay.insert({ rows: new Float32Array(100), pieces: [{ env: 7, first: 0, steps: 0, end: 'truncated' }] });
    expect(replay.ring.episodes).toBe(2);
  });

  it.each([
    [
      'raise',
      /^gym:\S+: Python threw\.\nTraceback[\s\S]*anygoal_test_envs\.py", line \d+, in step[\s\S]*ValueError: the robot fell over/,
    ],
    ['die', /has ended without a word/],
    ['crash', /crashed\.\nFatal Python error: Aborted[\s\S]*anygoal_test_envs\.py", line \d+ in step/],
    ['hang', /has not answered for 1 s, so its process was ended[\s\S]*anygoal_test_envs\.py", line \d+ in step/],
    ['rubbish', /something wrote "rubbish rubbish/],
    ['nan', /observation\[0\] is NaN after step \d+/],
  ])('one that does "%s" ends with a clear error', async (how, message) => {
    const env = await make(`Trouble-v0?how=${how}`, { timeout: 1 });
    const play = () => {
      for (let t = 0; t < 300; t++) {
        if (t % 50 === 0) env.reset();
        env.step([1]);
      }
    };
    expect(play).toThrow(message);
    expect(() => env.saveState()).not.toThrow(); // a checkpoint needs it
  });

  it('where a process has broken, another one begins at once, and those who had the first leave it alone', async () => {
    const [one, other] = [await make('Trouble-v0?how=die'), await make('Trouble-v0?how=die')];
    expect(() => {
      for (let t = 0; t < 300; t++) {
        if (t % 50 === 0) one.reset();
        one.step([1]);
      }
    }).toThrow(/has ended without a word/);
    one.dispose?.();
    const fresh = await make('Trouble-v0?how=die');
    fresh.reset({ seed: 1 });
    other.dispose?.();
    expect(Number.isFinite(fresh.step([1]).reward)).toBe(true);
  });

  it('gives pictures where it is made for them, of the moment', async () => {
    const env = await make('Goal-v0?render_mode=rgb_array');
    const red = () => {
      const { width, height, pixels } = env.picture!();
      expect([width, height, pixels.length, pixels[3]]).toEqual([40, 6, 4 * 240, 255]);
      return Array.from({ length: 40 }, (_, x) => pixels[4 * x]).indexOf(255);
    };
    const place = (position: number) => Math.floor(20 + 10 * position);
    const { achieved } = env.reset({ seed: 3 });
    expect(red()).toBe(place(achieved[0]));
    for (let step = 0; step < 5; step++) {
      env.step([1]);
      expect(red()).toBe(place(achieved[0]));
    }
    const without = await make('Goal-v0');
    without.reset({ seed: 3 });
    expect(() => without.picture!()).toThrow(/made with render_mode=rgb_array/);
    expect(without.step([1]).reward).toBe(-1); // it goes on
  });

  it('instructions are refused, not overheard', async () => {
    const env = await make('Goal-v0');
    expect(() => env.reset({ seed: 1, instruction: 'go' })).toThrow(/takes no instructions/);
  });
});

describe('Pythons that will not do', () => {
  let before: string | undefined;
  beforeAll(() => {
    before = process.env.ANYGOAL_PYTHON;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.ANYGOAL_PYTHON;
    else process.env.ANYGOAL_PYTHON = before;
  });

  it.each([
    ['/no/such/python', /gym:A-v0: the Python \/no\/such\/python is not there\. Name a Python that has gymnasium/],
    ['/bin/echo', /gym:A-v0: \/bin\/echo ended with code 0 before it began; is it a Python 3\?/],
  ])('%s', async (python, message) => {
    process.env.ANYGOAL_PYTHON = python;
    await expect(loadEnv('gym:A-v0')).rejects.toThrow(message);
  });
});
