// What behaviour cloning sees: numbers and inputs left out, what is left to the goal or to what was shown, tokens of each kind.
import { describe, expect, it } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import type { Agent } from './agent.js';
import { agentSpec } from './agent-spec.js';
import { bc } from './bc.js';

const small = { backbone: 'transformer', tokenWidth: 16, blocks: 1, attentionHeads: 2 } as const;

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
    const tasks = agentSpec({
      observation: box(2),
      goal: box(1),
      action: box(1),
      rewardRange: [-1, 0],
      tasks: ['a', 'b'],
    });
    const left = bc.create(tasks, bc.config.parse({ unseen: ['task'] }), { normalize: false }).spec.inputs;
    expect(left.map(({ name }) => name)).toEqual(['observation', 'goal']);
  });

  it('are named as the environment names them', () => {
    expect(() => made(names, ['x-velocty'])).toThrow('did you mean "x-velocity"?');
    expect(() => made(names, ['observatoin'])).toThrow('did you mean "observation"?');
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
    expect(() => made({ encoders: { film: { kind: 'keypoints', by: 'goal' } } })).toThrow(
      'agent.encoders.film: by is "goal", but what films show is not looked for; leave it out.',
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
