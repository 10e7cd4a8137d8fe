// Policies with memory: it is carried through an episode, empty where one begins, and saved with the source.
import { describe, expect, it } from 'vitest';
import type { Agent } from '../agents/agent.js';
import { agentSpec } from '../agents/agent-spec.js';
import { findAgent } from '../agents/index.js';
import { createVectorEnv, makeEnv } from '../envs/index.js';
import { createReplay, type EpisodePieces } from '../replay/index.js';
import { webRuntime } from '../runtime/web.js';
import { concat, program } from '../tensor/index.js';
import { createPolicy } from '../training/acting-policy.js';
import { createActor } from './actor.js';
import { evaluatePolicy } from './evaluate.js';
import { createPolicyRunner } from './policy-runner.js';

const env = await makeEnv('point/reach');
const spec = agentSpec(env.spec);
const { create, config } = findAgent('sac');

/** Its action counts the steps of the episode, in hundredths. */
const counting: Agent = {
  ...create(spec, config.parse({ hidden: [8] }), { normalize: true }),
  policyVectors: [],
  actionNoise: 0,
  memory: { count: 1 },
  act: (rows) =>
    program('count', (g) => {
      const count = g.input('count', [rows, 1]).add(1);
      return { action: concat([count.mul(0.01), count.mul(-0.01)], 1), count };
    }),
};
const vectors = { normalizer: new Float32Array(0) };

/** The actions of whole episodes, in the order of the ring. */
function actionsOf(messages: readonly EpisodePieces[]): number[] {
  const replay = createReplay(env.spec, 1000);
  for (const message of messages) replay.insert(message);
  const { ring } = replay;
  const { offset } = ring.layout.column('action');
  return Array.from({ length: ring.used }, (_, row) => ring.rows[row * ring.layout.width + offset]);
}

describe('a policy with memory', () => {
  it('begins every episode of every environment without any', async () => {
    const make = async (envNumber = 0) => {
      const envs = createVectorEnv([await makeEnv('point/reach'), await makeEnv('point/reach')]);
      const options = { agent: counting, spec, runtime: webRuntime, seed: 3, randomSteps: 0, envNumber };
      return createActor({ ...options, env: envs });
    };
    const actor = await make();
    const first = await actor.collect(30, 0, () => undefined);
    const state = await actor.save();
    const rest = await actor.collect(70, 60, () => undefined);
    const actions = actionsOf([first, rest]);
    expect(actions).toHaveLength(4 * 51);
    // Row 50 is the episode's last state, which has no action.
    for (const [row, action] of actions.entries()) {
      if (row % 51 !== 50) expect(action).toBeCloseTo(0.01 * ((row % 51) + 1), 6);
    }
    const other = await make();
    await other.restore(state);
    expect(actionsOf([first, await other.collect(70, 60, () => undefined)])).toEqual(actions);
  });

  it('is evaluated so, and forgets when it is told that an episode begins', async () => {
    const runner = await createPolicyRunner(webRuntime, counting, 1, { deterministic: true });
    await runner.run();
    await runner.run();
    await evaluatePolicy(env, runner, { episodes: 2, seed: 1, steps: 0 });
    expect(runner.action[0]).toBeCloseTo(0.5, 6); // 50 steps of the last episode
    const policy = await createPolicy(env.spec, counting, vectors, webRuntime);
    const seen = { observation: [0, 0], goal: [0, 0] };
    expect((await policy.act(seen))[0]).toBeCloseTo(0.01, 6);
    expect((await policy.act(seen))[0]).toBeCloseTo(0.02, 6);
    policy.begin();
    expect((await policy.act(seen))[0]).toBeCloseTo(0.01, 6);
  });
});
