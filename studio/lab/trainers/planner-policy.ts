// Trains the lab's planner and policy on one model, and lets both swing the real pendulum.
import { learn, swing } from '../../../examples/lab/planner-policy.js';
import type { Policy } from '../../../src/index.js';
import { type Tell, watching } from './watching.js';

export type Way = 'planner' | 'policy';
type Settings = Omit<Parameters<typeof learn>[0], 'way'>;

const learned = new Map<Way, Policy>();

/** An episode so far, and whether it is over. */
export interface Swung {
  readonly angles: readonly number[];
  readonly return: number;
  /** Seconds that its decisions took. */
  readonly seconds: number;
}

export const trainer = {
  async learn(settings: Settings, tell: Tell): Promise<void> {
    learned.clear();
    for (const way of ['planner', 'policy'] as const) {
      learned.set(way, await learn({ ...settings, way }, watching(tell)));
    }
  },
  async swing(way: Way, angle: number): Promise<Swung> {
    const policy = learned.get(way);
    if (!policy) throw new Error('nothing is trained yet.');
    return swing(policy, angle);
  },
};
