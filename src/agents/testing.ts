// For tests of agents: an updater over batches that the test writes.
import { actionSize, box, image } from '../envs/space.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { createUpdater, type Updater } from '../updates/updater.js';
import type { Agent } from './agent.js';
import { type AgentSpec, agentSpec, vectorSpec } from './agent-spec.js';
import { findAgent } from './index.js';
import { identityNormalizer } from './policy-vectors.js';

export type TestBatch = Record<string, Float32Array>;

/** Batch arrays for `rows` transitions, zero, and an identity normaliser. */
export function testBatch(spec: AgentSpec, rows: number): TestBatch {
  const seen = spec.inputs.flatMap(({ name, size, role }) =>
    (role === 'state' ? [name, `next.${name}`] : [name]).map((column) => [column, new Float32Array(rows * size)]),
  );
  return {
    ...Object.fromEntries(seen),
    action: new Float32Array(rows * actionSize(spec.action)),
    reward: new Float32Array(rows),
    terminated: new Float32Array(rows),
    normalizer: identityNormalizer(spec),
  };
}

/** An updater; `fill` writes the next batch. */
export function testUpdater(
  agent: Agent,
  batch: TestBatch,
  fill: (batch: TestBatch) => void,
  seed = 1,
): Promise<Updater> {
  const random = createRandom(seed);
  const rows = batch.terminated.length;
  return createUpdater({ agent, rows, runtime: nodeRuntime, threads: 1, random, batch, nextBatch: () => fill(batch) });
}

/** What the agent does without exploring, for one observation and goal. */
export async function bestAction(
  agent: Agent,
  spec: AgentSpec,
  updater: Updater,
  observation: readonly number[],
  goal: readonly number[],
): Promise<number[]> {
  const executable = await nodeRuntime.compile(agent.act(1, { deterministic: true }));
  const { action } = await executable.run({
    ...Object.fromEntries(
      agent.policyVectors
        .filter((vector) => executable.inputs.some(({ name }) => name === vector))
        .map((name) => [name, updater.vector(name)]),
    ),
    ...(executable.inputs.some(({ name }) => name === 'normalizer') && { normalizer: testBatch(spec, 1).normalizer }),
    observation: Float32Array.from(observation),
    goal: Float32Array.from(goal),
  });
  await executable.dispose();
  return Array.from(action, Number);
}

/** One-step episodes with reward -(a - g)^2: Q(s, g, a) is the reward, the best action is the goal. */
export const banditSpec: AgentSpec = vectorSpec({
  observation: 2,
  goal: 1,
  action: box(1, -2, 2),
  rewardRange: [-4, 0],
});
/** A policy that sees a picture, and its goal as one of the same size. */
export const pictureGoalSpec = (size: number, actions: number): AgentSpec => {
  const picture = image([size, size, 3]);
  return agentSpec({
    observation: box(2),
    parts: { camera: picture, 'goal-camera': { ...picture, per: 'episode' } },
    goalPictures: { 'goal-camera': 'camera' },
    privileged: ['observation', 'goal'],
    goal: box(2),
    action: box(actions, -1, 1),
    rewardRange: [-1, 0],
  });
};

export const banditRows = 64;

/** A small agent for the bandit. */
export function banditAgent(name: string, options: Record<string, unknown>, spec = banditSpec): Agent {
  const { config, create } = findAgent(name);
  const few = name === 'tqc' && { critics: 2, quantiles: 4, dropped: 1 };
  const settings = config.parse({ hidden: [32, 32], ...few, ...options });
  return create(spec, settings, { normalize: true });
}

/** Writes its batches. */
export function bandit(seed: number): (batch: TestBatch) => void {
  const random = createRandom(seed);
  return (batch) => {
    for (const name of ['observation', 'next.observation', 'goal']) random.fillUniform(batch[name], -1, 1);
    random.fillUniform(batch.action, -2, 2);
    for (let i = 0; i < banditRows; i++) batch.reward[i] = -((batch.action[i] - batch.goal[i]) ** 2);
    batch.terminated.fill(1);
  };
}

export const banditUpdater = (agent: Agent, fill: (batch: TestBatch) => void, seed?: number): Promise<Updater> =>
  testUpdater(agent, testBatch(banditSpec, banditRows), fill, seed);

/** How far from the goal the action is after 1500 updates, at the worst of four goals. */
export async function banditMiss(agent: Agent): Promise<number> {
  const updater = await banditUpdater(agent, bandit(2));
  await updater.update(1500);
  let worst = 0;
  for (const goal of [-0.8, -0.2, 0.5, 0.9]) {
    const [action] = await bestAction(agent, banditSpec, updater, [0.3, -0.4], [goal]);
    worst = Math.max(worst, Math.abs(action - goal));
  }
  await updater.dispose();
  return worst;
}
