// What shares of an update may change: of steps that can be divided only rounding, of all others not a byte.
import { describe, expect, it } from 'vitest';
import type { Agent, AgentSpec, UpdateStep } from '../src/agents/index.js';
import type { Graph, Tensor } from '../src/tensor/index.js';

const built = (path: string) => new URL(`../dist/${path}`, import.meta.url).href;
// Threads need compiled files, so everything comes from the build.
const { box, discrete }: typeof import('../src/envs/index.js') = await import(built('envs/index.js'));
const { listAgents, vectorSpec }: typeof import('../src/agents/index.js') = await import(built('agents/index.js'));
const { adamStep, combination, moments, updateStep }: typeof import('../src/agents/update-step.js') = await import(
  built('agents/update-step.js')
);
const { noiseInput, normalizerSize }: typeof import('../src/nets/index.js') = await import(built('nets/index.js'));
const { createRandom }: typeof import('../src/random.js') = await import(built('random.js'));
const { arrayFor }: typeof import('../src/runtime/arrays.js') = await import(built('runtime/arrays.js'));
const { nodeRuntime }: typeof import('../src/runtime/node.js') = await import(built('runtime/node.js'));
const { grad }: typeof import('../src/tensor/index.js') = await import(built('tensor/index.js'));
const { createUpdater }: typeof import('../src/updates/updater.js') = await import(built('updates/updater.js'));

const sizes = { observation: 3, goal: 2, rewardRange: [-1, 0] as const };
const boxSpec = vectorSpec({ ...sizes, action: box(2, -1, 1) });
const rates = { learningRate: 1e-2, learningRateDecay: 0 };

/** State vectors and metrics of so many updates on random batches, in so many threads. */
async function updated(agent: Agent, threads: number, rows: number, updates = 3) {
  const { action } = agent.spec;
  const inputs = Object.values(agent.steps(rows)).flatMap(({ program, noise }) =>
    program.inputs.filter(({ name }) => !(name in agent.state) && !(name in noise) && name !== 'normalizer'),
  );
  const batch = Object.fromEntries(inputs.map((input) => [input.name, arrayFor(input)]));
  const samples = createRandom(2);
  const random = createRandom(1);
  const updater = await createUpdater({
    agent,
    rows,
    runtime: nodeRuntime,
    threads,
    random,
    batch: {
      ...batch,
      normalizer: new Float32Array(normalizerSize(agent.spec.inputs, agent.spec.targets)).fill(1),
    },
    nextBatch() {
      for (const values of Object.values(batch)) {
        if (values instanceof Float32Array) samples.fillUniform(values, -1, 1);
      }
      if (action.kind === 'discrete') (batch.action as Float32Array).fill(0);
    },
  });
  const metrics: Record<string, number>[] = [];
  for (let i = 0; i < updates; i++) {
    await updater.update(1);
    metrics.push(updater.takeMetrics());
  }
  const vectors = Object.fromEntries(updater.names.map((name) => [name, updater.vector(name).slice()]));
  await updater.dispose();
  return { vectors, metrics, generator: random.save() };
}

const agentOf = (
  vectors: Readonly<Record<string, number>>,
  steps: (rows: number) => Readonly<Record<string, UpdateStep>>,
): Agent => ({
  spec: boxSpec,
  state: Object.fromEntries(
    Object.entries(vectors).flatMap(([name, size]) => [
      [
        name,
        {
          size,
          layout: [],
          init(random) {
            const values = new Float32Array(size);
            random.fillNormal(values);
            return values;
          },
        },
      ],
      ...Object.entries(moments(name, { size })),
    ]),
  ),
  steps,
  updateNames: () => Object.keys(steps(rows)),
  policyVectors: [],
  actionNoise: 0,
  act: () => steps(rows).all.program,
  randomActionProbability: () => 0,
  learner: { kind: 'updates' },
});

const rows = 8;
const WIDTH = 600; // more than a chunk of numbers in all

/** Scores [B, B] of every state with every goal of the batch. */
function scores(g: Graph, w: Tensor, count: number): Tensor {
  const [phi, psi] = w.split([3 * WIDTH, 2 * WIDTH], 0);
  const state = g.input('observation', [count, 3]).matmul(phi.reshape([3, WIDTH]));
  const goal = g.input('goal', [count, 2]).matmul(psi.reshape([2, WIDTH]));
  const noise = noiseInput(g, 'noise', [count, WIDTH], 'row').mul(0.1);
  return state
    .add(noise)
    .tanh()
    .matmul(goal.tanh().transpose([1, 0]))
    .mul(0.1);
}

/** InfoNCE: of all goals of the batch, the one of the row itself. */
const contrastive = (gradientClip: number): Agent =>
  agentOf({ w: 5 * WIDTH }, (count) => ({
    all: updateStep(
      'infonce',
      (g) => {
        const w = g.input('w', [5 * WIDTH]);
        const own = g.constant(
          Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0)),
          [count, count],
        );
        const loss = scores(g, w, count).logSoftmax(1).mul(own).sum([1]).mean().neg();
        return { gradients: { w: grad(loss, [w])[0] }, metrics: { loss } };
      },
      { divisible: false, gradientClip, optimizerSteps: [adamStep('w', rates)] },
    ),
  }));

describe('a contrastive loss', () => {
  it.each([0, 1e-3])('is the same loss and bytes in any number of threads, gradients clipped to %d', async (clip) => {
    const one = await updated(contrastive(clip), 1, rows);
    for (const threads of [2, 4]) expect(await updated(contrastive(clip), threads, rows)).toEqual(one);
    expect(one.metrics[0].loss).toBeGreaterThan(0.1);
  });

  it('would be another in shares', async () => {
    const { steps, ...rest } = contrastive(0);
    const divided = { ...rest, steps: (count: number) => ({ all: { ...steps(count).all, divisible: true } }) };
    const [one, two] = [await updated(divided, 1, rows), await updated(divided, 2, rows)];
    expect(Math.abs(one.metrics[0].loss - two.metrics[0].loss)).toBeGreaterThan(0.1);
  });

  it('goes beside steps that are shared', async () => {
    const both = (): Agent => {
      const { steps } = contrastive(0);
      return agentOf({ w: 5 * WIDTH, v: 3 }, (count) => ({
        ...steps(count),
        mean: updateStep(
          'mean',
          (g) => {
            const v = g.input('v', [3]);
            const loss = g.input('observation', [count, 3]).mul(v).sum([1]).square().mean();
            return { gradients: { v: grad(loss, [v])[0] }, metrics: { mean: loss } };
          },
          { divisible: true, optimizerSteps: [adamStep('v', rates)] },
        ),
      }));
    };
    const [one, two] = [await updated(both(), 1, rows), await updated(both(), 2, rows)];
    expect(two.vectors.w).toEqual(one.vectors.w);
    expect(two.metrics.map(({ loss }) => loss)).toEqual(one.metrics.map(({ loss }) => loss));
    two.vectors.v.forEach((value, i) => {
      expect(value).toBeCloseTo(one.vectors.v[i], 5);
    });
  });
});

const learning = listAgents().filter(({ name }) => name !== 'tabular' && name !== 'planner'); // without steps of learning

const plain = {};
/** Learned, so that agents with several networks share it. */
const encoded = { encoders: { observation: { kind: 'dense', size: 20 } } };

describe.each(
  learning.flatMap((definition) =>
    [plain, encoded]
      .filter((options) => definition.config.safeParse(options).success)
      .map((options) => [definition.name, options, definition] as const),
  ),
)('%s with %j', (_, options, { actions, config, create }) => {
  const spec: AgentSpec = actions.includes('box') ? boxSpec : vectorSpec({ ...sizes, action: discrete(3) });
  const agent = () => create(spec, config.parse({ hidden: [96, 96], ...options }), { normalize: true });

  it('says truly whether threads may share its rows', async () => {
    const threads = options === plain ? 4 : 2;
    const [one, several] = [await updated(agent(), 1, 24), await updated(agent(), threads, 24)];
    const steps = Object.values(agent().steps(24));
    if (!steps.some(({ divisible }) => divisible)) expect(several).toEqual(one);
    expect(several.generator).toEqual(one.generator);
    for (const [name, wanted] of Object.entries(one.vectors)) {
      const scale = Math.max(...wanted.map(Math.abs)) || 1;
      const error = Math.max(...wanted.map((value, i) => Math.abs(several.vectors[name][i] - value)));
      expect(error / scale, name).toBeLessThan(1e-5);
    }
    several.metrics.forEach((metrics, update) => {
      for (const [name, value] of Object.entries(metrics)) {
        const wanted = one.metrics[update][name];
        expect(Math.abs(value - wanted), name).toBeLessThan(5e-5 * Math.max(1, Math.abs(wanted)));
      }
    });
  });
});

describe('a step that combines the gradients of tasks', () => {
  const [K, N] = [4, 5000];
  /** Rows pull numbers of w; the coefficients take noise, and the last numbers are each task's own. */
  const tasks = (): Agent =>
    agentOf({ w: N, u: 3 }, (count) => ({
      all: updateStep(
        'tasks',
        (g) => {
          const each = count / K;
          const [w, u] = [g.input('w', [N]), g.input('u', [3])];
          const x = g.input('observation', [each, 3]);
          const noise = noiseInput(g, 'rowNoise', [each, 1], 'row');
          const pulls = w
            .reshape([1, N])
            .mul(x.sum([1], { keepDims: true }))
            .sin();
          const loss = pulls
            .mul(noise.add(1))
            .sum([1])
            .mean()
            .add(x.mul(u).sum([1]).square().mean());
          const [ofW, ofU] = grad(loss, [w, u]);
          return { gradients: { w: ofW, u: ofU }, metrics: { loss } };
        },
        {
          divisible: false,
          gradientClip: 0.5,
          optimizerSteps: [adamStep('w', rates), adamStep('u', rates)],
          tasks: {
            count: K,
            combine: {
              w: combination(
                'weights',
                K,
                ({ gram }) => {
                  const noise = noiseInput(gram.graph, 'taskNoise', [K], 'update');
                  return gram.sum([1]).mul(1e-3).add(noise).softmax(0);
                },
                {
                  shared: [
                    [0, 100],
                    [700, 4500],
                  ],
                },
              ),
            },
          },
        },
      ),
    }));

  it('gives the same bytes in one, two, three and four threads', async () => {
    const one = await updated(tasks(), 1, 24);
    for (const threads of [2, 3, 4]) expect(await updated(tasks(), threads, 24)).toEqual(one);
  });
});
