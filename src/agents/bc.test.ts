// Behaviour cloning: every head and backbone imitates, tasks count as they are told to, statistics belong to each task.
import { describe, expect, it } from 'vitest';
import { box, discrete } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { toOnnxOfRows } from '../tensor/index.js';
import { createUpdater } from '../updates/updater.js';
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
