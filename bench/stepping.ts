// How fast environments step with random actions, by themselves.
import type { EnvGroup } from '../src/envs/index.js';
import type { Random } from '../src/random.js';

/** Steps for about so many seconds, looked at every ten ticks: how many steps of an environment, and in how many seconds. */
export async function stepFor(
  env: EnvGroup,
  wanted: number,
  random: Random,
): Promise<{ steps: number; seconds: number }> {
  const { action } = env.spec;
  const actions = new Float32Array(env.count * (action.kind === 'box' ? action.size : 1));
  const begin = performance.now();
  let ticks = 0;
  while (performance.now() - begin < 1000 * wanted) {
    for (let i = 0; i < 10; i++) {
      random.fillUniform(actions, -1, 1);
      const done = env.step(actions);
      if (done) await done;
    }
    ticks += 10;
  }
  return { steps: ticks * env.count, seconds: (performance.now() - begin) / 1000 };
}
