// Policies of environments with further parts, tasks, or no goal: inputs by their names, and errors that name them.
import { describe, expect, it } from 'vitest';
import { agentSpec, findAgent } from '../agents/index.js';
import { identityNormalizer } from '../agents/policy-vectors.js';
import type { EnvSpec } from '../envs/env.js';
import { instructionBox, instructionParts, instructionSpec, instructionVector } from '../envs/instruction-part.js';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { toOnnx } from '../tensor/index.js';
import { createPolicy, createValue, type PolicyInput } from './acting-policy.js';

const plain: EnvSpec = {
  name: 'test/seen',
  observation: box(2),
  achieved: box(0),
  goal: box(0),
  action: box(1, -1, 1),
  maxEpisodeSteps: 5,
  rewardRange: [-1, 0],
  successEndsEpisode: false,
  info: [],
};
const rich: EnvSpec = { ...plain, parts: { camera: image([2, 2, 3]) }, goal: box(3), tasks: ['push', 'lift'] };

async function made(env: EnvSpec, rows = 1) {
  const { config, create } = findAgent('sac');
  const agent = create(agentSpec(env), config.parse({ hidden: [8] }), { normalize: false });
  const random = createRandom(2);
  const vectors = Object.fromEntries(Object.entries(agent.state).map(([name, { init }]) => [name, init(random)]));
  const policy = await createPolicy(
    env,
    agent,
    { ...vectors, normalizer: identityNormalizer(agent.spec) },
    nodeRuntime,
  );
  const value = await createValue(agent, agent.value!, vectors, { rows, runtime: nodeRuntime });
  return {
    agent,
    vectors,
    policy,
    value,
    dispose: () => Promise.all([policy.dispose(), value.dispose()]),
  };
}

describe('a policy that sees parts, a goal and tasks', () => {
  const input = { observation: [0.1, 0.2], goal: [1, 2, 3], camera: new Uint8Array(12).fill(200), task: 'lift' };

  it('takes all by name, the task by name or number', async () => {
    const { policy, dispose } = await made(rich);
    const action = await policy.act(input);
    expect(action).toHaveLength(1);
    for (const task of [1, [1], Float32Array.of(1)]) expect(await policy.act({ ...input, task })).toEqual(action);
    const others = [
      { task: 'push' },
      { goal: [1, 2, 2] },
      { camera: new Uint8Array(12).fill(20) },
      { observation: [0.1, 0.3] },
    ];
    for (const other of others) expect(await policy.act({ ...input, ...other })).not.toEqual(action);
    await dispose();
  });

  it.each([
    [{ camera: undefined }, /act needs camera: a list of 2 x 2 x 3 numbers/],
    [{ camera: [1, 2] }, /camera has 2 numbers, but test\/seen has 2 x 2 x 3; pass all of them/],
    [
      { camer: [1] },
      /unknown input "camer" of act; did you mean "camera"\? Available: observation, camera, goal, task\./,
    ],
    [{ goal: [1, 2] }, /goal has 2 numbers, but test\/seen has 3/],
    [{ task: undefined }, /task is missing: pass one of push, lift, or its number from 0 to 1/],
    [{ task: 'pussh' }, /unknown task "pussh" of test\/seen; did you mean "push"\? Available: push, lift/],
    [{ task: 2 }, /test\/seen: task is 2; it must be a whole number from 0 to 1, or a name/],
    [{ task: null }, /task is null: pass one of push, lift/],
    [{ task: true }, /task is true: pass one of push, lift/],
    [{ task: [] }, /task is \[\]: pass one of push, lift/],
    [{ goal: 'abc' }, /act needs goal: .*as in act\(\{ observation, camera, goal, task \}\), not "abc"/],
    [{ goal: [1, Number.NaN, 3] }, /goal\[1\] is NaN; it must be a finite number/],
    [{ goal: [1, '2', 3] }, /goal\[1\] is "2"; it must be a finite number/],
    [{ camera: new Float32Array(12).fill(0.5) }, /camera\[0\] is 0.5; it must be a whole number from 0 to 255/],
    [{ camera: new Array(12).fill(256) }, /camera\[0\] is 256/],
  ])('refuses %j by name', async (change, message) => {
    const { policy, dispose } = await made(rich);
    await expect(policy.act({ ...input, ...change } as PolicyInput)).rejects.toThrow(message);
    expect(await policy.act(input)).toHaveLength(1);
    await dispose();
  });

  it('is exported under the same names', async () => {
    const { agent, vectors, policy, dispose } = await made(rich);
    const freeze = Object.fromEntries(agent.policyVectors.map((name) => [name, vectors[name]]));
    expect(Object.keys(freeze)).toEqual(['actor', 'encoder']); // the picture's, which critics and actor share
    const model = toOnnx(agent.act(1, { deterministic: true }), { freeze });
    const exported = await nodeRuntime.compile(model);
    expect(exported.inputs).toEqual([
      { name: 'observation', dtype: 'float32', shape: [1, 2] },
      { name: 'camera', dtype: 'uint8', shape: [1, 2, 2, 3] },
      { name: 'goal', dtype: 'float32', shape: [1, 3] },
      { name: 'task', dtype: 'float32', shape: [1, 1] },
    ]);
    const given = {
      observation: Float32Array.from(input.observation),
      camera: input.camera,
      goal: Float32Array.from(input.goal),
      task: Float32Array.of(1),
    };
    const { action } = await exported.run(given);
    expect((action as Float32Array)[0]).toBeCloseTo((await policy.act(input))[0], 6);
    await Promise.all([exported.dispose(), dispose()]);
  });
});

it('without a goal there is none to pass, neither to the policy nor to its values', async () => {
  const { policy, value, dispose } = await made(plain, 2);
  expect(await policy.act({ observation: [0.1, 0.2] })).toHaveLength(1);
  const [one, other] = await value.evaluate({ observation: [0.1, 0.2, 0.3, 0.4] });
  expect(one).not.toBe(other);
  await expect(value.evaluate({})).rejects.toThrow(/observation is missing, but 2 rows take 4/);
  await dispose();
});

describe('a policy that sees instructions', () => {
  const instruction = instructionSpec(['go to the red ball', 'go to the blue ball', 'open the door']);
  const spoken: EnvSpec = { ...plain, parts: { instruction: instructionBox(instruction) }, instruction };

  it('takes the sentence or its vector, and tells words that it does not know', async () => {
    const { policy, dispose } = await made(spoken);
    const see = (instruction: unknown) => policy.act({ observation: [0, 0], instruction });
    const red = await see('go to the red ball');
    expect(await see(instructionVector(spoken.instruction!, 'Go to the red ball!'))).toEqual(red);
    expect(await see('open the door')).not.toEqual(red);
    await expect(see('go to the florbic ball')).rejects.toThrow('does not know "florbic"');
    await expect(see([1, 2])).rejects.toThrow('instruction has 2 numbers');
    await dispose();
  });

  it('takes the words of the sentence one by one where it sees them', async () => {
    const asked = instructionSpec(['go to the red ball', 'the ball to red go'], 'embedded', 6);
    const reading: EnvSpec = { ...plain, parts: instructionParts(asked), instruction: asked };
    const { policy, dispose } = await made(reading);
    expect(policy.inputs).toContain('words');
    const see = (instruction: string) => policy.act({ observation: [0, 0], instruction });
    expect(await see('go to the red ball')).not.toEqual(await see('the ball to red go'));
    await expect(see('go to the very red ball now')).rejects.toThrow(
      'has 7 words, and env.words=6 has room for 6; say it in fewer, or train with env.words=7 or more',
    );
    await expect(see('go to the florbic ball')).rejects.toThrow('does not know "florbic"');
    await expect(policy.act({ observation: [0, 0] })).rejects.toThrow(
      'act needs instruction: a sentence (or its 128 numbers), as in act({ observation, instruction }), not undefined.',
    );
    await expect(
      policy.act({ observation: [0, 0], instruction: instructionVector(asked, 'go to the red ball') }),
    ).rejects.toThrow(
      'act needs instruction: a sentence (or words: 6 x 64 numbers), as in act({ observation, instruction })',
    );
    await dispose();
  });

  it('asks for a sentence where it sees only its words, and takes what an environment shows beside its inputs', async () => {
    const asked = instructionSpec(['go to the red ball', 'open the door'], 'embedded', 6);
    const { words } = instructionParts(asked);
    const reading: EnvSpec = {
      ...plain,
      parts: { 'camera-beside': image([2, 2, 3]), words },
      instruction: asked,
      columns: { fulfilled: { per: 'transition' } },
    };
    const { policy, dispose } = await made(reading);
    const seen = { observation: [0, 0], 'camera-beside': new Uint8Array(12) };
    await expect(policy.act(seen)).rejects.toThrow(
      "act needs instruction: a sentence (or words: 6 x 64 numbers), as in act({ observation, 'camera-beside': numbers, instruction }), not undefined.",
    );
    const action = await policy.act({ ...seen, instruction: 'open the door' });
    const given = { words: new Float32Array(6 * 64), goal: [], info: [], achieved: [], reward: 0, fulfilled: [0] };
    expect(await policy.act({ ...seen, ...given })).not.toEqual(action);
    await expect(policy.act({ ...seen, instrution: 'open the door' })).rejects.toThrow(
      'unknown input "instrution" of act; did you mean "instruction"? Available: observation, camera-beside, words, instruction.',
    );
    await dispose();
  });

  it('refuses a table that is not the one that it was trained with', async () => {
    const { policy, dispose } = await made({ ...spoken, instruction: { ...spoken.instruction!, checksum: '12' } });
    await expect(policy.act({ observation: [0, 0], instruction: 'open the door' })).rejects.toThrow('checksum 12');
    await dispose();
  });
});
