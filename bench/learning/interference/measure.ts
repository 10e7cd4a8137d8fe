// Runs left against right again, and takes the gradients of both tasks at several moments of training.
// npx tsx bench/learning/interference/measure.ts
import type { PartInterference } from '../../../src/multitask/index.js';
import { createMemoryStore, diagnoseRun, resume, train } from '../../../src/training/index.js';
import { record } from '../../record.js';
import { type Experiment, optionsOf } from '../experiment.js';
import { interference } from '../topics/interference.js';
import { type CosineSeed, cosineName } from './results.js';

const cosine = ({ cosines }: PartInterference) => cosines[0][1];
const moments = [600, 800, 1000, 1500, 2000, 2500, 3000, 4000];
const measured = ['opposed-plain', 'opposed-pcgrad', 'opposed-heads'];

async function measureSeed(experiment: Experiment, seed: number): Promise<CosineSeed> {
  const store = createMemoryStore();
  const [first, ...rest] = moments;
  await train({ ...optionsOf({ ...experiment, steps: first, evaluateEvery: 0 }, seed), store });
  const [run] = await store.list('');
  const found: CosineSeed['moments'][number][] = [];
  const take = async (steps: number) => {
    const { vectors } = await diagnoseRun({ run, store, batches: 8, rows: 128 });
    const [, ...actor] = vectors.actor.map(cosine);
    const q1 = vectors.critics.filter(({ name }) => name.startsWith('q1.')).map(cosine);
    found.push({ steps, layers: { actor, q1 } });
  };
  await take(first);
  for (const steps of rest) {
    await resume({ run, store, steps });
    await take(steps);
  }
  return { seed, moments: found };
}

const results: Record<string, CosineSeed[]> = {};
for (const experiment of interference.experiments.filter(({ name }) => measured.includes(name))) {
  for (const seed of experiment.seeds) {
    results[experiment.name] = [...(results[experiment.name] ?? []), await measureSeed(experiment, seed)];
    console.error(experiment.name, seed);
    record(cosineName, { command: 'npx tsx bench/learning/interference/measure.ts', results });
  }
}
