// What comes between the iterations of a training: others get a turn, time stands still, and no number changes.
import { afterEach, expect, test, vi } from 'vitest';
import type { PolicyVectors } from '../agents/policy-vectors.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { webRuntime } from '../runtime/web.js';
import { train } from './train.js';
import type { TrainOptions } from './types.js';

afterEach(() => vi.restoreAllMocks());

const STEPS = 300;
/** Milliseconds that a pause lasts, as the clock tells. */
const PAUSE = 3.6e6;

async function run(runtime: TrainOptions['runtime'], onIteration?: TrainOptions['onIteration']) {
  const store = createMemoryStore();
  const config = {
    agent: { options: { hidden: [16, 16] } },
    training: { warmupSteps: 100, cycleSteps: 20 },
    evaluation: { every: 0, episodes: 2 },
    runtime: { worker: false, overlap: false },
  };
  const result = await train({ env: 'point/reach', steps: STEPS, config, store, runtime, onIteration });
  const [name] = await store.list('');
  const policy = await store.read(`${name}/checkpoints/${STEPS}/policy.safetensors`);
  return { result, policy };
}

test.each([
  ['natively', undefined],
  ['in WebAssembly', webRuntime],
])(
  '%s: a pause counts no time and changes nothing; the policy is the newest',
  async (_, runtime) => {
    const plain = await run(runtime);
    const actors: Float32Array[] = [];
    let later = 0;
    const clock = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => clock() + later);
    const paused = await run(runtime, (policy: PolicyVectors) => {
      actors.push(policy.actor.slice());
      if (actors.length !== 5) return undefined;
      later = PAUSE;
      return Promise.resolve();
    });
    expect(paused.policy).toEqual(plain.policy);
    expect(paused.result.wallSeconds).toBeLessThan(PAUSE / 2000);
    expect(actors).toHaveLength(STEPS / 20);
    expect(actors[0]).toEqual(actors[4]); // random steps, no updates
    expect(actors[6]).not.toEqual(actors[5]);
  },
  60_000,
);

test('a timer gets its turn while updates and evaluations keep the thread busy', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  const { result } = await run(undefined);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2 * result.evalEpisodes);
});
