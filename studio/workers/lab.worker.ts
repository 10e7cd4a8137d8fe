// Trains for the lab's pages: loads the trainer of the page that asks, and passes its calls on.
import { offer } from '../../src/page/worker-calls.js';
import { loadTrainer, type TrainerName } from '../lab/trainers/index.js';
import type { TrainingProgress } from '../lab/trainers/watching.js';

type Call = (...args: readonly unknown[]) => unknown;

const tell = (progress: TrainingProgress) => self.postMessage({ progress });

offer({
  async call(name: TrainerName, method: string, args: readonly unknown[]): Promise<unknown> {
    const functions = (await loadTrainer[name]()).trainer as Readonly<Record<string, Call>>;
    return functions[method](...args, tell);
  },
});
