// Multi-task SAC against what its papers say: temperatures, weights, scales, networks, and bandits whose best actions differ by task.
import { describe, expect, it } from 'vitest';
import { box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { program } from '../tensor/index.js';
import { createUpdater, type Updater } from '../updates/updater.js';
import { type AgentSpec, agentSpec } from './agent-spec.js';
import { type Agent, findAgent } from './index.js';
import { weightsOf } from './task-values.js';
import { testBatch } from './testing.js';

const spec: AgentSpec = agentSpec({
  observation: box(2),
  goal: box(0),
  tasks: ['left', 'right', 'middle'],
  action: box(1, -2, 2),
  rewardRange: [-16, 0],
});
const K = 3;
const best = [-1, 1, 0.2];
const rows = 48;

function made(options: Record<string, unknown> = {}, of = spec): Agent {
  const { config, create } = findAgent('mtsac');
  return create(of, config.parse({ hidden: [32, 32], ...options }), { normalize: true });
}

/** One-step episodes in blocks of equal tasks, reward -(a - best_k)^2 times the task's own size. */
async function updater(
  agent: Agent,
  sizes = [1, 1, 1],
  change?: (batch: ReturnType<typeof testBatch>) => void,
): Promise<Updater> {
  const batch: ReturnType<typeof testBatch> = { ...testBatch(spec, rows), largestReturn: Float32Array.from(sizes) };
  const random = createRandom(5);
  return createUpdater({
    agent,
    rows,
    runtime: nodeRuntime,
    threads: 1,
    random: createRandom(1),
    batch,
    nextBatch() {
      for (const name of ['observation', 'next.observation']) random.fillUniform(batch[name], -1, 1);
      random.fillUniform(batch.action, -2, 2);
      for (let i = 0; i < rows; i++) {
        const task = Math.floor((i * K) / rows);
        batch.task[i] = task;
        batch.reward[i] = -sizes[task] * (batch.action[i] - best[task]) ** 2;
      }
      batch.terminated.fill(1);
      change?.(batch);
    },
  });
}

/** How far the best actions are from the tasks' own, at the worst of them. */
async function missOf(agent: Agent, of: Updater): Promise<number> {
  const executable = await nodeRuntime.compile(agent.act(K, { deterministic: true }));
  const inputs: Record<string, Float32Array> = {
    ...Object.fromEntries(agent.policyVectors.map((name) => [name, of.vector(name)])),
    normalizer: testBatch(spec, 1).normalizer,
    observation: Float32Array.of(0.3, -0.4, -0.5, 0.2, 0.1, 0.9),
    task: Float32Array.of(0, 1, 2),
  };
  const { action } = await executable.run(
    Object.fromEntries(executable.inputs.map(({ name }) => [name, inputs[name]])),
  );
  await executable.dispose();
  return Math.max(...best.map((value, task) => Math.abs(Number(action[task]) - value)));
}

const quick = { learningRate: 3e-3, initialTemperature: 0.1 };
const small = { criticWidth: 32, actorWidth: 32, criticBlocks: 1, moduleWidth: 24 };

describe("learns a bandit whose best action is each task's own", () => {
  it.each<[string, Record<string, unknown>]>([
    ['shared', {}],
    ['multi-head', { network: 'multi-head' }],
    ['soft modules', { network: 'soft-modules' }],
    ['embeddings', { taskEmbedding: 6 }],
    [
      'BRC in small',
      {
        network: 'bronet',
        critics: 'categorical',
        taskEmbedding: 8,
        scaleRewards: true,
        taskTemperatures: false,
        weightDecay: 1e-4,
      },
    ],
    ['pcgrad', { gradients: 'pcgrad' }],
    ['gradnorm', { gradients: 'gradnorm' }],
    ['inverse norms', { gradients: 'inverse-norm' }],
    ['cagrad with heads', { gradients: 'cagrad', network: 'multi-head' }],
  ])('%s', async (_, options) => {
    const agent = made({ ...quick, ...small, ...options });
    const of = await updater(agent);
    await of.update(700);
    expect(await missOf(agent, of)).toBeLessThan(0.3);
    await of.dispose();
  });
});

describe('temperatures', () => {
  it('are one per task, and each moves', async () => {
    const agent = made({ temperature: 'auto', targetEntropy: -0.5 });
    expect(agent.state.logTemperature.size).toBe(K);
    const of = await updater(agent);
    const before = of.vector('logTemperature').slice();
    expect([...before]).toEqual([0, 0, 0]);
    await of.update(5);
    const after = of.vector('logTemperature');
    for (let k = 0; k < K; k++) expect(after[k]).not.toBe(before[k]);
    await of.dispose();
  });

  it('can be one for all', () => {
    expect(made({ taskTemperatures: false }).state.logTemperature.size).toBe(1);
  });

  it('of a task that no row has stays', async () => {
    const of = await updater(made(), [1, 1, 1], (batch) => batch.task.fill(1));
    await of.update(3);
    const [left, right, middle] = of.vector('logTemperature');
    expect([left, middle]).toEqual([0, 0]);
    expect(right).not.toBe(0);
    await of.dispose();
  });
});

describe('weights', () => {
  it('have mean 1, and a task of weight 0 is not learned', async () => {
    const agent = made({ ...quick, taskWeights: [1, 0, 5], network: 'multi-head' });
    const of = await updater(agent);
    const head = agent.state.actor.layout.at(-1)!;
    const before = of.vector('actor').slice(head.offset);
    await of.update(20);
    const after = of.vector('actor').slice(head.offset);
    // Bias of mean and deviation of each task's head.
    expect([...after.subarray(2, 4)]).toEqual([...before.subarray(2, 4)]);
    expect(after[0]).not.toBe(before[0]);
    expect(after[4]).not.toBe(before[4]);
    await of.dispose();
  });

  it("by temperature are K softmax(-log alpha): the lower a task's temperature, the more it counts", async () => {
    const agent = made({ taskWeights: 'temperature' });
    const built = program('weights', (g) => {
      const weights = weightsOf('temperature', K)!(g.input('logTemperature', [K]));
      return { weights };
    });
    const executable = await nodeRuntime.compile(built);
    const { weights } = await executable.run({ logTemperature: Float32Array.of(0, Math.log(2), Math.log(4)) });
    await executable.dispose();
    [12, 6, 3].forEach((value, k) => {
      expect(weights[k]).toBeCloseTo(value / 7, 5);
    });
    const of = await updater(agent);
    await of.update(3);
    await of.dispose();
    expect(() => made({ taskWeights: 'temperature', taskTemperatures: false })).toThrow(/takes a temperature per task/);
  });

  it.each([
    [[1, 2], /taskWeights has 2 numbers for 3 tasks/],
    [[0, 0, 0], /all 0/],
  ])('%j are refused', (taskWeights, message) => {
    expect(() => made({ taskWeights })).toThrow(message);
  });
});

describe('rewards that are scaled', () => {
  it('are the same whatever their size: tasks a thousand times apart learn the same values', async () => {
    const value = async (sizes: number[]) => {
      // Without entropy the scale is the largest return alone.
      const of = await updater(made({ scaleRewards: true, targetEntropy: 0 }), sizes);
      await of.update(4);
      const { q_mean } = of.takeMetrics();
      await of.dispose();
      return q_mean;
    };
    expect(await value([1, 1000, 1])).toBeCloseTo(await value([1, 1, 1]), 4);
  });

  it('are divided by (max |return| - alpha H E / 2) / limit', async () => {
    // A critic without hidden layers and rewards of 1: the loss at the beginning tells the target.
    const agent = made({ scaleRewards: true, discount: 0.5, initialTemperature: 2, targetEntropy: -3, limit: 10 });
    const step = agent.steps(1).critics.program;
    const state = Object.fromEntries(
      Object.entries(agent.state).map(([name, { size }]) => [name, new Float32Array(size)]),
    );
    state.logTemperature.fill(Math.log(2));
    const executable = await nodeRuntime.compile(step);
    const given: Record<string, Float32Array> = {
      ...state,
      ...testBatch(spec, 1),
      largestReturn: Float32Array.of(7, 5, 9),
      task: Float32Array.of(1),
      reward: Float32Array.of(1),
      terminated: Float32Array.of(1),
      nextNoise: new Float32Array(1),
    };
    const { metrics } = await executable.run(
      Object.fromEntries(executable.inputs.filter(({ unused }) => !unused).map(({ name }) => [name, given[name]])),
    );
    // Both critics are 0 everywhere: the loss is twice the target squared. 5 + 2 x 3 x 2 / 2 = 11.
    expect(Number(metrics[0])).toBeCloseTo(2 * (10 / 11) ** 2, 5);
    await executable.dispose();
  });
});

describe('gradients of tasks', () => {
  it('leave heads to their own tasks, and everything else is shared', () => {
    const { tasks } = made({ gradients: 'pcgrad', network: 'multi-head' }).steps(rows).actor;
    const { layout } = made({ network: 'multi-head' }).state.actor;
    expect(tasks?.count).toBe(K);
    expect(tasks?.combine.actor.shared).toEqual([[0, layout.at(-2)!.offset]]);
    const critics = made({ gradients: 'pcgrad', network: 'multi-head' });
    const half = critics.state.critics.size / 2;
    expect(critics.steps(rows).critics.tasks?.combine.critics.shared?.map(([from]) => from)).toEqual([0, half]);
  });

  it('with equal coefficients would be the plain step', async () => {
    // CAGrad with radius 0 is the mean of the tasks.
    const bytes = async (options: Record<string, unknown>) => {
      const of = await updater(made({ ...options, temperature: 0.1 }), [1, 1, 1]);
      await of.update(1);
      const critics = of.vector('critics.m').slice();
      await of.dispose();
      return critics;
    };
    const [plain, mean] = [await bytes({}), await bytes({ gradients: 'cagrad', cagradRadius: 0 })];
    const scale = Math.max(...plain.map(Math.abs));
    expect(Math.max(...plain.map((value, i) => Math.abs(value - mean[i]))) / scale).toBeLessThan(1e-4);
  });
});

describe('task embeddings', () => {
  it('are moved by the critics only, and have unit length', async () => {
    const agent = made({ taskEmbedding: 4 });
    const steps = agent.steps(rows);
    expect(steps.critics.optimizerSteps.map(({ vector }) => vector)).toContain('taskEmbedding');
    expect(steps.actor.program.outputs.map(({ name }) => name)).not.toContain('taskEmbedding.gradient');
    expect(agent.policyVectors).toContain('taskEmbedding');
  });

  it('leave pictures to their encoder', () => {
    const seeing = agentSpec({
      observation: box(2),
      parts: { camera: image([32, 32, 3]) },
      goal: box(0),
      tasks: ['left', 'right'],
      action: box(1, -1, 1),
      rewardRange: [-1, 0],
    });
    const names = (vector: string, options: object) =>
      made({ taskEmbedding: 4, ...options }, seeing).state[vector].layout.map(({ name }) => name);
    const hasCamera = (of: readonly string[]) => of.some((name) => name.startsWith('camera.'));
    for (const network of ['shared', 'bronet', 'soft-modules']) {
      expect(hasCamera(names('encoder', { network }))).toBe(true);
      expect(hasCamera(names('actor', { network }))).toBe(false);
      expect(hasCamera(names('actor', { network, sharedEncoder: false }))).toBe(true);
    }
  });

  it('are refused where networks do not see the task', () => {
    expect(() => made({ taskEmbedding: 4, network: 'multi-head' })).toThrow(/do not see the task; set it to 0/);
  });
});

describe('Distral', () => {
  /** Best actions of the tasks with a fixed temperature and this share of it. */
  async function actions(distill: number) {
    const agent = made({ learningRate: 3e-3, temperature: 1, distill });
    const of = await updater(agent);
    await of.update(1200);
    const metrics = of.takeMetrics();
    const executable = await nodeRuntime.compile(agent.act(K, { deterministic: true }));
    const { action } = await executable.run({
      actor: of.vector('actor'),
      normalizer: testBatch(spec, 1).normalizer,
      observation: new Float32Array(2 * K),
      task: Float32Array.of(0, 1, 2),
    });
    await Promise.all([executable.dispose(), of.dispose()]);
    return { action: Array.from(action, Number), metrics, state: agent.state };
  }

  it('draws the tasks to a common policy, and without it there is none', async () => {
    const [alone, together] = [await actions(0), await actions(0.9)];
    expect(alone.state.distilled).toBeUndefined();
    expect(alone.metrics.distilled_loss).toBeUndefined();
    const spread = ([left, right]: number[]) => right - left;
    expect(spread(together.action)).toBeLessThan(spread(alone.action) - 0.1);
    expect(spread(together.action)).toBeGreaterThan(0.2);
    expect(together.state.distilled.layout[0].shape).toEqual([2, 32]); // it does not see the task
  });

  it('the common policy learns in the actor step by imitation alone', () => {
    const { critics, actor } = made({ distill: 0.5, gradients: 'pcgrad' }).steps(rows);
    expect(critics.optimizerSteps.map(({ vector }) => vector)).not.toContain('distilled');
    expect(actor.optimizerSteps.map(({ vector }) => vector)).toContain('distilled');
    expect(actor.tasks?.combine.distilled).toBeUndefined();
  });
});

it('weight decay shrinks parameters that no gradient moves, as AdamW does', async () => {
  const agent = made({ network: 'multi-head', taskWeights: [1, 0, 1], weightDecay: 0.5, learningRate: 0.01 });
  const of = await updater(agent);
  const head = agent.state.actor.layout.at(-1)!;
  const before = of.vector('actor')[head.offset + 2];
  await of.update(10);
  expect(of.vector('actor')[head.offset + 2]).toBeCloseTo(before * (1 - 0.005) ** 10, 6);
  await of.dispose();
});

it('with a single task is an agent like others, and refuses networks that need several', () => {
  const single = agentSpec({ observation: box(2), goal: box(1), action: box(1, -1, 1), rewardRange: [-1, 0] });
  const agent = made({}, single);
  expect(agent.batch).toBeUndefined();
  expect(agent.state.logTemperature.size).toBe(1);
  expect(() => made({ network: 'multi-head' }, single)).toThrow(/needs several tasks/);
  expect(() => made({ network: 'multi-head', goalForm: 'bilinear' })).toThrow(/use concat or encoders/);
});
