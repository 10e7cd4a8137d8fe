// Trains the lab's two tasks one after the other, and shows what its policy did at any moment of that.
import { learn } from '../../../examples/lab/forgetting.js';
import { loadPolicy, type Policy } from '../../../src/index.js';
import { type Tell, watching } from './watching.js';

type Settings = Parameters<typeof learn>[0];
type Learned = Awaited<ReturnType<typeof learn>>;
export type Forgotten = Omit<Learned, 'source'>;

let source: Learned['source'] | undefined;
const policies = new Map<number, Promise<Policy>>();

export const trainer = {
  async learn(settings: Settings, tell: Tell): Promise<Forgotten> {
    const { source: place, ...told } = await learn(settings, watching(tell));
    source = place;
    policies.clear();
    return told;
  },
  /** The policy's moves after so many steps of training, under a task, at the middles of n x n cells, [n, n, 2]. */
  async moves(steps: number, task: number, n: number): Promise<Float32Array> {
    if (!source) throw new Error('nothing is trained yet.');
    const loaded = policies.get(steps) ?? loadPolicy({ ...source, checkpoint: steps });
    policies.set(steps, loaded);
    const policy = await loaded;
    const moves = new Float32Array(2 * n * n);
    for (let cell = 0; cell < n * n; cell++) {
      const observation = [cell % n, Math.floor(cell / n)].map((i) => (2 * (i + 0.5)) / n - 1);
      moves.set(await policy.act({ observation, task }), 2 * cell);
    }
    return moves;
  },
};
