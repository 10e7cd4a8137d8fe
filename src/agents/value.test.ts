// What agents say a state and a goal are worth, against the numbers that their own updates work with.
import { expect, test } from 'vitest';
import { box, discrete } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import type { NumericArray } from '../runtime/runtime.js';
import type { Program } from '../tensor/index.js';
import { type AgentSpec, findAgent, vectorSpec } from './index.js';

const rows = 5;
const spec = vectorSpec({ observation: 3, goal: 2, action: box(2, -2, 3), rewardRange: [-1, 0] });
const random = createRandom(7);
const normals = (size: number) => Float32Array.from({ length: size }, () => random.normal());
const batch: Record<string, Float32Array> = {
  observation: normals(rows * 3),
  goal: normals(rows * 2),
  normalizer: normals(10),
};

async function run(program: Program, known: Readonly<Record<string, NumericArray>>) {
  const executable = await nodeRuntime.compile(program);
  const inputs = executable.inputs.map(({ name, shape }) => {
    return [name, known[name] ?? new Float32Array(shape.reduce((a, b) => a * b, 1))] as const;
  });
  const results = await executable.run(Object.fromEntries(inputs));
  await executable.dispose();
  return results as Record<string, Float32Array>;
}

function create(name: string, actions: AgentSpec['action'], options: Record<string, unknown>) {
  const definition = findAgent(name);
  const of = { ...spec, action: actions };
  const settings = definition.config.parse(options);
  const agent = definition.create(of, settings, { normalize: true });
  const state = Object.fromEntries(Object.entries(agent.state).map(([vector, { init }]) => [vector, init(random)]));
  return { agent, known: { ...batch, ...state } };
}

// One critic: the mean of the values that an update reports is then that of the value asked for.
test.each([
  ['ddpg', spec.action, { hidden: [8, 8] }],
  ['td3', spec.action, { hidden: [8, 8], critics: 1, criticDropout: 0.1, criticLayerNorm: true }],
  ['sac', spec.action, { hidden: [8, 8], critics: 1, policyAverage: 0.01 }],
  ['tqc', spec.action, { hidden: [8, 8], critics: 1, quantiles: 5, goalForm: 'bilinear' }],
  ['dqn', discrete(4), { hidden: [8, 8] }],
] as const)('%s: Q of the action that it would take', async (name, actions, options) => {
  const { agent, known } = create(name, actions, options);
  const { value } = await run(agent.value!.program(rows), known);
  expect(value).toHaveLength(rows);
  expect(new Set(value).size).toBe(rows);
  const { action } = await run(agent.act(rows, { deterministic: true }), known);
  // Learning leaves units out, what was learned has them all.
  const whole = 'criticDropout' in options ? create(name, actions, { ...options, criticDropout: 0 }).agent : agent;
  const { program, metricNames } = whole.steps(rows)[whole.updateNames(1)[0]];
  const { metrics } = await run(program, { ...known, action });
  expect(value.reduce((sum, v) => sum + v, 0) / rows).toBeCloseTo(metrics[metricNames.indexOf('q_mean')], 5);
});

test('ppo: what it judges its rollouts by', async () => {
  const { agent, known } = create('ppo', spec.action, { hidden: [8, 8] });
  const { value } = await run(agent.value!.program(rows), known);
  const { learner } = agent;
  if (learner.kind !== 'rollouts') throw new Error('learns from rollouts');
  expect([...value]).toEqual([...(await run(learner.evaluateActions(rows), known)).value]);
});

test('several critics count as the agent counts them: the smallest, or their mean', async () => {
  const { agent, known } = create('sac', spec.action, { hidden: [8, 8], critics: 3, actorValue: 'min' });
  const { value } = await run(agent.value!.program(rows), known);
  const size = agent.state.critics.size / 3;
  const single = create('sac', spec.action, { hidden: [8, 8], critics: 1 }).agent;
  const each = await Promise.all(
    [0, 1, 2].map((i) => {
      const critics = known.critics.slice(i * size, (i + 1) * size);
      return run(single.value!.program(rows), { ...known, critics });
    }),
  );
  for (let row = 0; row < rows; row++) {
    expect(value[row]).toBeCloseTo(Math.min(...each.map((one) => one.value[row])), 5);
  }
});

test('tabular: the largest entry of its row', async () => {
  const { agent, known } = create('tabular', discrete(3), { states: 4, goals: 2 });
  known.states.set(batch.observation.subarray(0, 6));
  known.goals.set(batch.goal.subarray(0, 4));
  known.values.set(normals(known.values.length));
  const { value } = await run(agent.value!.program(rows), known);
  expect(value[0]).toBe(Math.max(...known.values.subarray(0, 3)));
  expect(value[1]).toBe(Math.max(...known.values.subarray((1 * 2 + 1) * 3, (1 * 2 + 1) * 3 + 3)));
});
