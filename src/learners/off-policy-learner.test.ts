// What off-policy learners draw for steps with gradients per task: blocks of rows, each of one task.
import { expect, it } from 'vitest';
import type { Agent } from '../agents/agent.js';
import { vectorSpec } from '../agents/agent-spec.js';
import { updateStep } from '../agents/update-step.js';
import type { EnvSpec } from '../envs/env.js';
import { box } from '../envs/space.js';
import { createRandom } from '../random.js';
import { type EpisodePiece, rowLayout } from '../replay/index.js';
import { codedRules, codedSpec } from '../replay/testing.js';
import { nodeRuntime } from '../runtime/node.js';
import { configure } from '../training/configure.js';
import { createOffPolicyLearner } from './off-policy-learner.js';
import { createOnPolicyLearner } from './on-policy-learner.js';

const rows = 12;
const spec: EnvSpec = { ...codedSpec(4), tasks: ['a', 'b', 'c'] };

/** Its steps tell how far the numbers of the tasks are from each other within a block. */
function agentOf(count: number): Agent {
  const zero = { size: 1, layout: [], init: () => new Float32Array(1) };
  const step = updateStep(
    'tells',
    (g) => {
      const task = g.input('task', [rows / count, 1]);
      const spread = task
        .sub(task.mean([0]))
        .square()
        .mean([0, 1]);
      return { gradients: { w: g.input('w', [1]).mul(0) }, metrics: { spread } };
    },
    {
      divisible: false,
      optimizerSteps: [{ vector: 'w', fill: (_, out) => out.set([0, 1]) }],
      tasks: { count, combine: {} },
    },
  );
  return {
    spec: vectorSpec({ observation: 2, goal: 1, action: box(1), rewardRange: [-2, 0] }),
    state: { w: zero, 'w.m': zero, 'w.v': zero },
    steps: () => ({ step }),
    updateNames: () => ['step'],
    policyVectors: ['w'],
    actionNoise: 0,
    act: () => step.program,
    randomActionProbability: () => 0,
    learner: { kind: 'updates' },
  };
}

async function partsOf(agent: Agent) {
  const config = await configure({
    env: 'point/reach',
    relabel: 'none',
    config: { training: { batchSize: rows, normalize: false } },
  });
  return { config, rules: { ...codedRules, spec }, agent, spec: agent.spec, runtime: nodeRuntime };
}

it('gives every task a block of its own', async () => {
  const learner = await createOffPolicyLearner(await partsOf(agentOf(3)));
  const { width, column } = rowLayout(spec);
  const random = createRandom(1);
  const memory = new Float32Array(90 * width);
  const pieces = Array.from({ length: 30 }, (_, i): EpisodePiece => {
    const task = random.below(3);
    for (let row = 3 * i; row < 3 * i + 3; row++) memory[row * width + column('task').offset] = task;
    return { env: 0, first: 3 * i, steps: 2, end: 'truncated' };
  });
  const { updates, metrics } = await learner.learn({ rows: memory, pieces }, 5);
  expect([updates, metrics.spread]).toEqual([5, 0]);
  await learner.dispose();
});

it('is refused where batches have no such blocks', async () => {
  await expect(partsOf(agentOf(3)).then((parts) => createOnPolicyLearner(parts, {} as never))).rejects.toThrow(
    /on-policy agent has a step with gradients of 3 tasks.*leave `tasks` out/,
  );
});
