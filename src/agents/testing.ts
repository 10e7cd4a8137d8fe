// For tests of agents: an updater over batches that the test writes.
import { actionSize } from '../envs/env.js';
import { createRandom } from '../random.js';
import { nodeRuntime } from '../runtime/node.js';
import { createUpdater, type Updater } from '../training/updater.js';
import { type Agent, type AgentSpec, normalizerSize } from './agent.js';

export type TestBatch = Record<string, Float32Array>;

/** Batch arrays for `rows` transitions, zero, and an identity normaliser. */
export function testBatch(spec: AgentSpec, rows: number): TestBatch {
  const { observation, goal } = spec;
  return {
    observation: new Float32Array(rows * observation),
    nextObservation: new Float32Array(rows * observation),
    goal: new Float32Array(rows * goal),
    action: new Float32Array(rows * actionSize(spec.action)),
    reward: new Float32Array(rows),
    terminated: new Float32Array(rows),
    normalizer: new Float32Array(normalizerSize(spec))
      .fill(1, observation, 2 * observation)
      .fill(1, 2 * observation + goal),
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
  return createUpdater({ agent, runtime: nodeRuntime, threads: 1, random, batch, nextBatch: () => fill(batch) });
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
