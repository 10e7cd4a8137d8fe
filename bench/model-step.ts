// Times a model of the world: a step of fitting (7 members of 4 x 200, 256 transitions each), and imagined steps.
// Run: npx tsx bench/model-step.ts

import { agentSpec } from '../src/agents/agent-spec.js';
import { findAgent } from '../src/agents/index.js';
import { modelConfigSchema } from '../src/config/model-config.js';
import { box } from '../src/envs/index.js';
import { policyOf } from '../src/learners/learner-state.js';
import { createDynamicsModel } from '../src/models/dynamics-model.js';
import { createImagination } from '../src/models/imagination.js';
import { transitionsOf } from '../src/models/transitions.js';
import { createRandom } from '../src/random.js';
import { createReplay } from '../src/replay/index.js';
import { nodeRuntime } from '../src/runtime/node.js';

const [observations, actions, transitions] = [11, 3, 5000]; // as many numbers as Hopper has
const env = {
  name: 'bench/random',
  observation: box(observations),
  achieved: box(0),
  goal: box(0),
  action: box(actions, -1, 1),
  maxEpisodeSteps: 100,
  rewardRange: [-10, 10] as const,
  successEndsEpisode: false,
  info: [],
};
const replay = createReplay(env, transitions);
const random = createRandom(1);
const normals = (size: number) => Float32Array.from({ length: size }, () => random.normal());
for (let n = 0; n < transitions; n += 100) {
  const columns = { observation: normals(101 * observations), action: normals(100 * actions), reward: normals(100) };
  replay.addEpisode({ columns, failed: false });
}
const data = transitionsOf([replay]);
const BATCHES = 20;
const config = modelConfigSchema.parse({
  kind: 'ensemble',
  epochs: 1,
  epochBatches: BATCHES,
  rollouts: 100_000,
  retain: 1,
});
const model = await createDynamicsModel({ env, config, runtime: nodeRuntime, seed: 1 });
const sac = findAgent('sac');
const agent = sac.create(agentSpec(env), sac.config.parse({}), { normalize: false });
const vectors = Object.fromEntries(agent.policyVectors.map((name) => [name, agent.state[name].init(random)]));
const policy = policyOf(
  agent,
  { names: agent.policyVectors, vector: (name) => vectors[name], setVector: () => undefined },
  new Float32Array(2 * observations),
);
const rules = {
  spec: env,
  computeReward: () => undefined,
  computeSuccess: () => undefined,
  computeFailed: (_: Float32Array, out: Uint8Array) => void out.fill(0),
};
const imagination = await createImagination({ model, agent, rules, config, runtime: nodeRuntime, seed: 1 });

/** Processor and wall milliseconds; the best of some rounds. */
async function time(rounds: number, work: () => Promise<unknown>): Promise<{ processor: number; wall: number }> {
  let best = { processor: Infinity, wall: Infinity };
  for (let i = 0; i < rounds; i++) {
    const [cpu, wall] = [process.cpuUsage(), performance.now()];
    await work();
    const { user, system } = process.cpuUsage(cpu);
    best = {
      processor: Math.min(best.processor, (user + system) / 1000),
      wall: Math.min(best.wall, performance.now() - wall),
    };
  }
  return best;
}
const fit = await time(4, () => model.fit(data));
const imagined = await time(2, () => imagination.run(policy, data, 0));
const show = (name: string, { processor, wall }: { processor: number; wall: number }, by: number) =>
  console.log(`${name.padEnd(60)} ${(processor / by).toFixed(1)} ms processor, ${(wall / by).toFixed(1)} ms wall`);
show('a batch of the fit (its share of judging 1000 rows included)', fit, BATCHES);
show('100,000 imagined steps, policy of 256 x 256 included', imagined, 1);
await imagination.dispose();
await model.dispose();
