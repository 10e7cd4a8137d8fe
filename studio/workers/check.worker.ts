// Tries in a worker what the studio's pages need of a browser: the physics and threads for WebAssembly.
import { makeEnv } from '../../src/envs/registry.js';
import { offer } from '../../src/page/worker-calls.js';

const functions = {
  /** Steps the arm once; its simulation time tells that the physics really ran. */
  async physics(): Promise<number> {
    const env = await makeEnv('arm/reach');
    const { observation } = env.reset({ seed: 0 });
    const before = [...observation];
    const after = env.step(new Float32Array(env.spec.action.kind === 'box' ? env.spec.action.size : 1).fill(1));
    env.dispose?.();
    return Math.max(...after.observation.map((value, i) => Math.abs(value - before[i])));
  },
  threads: (): boolean => self.crossOriginIsolated && typeof SharedArrayBuffer !== 'undefined',
};

export type CheckWorker = typeof functions;
offer(functions);
