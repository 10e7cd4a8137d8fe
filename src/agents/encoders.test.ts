// Encoders as settings: which kinds go with which inputs, and what networks share.
import { describe, expect, it } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { toOnnxOfRows } from '../tensor/index.js';
import { type AgentSpec, agentSpec } from './agent-spec.js';
import { type Agent, findAgent } from './index.js';
import { identityNormalizer } from './policy-vectors.js';

const spec: AgentSpec = agentSpec({
  observation: box(3),
  parts: { camera: image([20, 24, 3]) },
  goal: box(2),
  tasks: ['push', 'lift', 'turn'],
  action: box(2, -1, 1),
  rewardRange: [-1, 0],
});
const vectors = { ...spec, inputs: spec.inputs.filter(({ name }) => name !== 'camera') };
const ofDqn = { ...spec, action: { kind: 'discrete', n: 3 } as const };

function made(
  name: string,
  options: Record<string, unknown> = {},
  of: AgentSpec = name === 'dqn' ? ofDqn : spec,
): Agent {
  const { config, create } = findAgent(name);
  return create(of, config.parse({ hidden: [8], ...options }), { normalize: true });
}
const namesOf = (agent: Agent, vector: string) => agent.state[vector].layout.map(({ name }) => name);
const critics = { sac: 'critics', mtsac: 'critics', tqc: 'critics', td3: 'critics', ddpg: 'critic', ppo: 'critic' };

describe.each(Object.entries(critics))('%s', (name, critic) => {
  it('has one encoder for all networks, which only the loss of the values moves', () => {
    const agent = made(name);
    expect(namesOf(agent, 'encoder')[0]).toBe('camera.conv0.weight');
    for (const vector of ['actor', critic]) expect(namesOf(agent, vector).join()).not.toContain('camera');
    const moving = Object.values(agent.steps(4)).filter(({ program }) =>
      program.outputs.some((y) => y.name === 'encoder.gradient'),
    );
    expect(moving).toHaveLength(1);
    expect(moving[0].optimizerSteps.map(({ vector }) => vector)).toContain('encoder');
    expect(moving[0].optimizerSteps.map(({ vector }) => vector)).toContain(critic);
    expect(agent.policyVectors).toContain('encoder');
    expect(agent.value?.vectors).toContain('encoder');
    for (const { inputs } of [agent.act(1, { deterministic: true }), agent.value!.program(1)]) {
      expect(inputs.filter(({ unused }) => !unused).map((input) => input.name)).toContain('encoder');
    }
  });

  it('has one in each network where it is told so', () => {
    const agent = made(name, { sharedEncoder: false });
    expect(agent.state.encoder).toBeUndefined();
    for (const vector of ['actor', critic]) expect(namesOf(agent, vector).join()).toContain('camera.conv0.weight');
  });

  it('shares nothing where nothing is learned by encoders', () => {
    expect(made(name, {}, vectors).state.encoder).toBeUndefined();
    expect(Object.keys(made(name, {}, vectors).state)).toEqual(
      Object.keys(made(name, { sharedEncoder: false }, vectors).state),
    );
  });

  it('takes the kinds that are set', () => {
    const encoders = {
      camera: 'keypoints',
      task: { kind: 'embedding', size: 5 },
      observation: { kind: 'dense', hidden: [7], size: 6 },
    };
    const agent = made(name, { encoders });
    const shapes = Object.fromEntries(agent.state.encoder.layout.map((entry) => [entry.name, entry.shape]));
    expect(shapes).toEqual({
      'observation.0.weight': [3, 7],
      'observation.0.bias': [7],
      'observation.1.weight': [7, 6],
      'observation.1.bias': [6],
      'camera.conv0.weight': [16, 3, 3, 3],
      'camera.conv0.bias': [16],
      'camera.conv1.weight': [32, 16, 3, 3],
      'camera.conv1.bias': [32],
      'camera.scale': [32],
      'task.table': [3, 5],
    });
    // 6 of the observation, twice 32 keypoints, the goal, 5 of the task.
    expect(agent.state.actor.layout[0].shape).toEqual([6 + 64 + 2 + 5, 8]);
  });
});

it('looks in pictures for what another input asks for', () => {
  const agent = made('sac', { encoders: { camera: { kind: 'keypoints', by: 'task', picks: 5 } } });
  const shapes = Object.fromEntries(agent.state.encoder.layout.map((entry) => [entry.name, entry.shape]));
  expect(shapes['camera.asked.0.weight']).toEqual([3, 32]);
  expect(shapes['camera.asked.1.weight']).toEqual([32, 32 * 5]);
  // 3 of the observation, twice 32 keypoints and 5 that are looked for, the goal, the task.
  expect(agent.state.actor.layout[0].shape).toEqual([3 + 2 * (32 + 5) + 2 + 3, 8]);
});

it('pictures of the state and of the goal go through one encoder, unless the latter has settings of its own', async () => {
  const parts = { camera: image([16, 16, 3]), 'goal-camera': { ...image([16, 16, 3]), per: 'episode' as const } };
  const seen = agentSpec({
    observation: box(0),
    parts,
    goalPictures: { 'goal-camera': 'camera' },
    goal: box(0),
    action: box(2, -1, 1),
    rewardRange: [-1, 0],
  });
  const apart = made('sac', { encoders: { camera: 'keypoints', 'goal-camera': 'keypoints' } }, seen);
  const agent = made('sac', { encoders: { camera: 'keypoints' } }, seen);
  expect(apart.state.encoder.size).toBe(2 * agent.state.encoder.size);
  expect(namesOf(agent, 'encoder').join()).not.toContain('goal-camera');
  // 32 keypoints of each.
  expect(agent.state.actor.layout[0].shape).toEqual([128, 8]);
  // Where the first layer takes the difference of the two, a picture that shows its own goal says nothing.
  const random = createRandom(5);
  const vectors = Object.fromEntries(agent.policyVectors.map((name) => [name, agent.state[name].init(random)]));
  for (let i = 0; i < 64 * 8; i++) vectors.actor[64 * 8 + i] = -vectors.actor[i];
  const act = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
  const picture = Uint8Array.from({ length: 768 }, () => random.below(256));
  const blank = new Uint8Array(768);
  const of = async (camera: Uint8Array, goal: Uint8Array) =>
    Array.from((await act.run({ ...vectors, camera, 'goal-camera': goal })).action as Float32Array);
  const still = await of(blank, blank);
  for (const [j, value] of (await of(picture, picture)).entries()) expect(value).toBeCloseTo(still[j], 5);
  expect(Math.abs((await of(picture, blank))[0] - still[0])).toBeGreaterThan(1e-4);
  await act.dispose();
});

it('dqn has encoders in its one network', () => {
  const agent = made('dqn', { encoders: { task: 'embedding', camera: { kind: 'transformer', size: 8, blocks: 1 } } });
  expect(agent.state.encoder).toBeUndefined();
  expect(namesOf(agent, 'q').slice(0, 3)).toEqual([
    'camera.input.0.weight',
    'camera.input.0.bias',
    'camera.blocks.ends.positions',
  ]);
  expect(namesOf(agent, 'q')).toContain('task.table');
});

it('settings are complete once read, and read again are the same', () => {
  const { config } = findAgent('sac');
  const read = config.parse({ encoders: { camera: { kind: 'convolution', channels: [4] }, task: 'one-hot' } }) as {
    encoders: unknown;
  };
  expect(read.encoders).toEqual({
    camera: { kind: 'convolution', channels: [4], kernels: null, strides: null, size: 50 },
    task: { kind: 'one-hot' },
  });
  expect(config.parse(read)).toEqual(read);
});

it.each([
  [
    { camera: 'convolutions' },
    'kind "convolutions" does not exist; did you mean "convolution"? Kinds: plain, dense, fourier, one-hot',
  ],
  [{ camera: {} }, 'kind is missing. Kinds: plain, dense'],
  [
    { camera: { kind: 'convolution', widths: [1] } },
    'kind "convolution" has no setting "widths"; it has channels, kernels, strides, size',
  ],
  [{ task: { kind: 'one-hot', size: 3 } }, 'kind "one-hot" has no setting "size"; it has none'],
  [{ camera: { kind: 'convolution', channels: [0] } }, 'channels: 0: must be a whole number from 1 to 1024, not 0.'],
  [{ goal: { kind: 'dense', size: 'large' } }, 'size: must be a whole number from 1 to 8192, not "large".'],
])('refuses %j when it reads settings', (encoders, message) => {
  const { error } = findAgent('sac').config.safeParse({ encoders });
  const [{ path, message: said }] = error!.issues;
  expect(path.slice(0, 2)).toEqual(['encoders', Object.keys(encoders)[0]]);
  expect([...path.slice(2), said].join(': ')).toContain(message);
});

it.each([
  [
    { camra: 'plain' },
    'agent.encoders.camra: there is no such input; did you mean "camera"? Inputs: observation, camera, goal, task.',
  ],
  [
    { camera: 'embedding' },
    'agent.encoders.camera: kind "embedding" is not for a picture [20,24,3]; use plain, dense, convolution, keypoints, film, transformer, tokens.',
  ],
  [{ picture: 'plain' }, 'agent.encoders.picture: there is no such input. Inputs: observation, camera, goal, task.'],
  [{ task: 'dense' }, 'agent.encoders.task: kind "dense" is not for the number of a task; use one-hot, embedding.'],
  [
    { camera: 'film' },
    'agent.encoders.camera: by is "instruction", which is no input of numbers beside it: observation, goal, task.',
  ],
  [
    { camera: { kind: 'keypoints', by: 'words' } },
    'agent.encoders.camera: by is "words", which is no input of numbers beside it: observation, goal, task.',
  ],
  [
    { camera: { kind: 'film', by: 'goal', blocks: 0 } },
    'agent.encoders.camera: blocks and picks are 0, so that goal would change nothing; set picks to 16.',
  ],
  [{ goal: 'keypoints' }, 'agent.encoders.goal: kind "keypoints" is not for numbers [2]; use plain, dense, fourier.'],
  [
    { camera: { kind: 'convolution', channels: [4, 4], strides: [1] } },
    'agent.encoders.camera: strides has 1 numbers for 2 convolutions; give one for each.',
  ],
  [
    { camera: { kind: 'keypoints', channels: [4, 4, 4, 4] } },
    'agent.encoders.camera: of 20 x 24 pixels 1 pixels are left for convolution 4 with a kernel of 3; use fewer channels, or smaller kernels or strides.',
  ],
  [
    { camera: { kind: 'transformer', patch: 32 } },
    'agent.encoders.camera: patch is 32, but the picture has 20 x 24 pixels; make it smaller.',
  ],
  [
    { camera: { kind: 'transformer', size: 10 } },
    'agent.encoders.camera: size is 10; make it a multiple of the 4 heads.',
  ],
])('refuses %j with the inputs', (encoders, message) => {
  expect(() => made('sac', { encoders })).toThrow(message);
});

it.each(['dense', 'convolution', 'keypoints', { kind: 'keypoints', by: 'goal' }, { kind: 'transformer', blocks: 1 }])(
  'an exported policy has the encoder %j inside, for any number of rows',
  async (camera) => {
    const agent = made('td3', { encoders: { camera, task: 'embedding' } });
    const random = createRandom(3);
    const vectors = Object.fromEntries(agent.policyVectors.map((name) => [name, agent.state[name].init(random)]));
    const freeze = { ...vectors, normalizer: identityNormalizer(agent.spec) };
    const model = toOnnxOfRows((rows) => agent.act(rows, { deterministic: true }), { freeze });
    const exported = await nodeRuntime.compile(model, { rows: 3 });
    expect(exported.inputs.map(({ name }) => name)).toEqual(['observation', 'camera', 'goal', 'task']);
    const rows = 3;
    const inputs = {
      observation: Float32Array.from({ length: 3 * rows }, () => random.normal()),
      camera: Uint8Array.from({ length: 20 * 24 * 3 * rows }, () => random.below(256)),
      goal: Float32Array.from({ length: 2 * rows }, () => random.normal()),
      task: Float32Array.of(2, 0, 1),
    };
    const { action: all } = await exported.run(inputs);
    const single = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
    for (let i = 0; i < rows; i++) {
      const one = Object.entries(inputs).map(([name, values]) => {
        const size = values.length / rows;
        return [name, values.slice(i * size, (i + 1) * size)] as const;
      });
      const { action } = await single.run({ ...Object.fromEntries(one), ...freeze });
      for (const [j, value] of Array.from(action as Float32Array).entries()) {
        expect((all as Float32Array)[2 * i + j]).toBeCloseTo(value, 5);
      }
    }
    await Promise.all([exported.dispose(), single.dispose()]);
  },
);
