// A universal value function: one policy and one value for every goal of a square, trained on 1,000 of them.
import { createMemoryStore, evaluateRun, train } from 'anygoal';

/**
 * @param {{ steps: number, goals: number, heldOut: { low: number[], high: number[] }, form: 'concat' | 'encoders',
 *   seed: number }} settings steps of training, different goals in it, a box of goals that it never sees (the square is
 *   [-1, 1] x [-1, 1]; empty: none), how the networks see state and goal
 * @param {Partial<import('anygoal').TrainOptions>} [watch] is told how it goes
 * @returns where the run is
 */
export async function learn({ steps, goals, heldOut, form, seed }, watch = {}) {
  const config = {
    goals: { trained: goals, heldOut },
    agent: { options: { goalForm: form } },
    runtime: { worker: false, overlap: false },
  };
  const store = createMemoryStore();
  const { runDir } = await train({ env: 'point/reach', relabel: 'future:4', steps, seed, store, config, ...watch });
  return { run: runDir.slice(runDir.lastIndexOf('/') + 1), store, checkpoint: /** @type {const} */ ('last') };
}

/** @returns the shares of 100 goals that are reached: of those of training, and of those held out of it */
export async function succeed(settings) {
  const source = await learn(settings);
  const share = async (goals) => (await evaluateRun({ ...source, goals, episodes: 100 })).successRate;
  return { trained: await share('trained'), heldOut: await share('held-out') };
}
