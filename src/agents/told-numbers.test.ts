// What a policy learns to tell besides: which numbers, of which thing, and that it acts without knowing them.
import { expect, it } from 'vitest';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import type { AgentSpec } from './agent-spec.js';
import { agentSpec } from './agent-spec.js';
import { bc } from './bc.js';
import { type TestBatch, testBatch, testUpdater } from './testing.js';
import { toldNumbers } from './told-numbers.js';

/** Where the hand is, two things with a place and a colour each, of which the goal is about one; a part shows what matters. */
const scene = agentSpec({
  observation: box(5, -1, 1, ['hand', 'a', 'a-red', 'b', 'b-red']),
  parts: { shown: box(3) },
  goal: box(4),
  action: box(1, -1, 1),
  rewardRange: [-1, 0],
  relations: {
    groups: [
      { goal: 0, observation: 1, size: 1, counts: 2 },
      { goal: 1, observation: 3, size: 1, counts: 3 },
    ],
    things: {
      size: 2,
      each: [
        { observation: 1, counts: 2 },
        { observation: 3, counts: 3 },
      ],
    },
  },
});
/** The policy is not told the goal's numbers (`tasks.identifiers`). */
const goal = scene.inputs.filter(({ name }) => name === 'goal');
const blind: AgentSpec = { ...scene, inputs: scene.inputs.filter(({ name }) => name !== 'goal'), untold: goal };

it('are those of the thing that the goal is about, and what is left to it', async () => {
  const told = toldNumbers(blind, blind.inputs, ['a', 'remainder']);
  if (!told) throw new Error('nothing is told');
  expect(told.size).toBe(2);
  expect(told.targets.map(({ name }) => name)).toEqual(['goal']);
  const truth = program('truth', (g) => ({ truth: told.truth(g, 3, false, told.targets) }));
  const executable = await nodeRuntime.compile(truth);
  const found = await executable.run({
    observation: Float32Array.of(0, 0.1, 1, 0.5, 0, 0, 0.1, 1, 0.5, 0, 0, 0.1, 1, 0.5, 0),
    goal: Float32Array.of(0.3, 0, 1, 0, 0, 0.9, 0, 1, 0.3, 0.9, 0, 0),
  });
  await executable.dispose();
  expect(Array.from(found.truth as Float32Array)).toEqual([0.1, 0.2, 0.5, 0.4, 0, 0].map((x) => expect.closeTo(x, 5)));
});

it.each([
  ['mlp', { hidden: [32, 32] }],
  ['transformer', { backbone: 'transformer', tokenWidth: 16, blocks: 1, attentionHeads: 2 }],
  ['mlp that sees nothing of the observation', { hidden: [32, 32], unseen: ['observation'] }],
] as const)('are learned from what is seen, and not needed to act: %s', async (_, network) => {
  const options = bc.config.parse({
    unseen: ['a*', 'b*'],
    ...network,
    chunk: 1,
    learningRate: 3e-3,
    tells: ['a', 'remainder'],
  });
  const agent = bc.create(blind, options, { normalize: true });
  const random = createRandom(1);
  const batch: TestBatch = {
    ...testBatch(agent.spec, 64),
    observation: new Float32Array(5 * 64),
    goal: new Float32Array(4 * 64),
  };
  const updater = await testUpdater(agent, batch, ({ observation, shown, goal, action }) => {
    random.fillUniform(observation, -1, 1);
    random.fillUniform(goal, -1, 1);
    for (let i = 0; i < 64; i++) {
      const about = i % 2;
      goal[4 * i + 2] = 1 - about;
      goal[4 * i + 3] = about;
      shown[3 * i] = observation[5 * i + 1 + 2 * about];
      shown[3 * i + 1] = goal[4 * i + about];
      shown[3 * i + 2] = observation[5 * i];
      action[i] = observation[5 * i] / 2;
    }
  });
  await updater.update(20);
  const before = updater.takeMetrics().tells_loss;
  await updater.update(400);
  updater.takeMetrics();
  await updater.update(20);
  const { tells_loss: after } = updater.takeMetrics();
  expect(after).toBeLessThan(before / 10);
  const act = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
  expect(act.inputs.map(({ name }) => name)).not.toContain('goal');
  const all: TestBatch = {
    averageActor: updater.vector('actor'),
    normalizer: batch.normalizer,
    observation: Float32Array.of(0.8, 0.3, 0.3, 0.3, 0.3),
    shown: Float32Array.of(0.1, 0.2, 0.8),
  };
  const { action } = await act.run(Object.fromEntries(act.inputs.map(({ name }) => [name, all[name]])));
  expect(action[0]).toBeCloseTo(0.4, 1);
  await act.dispose();
  await updater.dispose();
});

it('are refused where they are not known', () => {
  const made = (spec: AgentSpec, tells: string[]) => bc.create(spec, bc.config.parse({ tells }), { normalize: true });
  expect(() => made(scene, ['a-rde'])).toThrow('agent.tells: no number of the observation is called "a-rde"');
  expect(() => made(scene, ['remaindr'])).toThrow('called "remaindr"; did you mean "remainder"?');
  expect(() => made(scene, ['quite another'])).toThrow(/called "quite another"\. Available: .*, remainder\.$/);
  expect(() => made({ ...scene, relations: undefined }, ['remainder'])).toThrow(
    'agent.tells names remainder, but this environment does not say',
  );
  expect(() => made({ ...scene, inputs: goal }, ['a'])).toThrow('but nothing is observed in numbers');
  expect(() => made({ ...blind, untold: [] }, ['remainder'])).toThrow(
    'agent.tells names remainder, but there are no goals',
  );
});
