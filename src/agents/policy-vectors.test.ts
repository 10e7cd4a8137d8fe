// Policies as named tensors: numbers that cannot be acted with are refused, unused rows of tables are not.
import { expect, test } from 'vitest';
import { box, discrete } from '../envs/space.js';
import { createRandom } from '../random.js';
import { vectorSpec } from './agent-spec.js';
import { type Agent, findAgent } from './index.js';
import { fromTensors, identityNormalizer, toTensors } from './policy-vectors.js';

function made(name: string): { agent: Agent; tensors: ReturnType<typeof toTensors> } {
  const action = name === 'tabular' ? discrete(3) : box(1, -1, 1);
  const { config, create } = findAgent(name);
  const agent = create(vectorSpec({ observation: 2, goal: 1, action, rewardRange: [-1, 0] }), config.parse({}), {
    normalize: true,
  });
  const random = createRandom(1);
  const vectors = Object.fromEntries(agent.policyVectors.map((vector) => [vector, agent.state[vector].init(random)]));
  return { agent, tensors: toTensors(agent, { ...vectors, normalizer: identityNormalizer(agent.spec) }) };
}

test.each(['sac', 'ppo', 'td3', 'tabular'])('%s comes back as it went', (name) => {
  const { agent, tensors } = made(name);
  const vectors = fromTensors(agent, tensors);
  expect(toTensors(agent, vectors)).toEqual(tensors);
});

test.each([
  ['sac', 'actor.0.weight', Infinity],
  ['sac', 'actor.0.weight', -Infinity],
  ['sac', 'actor.1.bias', Number.NaN],
  ['tabular', 'values.value', Infinity],
  ['tabular', 'states.rows', -Infinity],
])('%s with %s = %s is refused', (name, tensor, value) => {
  const { agent, tensors } = made(name);
  const key =
    tensor in tensors ? tensor : Object.keys(tensors).find((known) => known.startsWith(tensor.split('.')[0]))!;
  tensors[key].data[0] = value;
  expect(() => fromTensors(agent, tensors)).toThrow(`of the checkpoint holds ${value}`);
});
