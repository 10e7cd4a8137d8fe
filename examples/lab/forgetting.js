// Forgetting: one network learns task A, then task B. What is left of A, and what holds it.
import { createMemoryStore, train } from 'anygoal';

/**
 * @param {{ remedy: 'none' | 'ewc' | 'replay', strength: number, heads: boolean, steps: number, seed: number }} settings
 *   how A is held while B is learned (EWC with lambda `strength`, or half of each batch from A's episodes), whether each
 *   task has a last layer of its own, steps of each task
 * @param {Partial<import('anygoal').TrainOptions>} [watch] is told how it goes
 * @returns where the run is, the success of both tasks while it learned, and what was lost
 */
export async function learn({ remedy, strength, heads, steps, seed }, watch = {}) {
  const every = steps / 5;
  const config = {
    env: { options: { places: 2, reward: 'dense' } },
    agent: {
      options: {
        network: heads ? 'multi-head' : 'shared',
        ewc: remedy === 'ewc' ? strength : 0,
        ...{ hidden: [64, 64], learningRate: 0.003, discount: 0.9, tau: 0.05, initialTemperature: 0.1 },
      },
    },
    tasks: {
      sequence: ['place-0', 'place-1'],
      identifiers: ['task'], // the policy is told which task it is, not where its place lies
      rehearsal: remedy === 'replay' ? 0.5 : 0,
    },
    training: { batchSize: 64, updatesPerStep: 0.5 },
    evaluation: { every, episodes: 20 },
    checkpoint: { every },
    runtime: { worker: false, overlap: false },
  };
  const curve = [{ steps: 0, success: [0, 0] }];
  const onEvaluation = ({ steps, tasks }) => {
    curve.push({ steps, success: tasks.map(({ successRate }) => successRate) });
  };
  const store = createMemoryStore();
  const options = { env: 'point/navigate', agent: 'mtsac', relabel: 'none', steps: 2 * steps, seed, store, config };
  const { runDir, sequence } = await train({ ...options, onEvaluation, ...watch });
  const run = runDir.slice(runDir.lastIndexOf('/') + 1);
  return { source: { run, store }, curve, success: sequence.success, forgetting: sequence.forgetting };
}

/** @returns success of both tasks after A and after B, and how much of A was lost */
export async function forget(settings) {
  const { success, forgetting } = await learn(settings);
  return { afterA: success[0], afterB: success[1], forgetting };
}
