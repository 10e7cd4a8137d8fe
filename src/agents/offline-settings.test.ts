// Settings of offline agents: what cannot work is refused by name, what seems odd works.
import { expect, test } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { agentSpec, vectorSpec } from './agent-spec.js';
import { findAgent } from './index.js';
import { pictureGoalSpec } from './testing.js';

test.each(['gcbc', 'gcivl', 'gciql', 'crl', 'qrl', 'hiql', 'saw', 'wgcsl'])('%s needs a discount above 0', (name) => {
  const issue = findAgent(name).config.safeParse({ discount: 0 }).error?.issues[0];
  expect(issue?.path).toEqual(['discount']);
});

test.each(['gcbc', 'qrl', 'hiql'])('%s needs a share of some goals', (name) => {
  const issue = findAgent(name).config.safeParse({ actorGoals: { future: 0 } }).error?.issues[0];
  expect(issue?.path).toEqual(['actorGoals']);
  expect(issue?.message).toMatch(/all shares are 0; give current, future or random one/);
});

test.each(['hiql', 'saw'])('%s acts, and learns, where all that it sees is 0', async (name) => {
  const spec = vectorSpec({ observation: 2, goal: 2, action: box(1, -1, 1), rewardRange: [-1, 0] });
  const { config, create } = findAgent(name);
  const agent = create(spec, config.parse({ hidden: [8] }), { normalize: false });
  const programs = [
    agent.act(2, { deterministic: true }),
    ...Object.values(agent.steps(2)).map((step) => step.program),
  ];
  for (const program of programs) {
    const executable = await nodeRuntime.compile(program);
    const inputs = executable.inputs.map((input) => {
      const zeros = new Float32Array(input.shape.reduce((size, n) => size * n, 1));
      return [input.name, agent.state[input.name]?.init(createRandom(1)) ?? zeros] as const;
    });
    for (const [key, values] of Object.entries(await executable.run(Object.fromEntries(inputs)))) {
      expect(Array.from(values, Number).every(Number.isFinite), key).toBe(true);
    }
    await executable.dispose();
  }
});

test('gofar judges goals as they are, where an encoder of goals is shared', () => {
  const spec = vectorSpec({ observation: 2, goal: 2, action: box(1, -1, 1), rewardRange: [-1, 0] });
  const { config, create } = findAgent('gofar');
  const agent = create(spec, config.parse({ hidden: [8], encoders: { goal: 'dense' } }), { normalize: true });
  const { discriminator, learn } = agent.steps(4);
  expect(discriminator.program.inputs.some(({ name, unused }) => name === 'encoder' && !unused)).toBe(false);
  expect(learn.program.inputs.some(({ name, unused }) => name === 'encoder' && !unused)).toBe(true);
});

test('gofar is refused where goals are pictures alone', () => {
  const spec = pictureGoalSpec(16, 1);
  const { config, create } = findAgent('gofar');
  expect(() => create(spec, config.parse({}), { normalize: true })).toThrow(
    'gofar compares goals by their numbers, which are no input here; leave env.camera.goal false',
  );
});

test.each([
  ['crl', true],
  ['qrl', true],
  ['hiql', true],
  ['gciql', false],
])('%s: networks of states do not look for what the goal asks for', (name, refuses) => {
  const of = { observation: box(3), parts: { camera: image([12, 12, 3]) }, goal: box(2), action: box(1, -1, 1) };
  const spec = agentSpec({ ...of, rewardRange: [-1, 0] });
  const { config, create } = findAgent(name);
  const looking = (by: string) => {
    const camera = { kind: 'keypoints', channels: [4], by };
    return () => create(spec, config.parse({ hidden: [8], encoders: { camera } }), { normalize: true });
  };
  expect(looking('observation')).not.toThrow();
  if (!refuses) return expect(looking('goal')).not.toThrow();
  expect(looking('goal')).toThrow(
    'agent.encoders.camera: by is "goal", which not every network of this agent sees; leave it out.',
  );
});
