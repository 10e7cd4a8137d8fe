// Trains the lab's policy for two tasks, and gives its layers.
import { layersOf, learn, meanChange } from '../../../examples/lab/conditioning.js';
import { evaluateRun } from '../../../src/index.js';
import { type Tell, watching } from './watching.js';

type Settings = Parameters<typeof learn>[0];

export interface TrainedLayers {
  readonly layers: Awaited<ReturnType<typeof layersOf>>;
  /** Of every layer, how far it moves from one task to the other, a mean over the square. */
  readonly change: readonly number[];
  /** Share of the goals that episodes of each task reach. */
  readonly reached: readonly number[];
}

const EPISODES = 40;

export const trainer = {
  async learn(settings: Settings, tell: Tell): Promise<TrainedLayers> {
    const source = await learn(settings, watching(tell));
    const layers = await layersOf(source);
    const { tasks = [] } = await evaluateRun({ ...source, episodes: EPISODES });
    return { layers, change: meanChange(layers), reached: tasks.map(({ successRate }) => successRate) };
  },
};
