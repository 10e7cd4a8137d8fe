// Behaviour cloning: every head and backbone imitates, tasks count as they are told to, statistics belong to each task.
import { describe, expect, it } from 'vitest';
import { box, discrete, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { toOnnxOfRows } from '../tensor/index.js';
import { createUpdater } from '../updates/updater.js';
import type { Agent } from './agent.js';
import { agentSpec } from './agent-spec.js';
import { bc } from './bc.js';
import { identityNormalizer } from './policy-vectors.js';
import { bestAction, testBatch, testUpdater } from './testing.js';

const ROWS = 64;
/** Two tasks: a = g and a = -g, in the environment's bounds of 2. */
const spec = (byTask = false) =>
  agentSpec(
    { observation: box(2), goal: box(1), action: box(1, -2, 2), rewardRange: [-1, 0], tasks: ['same', 'opposite'] },
    { byTask },
  );

const create = (options: Record<string, unknown>, byTask = false) =>
  bc.create(
    spec(byTask),
    bc.config.parse({ hidden: [32, 32], learningRate: 3e-3, policyAverage: 0.01, chunk: 1, ...options }),
    {
      normalize: byTask ? 'task' : true,
    },
  );

/** Learns from `updates` batches; `share`: of the rows that have the second task. Returns actions for goals by task. */
async function clone(options: Record<string, unknown>, { updates = 800, byTask = false } = {}) {
  const agent = create(options, byTask);
  const steps = (options.chunk as number | undefined) ?? 1;
  const random = createRandom(1);
  const batch: Record<string, Float32Array> = {
    observation: new Float32Array(2 * ROWS),
    goal: new Float32Array(ROWS),
    task: new Float32Array(ROWS),
    action: new Float32Array(ROWS),
    'window.action': new Float32Array(steps * ROWS),
    weight: new Float32Array(ROWS).fill(1),
    normalizer: identityNormalizer(agent.spec),
  };
  const updater = await createUpdater({
    agent,
    rows: ROWS,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(2),
    batch,
    nextBatch() {
      random.fillUniform(batch.observation, -1, 1);
      random.fillUniform(batch.goal, -1, 1);
      for (let i = 0; i < ROWS; i++) {
        batch.task[i] = i % 2;
        batch.action[i] = (i % 2 === 0 ? 1 : -1) * batch.goal[i];
        batch['window.action'].fill(batch.action[i], i * steps, (i + 1) * steps);
      }
    },
  });
  await updater.update(updates);
  const executable = await nodeRuntime.compile(agent.act(4, { deterministic: true }));
  const all: Record<string, Float32Array> = {
    averageActor: updater.vector('averageActor'),
    actor: updater.vector('actor'),
    normalizer: batch.normalizer,
    observation: new Float32Array(8).fill(0.2),
    goal: Float32Array.of(0.6, 0.6, -0.4, -0.4),
    task: Float32Array.of(0, 1, 0, 1),
    ...Object.fromEntries(Object.entries(agent.memory ?? {}).map(([name, size]) => [name, new Float32Array(4 * size)])),
  };
  const { action } = await executable.run(Object.fromEntries(executable.inputs.map(({ name }) => [name, all[name]])));
  await executable.dispose();
  await updater.dispose();
  return Array.from(action as Float32Array);
}

const wanted = [0.6, -0.6, -0.4, 0.4];
const miss = (actions: readonly number[]) => Math.max(...actions.map((a, i) => Math.abs(a - wanted[i])));

const small = { backbone: 'transformer', tokenWidth: 16, blocks: 1, attentionHeads: 2 } as const;

describe('imitation', () => {
  it.each([
    ['gaussian', {}],
    ['gaussian with deviations of each state', { std: 'state' }],
    ['mixture', { head: 'mixture', components: 3 }],
    ['bins', { head: 'bins', bins: 41 }],
    ['chunks, averaged', { chunk: 3 }],
    ['chunks, open loop', { chunk: 3, execution: 'open-loop' }],
    ['Laplace', { head: 'laplace' }],
    ['flow matching', { head: 'flow', flowHidden: [64], tokenWidth: 16, flowSteps: 5 }],
    [
      'bins, a token of the Transformer for each number of a chunk',
      { ...small, tokenWidth: 32, blocks: 2, head: 'bins', chunk: 2, actionTokens: 'each' },
    ],
    ['a Transformer', small],
  ] as const)(
    '%s does in each task what was shown',
    async (_, options) => {
      expect(miss(await clone(options))).toBeLessThan(0.15);
    },
    30_000,
  );

  it('has the statistics of each task', async () => {
    expect(miss(await clone({}, { byTask: true }))).toBeLessThan(0.15);
  });
});

it('sees what is left to the goal where that is said and it is told to', () => {
  const box4 = { observation: box(4), goal: box(2), action: box(1, -2, 2), rewardRange: [-1, 0] as [number, number] };
  const relations = { groups: [{ goal: 0, observation: 2, size: 2 }] };
  const first = (relative: boolean, given: Parameters<typeof agentSpec>[0]) => {
    const agent = bc.create(agentSpec(given), bc.config.parse({ relative, chunk: 1 }), { normalize: true });
    return agent.state.actor.layout?.find(({ name }) => name === '0.weight')?.shape[0];
  };
  expect(first(true, { ...box4, relations })).toBe(4 + 2 + 2);
  expect(first(false, { ...box4, relations })).toBe(4 + 2);
  expect(first(true, box4)).toBe(4 + 2);
});

it('sees what is left to the last state that was shown', async () => {
  const given = agentSpec({
    observation: box(2),
    parts: { demonstration: { ...box(6), shape: [3, 2], per: 'episode' } },
    goal: box(0),
    action: box(2, -1, 1),
    rewardRange: [-1, 0],
  });
  const made = (options: Record<string, unknown>) =>
    bc.create(given, bc.config.parse({ relative: 'demonstration', chunk: 1, hidden: [], ...options }), {
      normalize: false,
    });
  const agent = made({});
  const { layout } = agent.state.averageActor;
  const weight = layout.find(({ name }) => name === '0.weight');
  expect(weight?.shape).toEqual([2 + 2 + 6, 2]);
  // Only what is left counts, which comes behind the observation in the state: the action is it.
  const averageActor = new Float32Array(agent.state.averageActor.size);
  const at = weight?.offset ?? 0;
  averageActor[at + 2 * 2] = 1;
  averageActor[at + 3 * 2 + 1] = 1;
  const executable = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
  const { action } = await executable.run({
    averageActor,
    observation: Float32Array.of(0.1, 0.2),
    demonstration: Float32Array.of(9, 9, 9, 9, 0.4, -0.1),
  });
  expect(Array.from(action as Float32Array)).toEqual([0.3, -0.3].map((value) => expect.closeTo(value, 5)));
  await executable.dispose();
  expect(() => made({ unseen: ['demonstration'] })).toThrow('agent.relative is demonstration, but the policy');
});

describe('numbers that are not seen', () => {
  const named = (names?: readonly string[]) =>
    agentSpec({ observation: box(3, -1, 1, names), goal: box(0), action: box(1, -2, 2), rewardRange: [-1, 0] });
  const made = (names: readonly string[] | undefined, unseen: readonly string[]) =>
    bc.create(named(names), bc.config.parse({ unseen, chunk: 1, hidden: [8] }), { normalize: false });
  const names = ['x', 'x-velocity', 'y-velocity'];

  it('do not change what is done', async () => {
    const agent = made(names, ['*-velocity']);
    const executable = await nodeRuntime.compile(agent.act(2, { deterministic: true }));
    const act = async (observation: number[]) => {
      const drawn = agent.state.averageActor.init?.(createRandom(3)) ?? new Float32Array(0);
      const averageActor = drawn.map((value) => value / 4);
      const { action } = await executable.run({ averageActor, observation: Float32Array.from(observation) });
      return Array.from(action as Float32Array);
    };
    const [at, faster] = await act([0.3, 0, 0, 0.3, 5, -7]);
    expect(faster).toBe(at);
    const [here, there] = await act([0.3, 0, 0, 0.4, 0, 0]);
    expect(there).not.toBe(here);
    await executable.dispose();
  });

  it('are not told by what is left to the goal either', async () => {
    const observation = box(3, -1, 1, names);
    const relations = { groups: [{ goal: 0, observation: 1, size: 1 }] };
    const spec = agentSpec({ observation, goal: box(1), action: box(1, -2, 2), rewardRange: [-1, 0], relations });
    const settings = { unseen: ['*-velocity'], relative: true, chunk: 1, hidden: [8] };
    const agent = bc.create(spec, bc.config.parse(settings), { normalize: false });
    const executable = await nodeRuntime.compile(agent.act(2, { deterministic: true }));
    const averageActor = agent.state.averageActor.init(createRandom(3)).map((value) => value / 4);
    const { action } = await executable.run({
      averageActor,
      observation: Float32Array.of(0.3, 0.1, 0, 0.3, -0.8, 0),
      goal: Float32Array.of(0.5, 0.5),
    });
    expect(action[1]).toBe(action[0]);
    await executable.dispose();
  });

  it('may be a whole input', () => {
    const of = (unseen: readonly string[]) => made(['x', 'y', 'z'], unseen).spec.inputs.map(({ name }) => name);
    expect(of([])).toEqual(['observation']);
    expect(() => of(['observation'])).toThrow('agent.unseen names observation: nothing is left to see');
    expect(create({ unseen: ['task'] }).spec.inputs.map(({ name }) => name)).toEqual(['observation', 'goal']);
  });

  it('are named as the environment names them', () => {
    expect(() => made(names, ['x-velocty'])).toThrow('did you mean "x-velocity"?');
    expect(() => made(undefined, ['x'])).toThrow('have no names');
  });
});

describe('tokens', () => {
  const seen = agentSpec({
    observation: box(3),
    parts: {
      camera: image([16, 16, 3]),
      words: { ...box(4 * 5), shape: [4, 5], per: 'episode' },
      film: { ...box(2 * 16 * 16 * 3), shape: [2, 16, 16, 3], dtype: 'uint8', per: 'episode' },
    },
    goal: box(0),
    action: box(2, -1, 1),
    rewardRange: [-1, 0],
  });
  const tokens = { camera: { kind: 'tokens', patch: 8 }, words: { kind: 'tokens' } };
  const made = (options: Record<string, unknown>) =>
    bc.create(seen, bc.config.parse({ ...small, ...options }), { normalize: false });
  const shapes = (agent: Agent) =>
    Object.fromEntries(agent.state.actor.layout.map(({ name, shape }) => [name, shape.join('x')]));

  it('are patches, words and frames, each kind through a layer of its own, and the questions', () => {
    const encoders = { ...tokens, film: { kind: 'keypoints', channels: [4] } };
    const of = shapes(made({ encoders, actionTokens: 'each', chunk: 3 }));
    expect(of['token0.0.weight']).toBe('3x16');
    expect(of['token1.0.weight']).toBe(`${8 * 8 * 3}x16`);
    expect(of['token2.0.weight']).toBe('5x16');
    expect(of['token3.0.weight']).toBe('8x16'); // places of four channels
    expect(of.question).toBe('3x16');
    expect(of['ends.positions']).toBe(`${1 + 4 + 4 + 2 + 3}x16`);
    expect(of['head.0.weight']).toBe('16x2');
  });

  it('may come after convolutions', () => {
    const of = shapes(made({ encoders: { ...tokens, camera: { kind: 'tokens', channels: [4, 6], patch: 1 } } }));
    expect(of['camera.conv1.weight']).toBe('6x4x3x3');
    expect(of['token1.0.weight']).toBe('6x16');
    expect(() => made({ encoders: { camera: { kind: 'tokens', channels: [4, 6], patch: 4 } } })).toThrow(
      'agent.encoders.camera: patch is 4, but 2 convolutions leave 3 x 3 places',
    );
    expect(() => made({ encoders: { film: { kind: 'tokens', channels: [4, 6, 8, 9] } } })).toThrow(
      'leave 0 x 0 places',
    );
  });

  it('tell the order of words', async () => {
    const agent = made({ encoders: tokens, chunk: 1, policyAverage: 0 });
    const executable = await nodeRuntime.compile(agent.act(2, { deterministic: true }));
    const word = [0.3, -0.2, 0.9, 0, 0.4];
    const other = [-0.5, 0.1, 0, 0.7, 0.2];
    const none = new Array(5).fill(0);
    const { action } = await executable.run({
      actor: agent.state.actor.init(createRandom(3)),
      observation: new Float32Array(6),
      camera: new Uint8Array(2 * 16 * 16 * 3),
      film: new Uint8Array(4 * 16 * 16 * 3),
      words: Float32Array.from([word, other, none, none, other, word, none, none].flat()),
    });
    await executable.dispose();
    expect(action[0]).not.toBe(action[2]);
  });
});

describe('tasks count alike', () => {
  it('by stratified batches, by weights, or not; never by both', () => {
    expect(create({}).batch).toEqual({ balance: 'task' });
    expect(create({ balance: 'weights' }).batch).toEqual({ weights: 'task' });
    expect(create({ balance: 'none' }).batch).toEqual({});
    expect(create({ chunk: 4 }).batch).toEqual({ balance: 'task', window: 4 });
    const reads = (options: Record<string, unknown>) =>
      create(options)
        .steps(ROWS)
        .clone.program.inputs.filter(({ unused }) => !unused)
        .map(({ name }) => name);
    expect(reads({ balance: 'weights' })).toContain('weight');
    expect(reads({})).not.toContain('weight');
  });

  it('of a single task there is nothing to balance', () => {
    const one = agentSpec({ observation: box(2), goal: box(1), action: box(1, -2, 2), rewardRange: [-1, 0] });
    expect(bc.create(one, bc.config.parse({ chunk: 1 }), { normalize: 'task' }).batch).toEqual({});
  });
});

it('acts within the bounds, with tables of means and deviations of every task', async () => {
  const agent = create({}, true);
  // Of two tasks: observation 2 x 2 x 2, goal 2 x 1 x 2, action 2 x 1 x 2.
  const normalizer = identityNormalizer(agent.spec);
  expect(normalizer).toHaveLength(8 + 4 + 4);
  normalizer.set([0.5, -5, 1, 1], 12); // actions: means 0.5 and -5
  const actor = new Float32Array(agent.state.actor.size);
  const executable = await nodeRuntime.compile(agent.act(2, { deterministic: true }));
  const { action } = await executable.run({
    averageActor: actor,
    normalizer,
    observation: new Float32Array(4),
    goal: new Float32Array(2),
    task: Float32Array.of(0, 1),
  });
  expect(Array.from(action as Float32Array)).toEqual([0.5, -2]);
  await executable.dispose();
});

it('is exported with tables and memory, for any number of rows', async () => {
  const agent = create({ chunk: 3 }, true);
  const random = createRandom(5);
  const drawn = (size: number) => {
    const values = new Float32Array(size);
    random.fillNormal(values);
    return values;
  };
  const freeze = {
    averageActor: drawn(agent.state.averageActor.size),
    normalizer: identityNormalizer(agent.spec).map((value) => value + 0.1),
  };
  const bytes = toOnnxOfRows((rows) => agent.act(rows, { deterministic: true }), { freeze });
  const given = { observation: drawn(6), goal: drawn(3), task: Float32Array.of(1, 0, 1), sum: drawn(9) };
  const more = { total: drawn(9).map(Math.abs), count: new Float32Array(9).fill(1) };
  const run = async (rows: number, inputs: Record<string, Float32Array>) => {
    const executable = await nodeRuntime.compile(bytes, { rows });
    const outputs = await executable.run(inputs);
    await executable.dispose();
    return outputs;
  };
  const all: Record<string, Float32Array> = { ...given, ...more };
  const together = await run(3, all);
  for (let i = 0; i < 3; i++) {
    const alone = await run(
      1,
      Object.fromEntries(
        Object.entries(all).map(([name, { length }]) => [
          name,
          all[name].slice((i * length) / 3, ((i + 1) * length) / 3),
        ]),
      ),
    );
    for (const name of ['action', 'sum_out', 'total_out', 'count_out']) {
      const size = alone[name].length;
      const own = Array.from(together[name].slice(i * size, (i + 1) * size), Number);
      expect(own).toEqual(Array.from(alone[name], Number).map((value) => expect.closeTo(value, 4)));
    }
  }
});

it('imitates choices, one at a time, by their numbers', async () => {
  const choices = agentSpec({ observation: box(2), goal: box(1), action: discrete(3), rewardRange: [0, 1] }, {});
  const options = { hidden: [32], learningRate: 3e-3, policyAverage: 0.01, chunk: 8 }; // of choices there are no chunks
  const agent = bc.create(choices, bc.config.parse(options), { normalize: true });
  const wanted = (goal: number) => Math.floor((goal + 1) * 1.5);
  const random = createRandom(1);
  const batch = testBatch(choices, ROWS);
  const fill = () => {
    random.fillUniform(batch.goal, -1, 1);
    for (let i = 0; i < ROWS; i++) batch.action[i] = wanted(batch.goal[i]);
  };
  const updater = await testUpdater(agent, batch, fill, 2);
  await updater.update(600);
  for (const goal of [-0.8, 0, 0.8]) {
    expect(await bestAction(agent, choices, updater, [0, 0], [goal])).toEqual([wanted(goal)]);
  }
  const sample = await nodeRuntime.compile(agent.act(ROWS, { deterministic: false }), { threads: 1 });
  const noise = new Float32Array(ROWS * agent.actionNoise);
  random.fillNormal(noise);
  const all: Record<string, Float32Array> = { ...batch, actor: new Float32Array(agent.state.actor.size), noise };
  const drawn = await sample.run(Object.fromEntries(sample.inputs.map(({ name }) => [name, all[name]])));
  expect(new Set(drawn.action as Float32Array)).toEqual(new Set([0, 1, 2])); // of an actor of zeros all are as likely
  await updater.dispose();
});
