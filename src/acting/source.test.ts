// Several sources as one: their environments step side by side, nothing mixes, and what is saved goes on the same.
import { describe, expect, it } from 'vitest';
import { agentSpec } from '../agents/agent-spec.js';
import { findAgent } from '../agents/index.js';
import { createVectorEnv, makeEnv } from '../envs/index.js';
import { createRandom } from '../random.js';
import { createReplay, type EpisodePieces } from '../replay/index.js';
import { webRuntime } from '../runtime/web.js';
import { createActor } from './actor.js';
import { idleSource, joinSources, type Source } from './source.js';

async function actors() {
  const first = await makeEnv('point/reach');
  const spec = agentSpec(first.spec);
  const { create, config } = findAgent('sac');
  const agent = create(spec, config.parse({ hidden: [8] }), { normalize: true });
  const random = createRandom(1);
  const vectors = {
    normalizer: new Float32Array(2 * spec.inputs.reduce((sum, { size }) => sum + size, 0)).fill(1),
    ...Object.fromEntries(agent.policyVectors.map((name) => [name, agent.state[name].init(random)])),
  };
  const make = async (envNumber: number, count: number): Promise<Source> => {
    const envs = await Promise.all(Array.from({ length: count }, () => makeEnv('point/reach')));
    const options = { agent, spec, runtime: webRuntime, seed: 3, randomSteps: 60, allEnvs: 3 };
    const source = await createActor({ ...options, env: createVectorEnv(envs), envNumber });
    source.setPolicy(vectors);
    return source;
  };
  return { spec: first.spec, make };
}

describe('joined sources', () => {
  it('take the steps of each, under its own numbers', async () => {
    const { spec, make } = await actors();
    const joined = joinSources(spec, [await make(0, 2), await make(2, 1)]);
    const alone = [await make(0, 2), await make(2, 1)];
    let episodes = 0;
    const replay = createReplay(spec, 1000);
    const separate = createReplay(spec, 1000);
    for (let from = 0; from < 300; from += 90) {
      replay.insert(await joined.collect(30, from, () => episodes++));
      for (const source of alone) separate.insert(await source.collect(30, from, () => undefined));
    }
    expect(episodes).toBe(6); // 120 steps in each of three environments, 50 an episode
    expect(replay.ring.transitions).toBe(300);
    expect(replay.stagedTransitions).toBe(60);
    const sorted = (rows: Float32Array) => [...rows].sort((a, b) => a - b);
    expect(sorted(replay.ring.rows)).toEqual(sorted(separate.ring.rows));
    await joined.dispose();
  });

  it('go on from what was saved', async () => {
    const { spec, make } = await actors();
    const one = joinSources(spec, [await make(0, 1), await make(1, 2)]);
    await one.collect(25, 0, () => undefined);
    const state = await one.save();
    const other = joinSources(spec, [await make(0, 1), await make(1, 2)]);
    await other.restore(state);
    const next = (source: Source): Promise<EpisodePieces> => source.collect(40, 75, () => undefined);
    expect(await next(other)).toEqual(await next(one));
  });
});

it('an idle source does nothing and has nothing to save', async () => {
  const idle = idleSource();
  expect((await idle.collect(10, 0, () => undefined)).pieces).toEqual([]);
  expect(await idle.save()).toEqual({});
});
