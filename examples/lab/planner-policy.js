// Planner against policy on one learned model of a pendulum: one looks ahead at every step, one has learned beforehand.
import { createMemoryStore, loadPolicy, openDataSet, recordData, train } from 'anygoal';
import { pendulumStep } from 'anygoal/envs';

const STEPS = 200; // of an episode, 0.05 s each

/**
 * Both learn from the same recorded steps and fit the same model to them. Neither touches the pendulum meanwhile.
 * @param {{ way: 'planner' | 'policy', episodes: number, updates: number, seed: number }} settings episodes of 200 random
 *   steps, and updates of the policy, from 95% imagined transitions
 * @param {Partial<import('anygoal').TrainOptions>} [watch] is told how it goes
 */
export async function learn({ way, episodes, updates, seed }, watch = {}) {
  const { bytes } = await recordData({ env: 'pendulum', policy: 'explore', episodes, seed });
  const data = await openDataSet('torques.safetensors', bytes);
  const imagining = { every: 1_000_000, rollouts: 5000, horizon: 3 }; // one fit, then short rollouts from real states
  const config = {
    data: { share: 1 },
    training: { updatesPerStep: 1 },
    model: {
      kind: 'ensemble',
      members: 5,
      elites: 3,
      hidden: [64, 64],
      batchSize: 64,
      ...(way === 'policy' && imagining),
    },
    ...(way === 'planner' && { agent: { options: { samples: 32, rounds: 2, horizon: 20, elites: 6 } } }),
    evaluation: { every: updates, episodes: 1 },
    runtime: { worker: false, overlap: false },
  };
  const store = createMemoryStore();
  const { runDir } = await train({
    ...{ env: 'pendulum', relabel: 'none', data, seed, store, config, ...watch },
    ...(way === 'planner' ? { agent: 'planner', steps: 1 } : { agent: 'sac', steps: updates }),
  });
  return loadPolicy({ run: runDir.slice(runDir.lastIndexOf('/') + 1), store, checkpoint: 'last' });
}

/**
 * An episode of the real pendulum from an angle (radians from upright) at rest.
 * @returns angles [201], the return, and seconds that the decisions took
 */
export async function swing(policy, angle, look = () => {}) {
  const state = Float64Array.of(angle, 0);
  const angles = [angle];
  let [total, seconds] = [0, 0];
  policy.begin();
  for (let t = 0; t < STEPS; t++) {
    const observation = [Math.cos(state[0]), Math.sin(state[0]), state[1]];
    const began = performance.now();
    const [torque] = await policy.act({ observation });
    seconds += (performance.now() - began) / 1000;
    total += pendulumStep(state, torque);
    angles.push(state[0]);
    look(angles);
  }
  return { angles, return: total, seconds };
}

/** @returns the returns of both from the same angle, after the same real steps */
export async function race({ angle, ...settings }) {
  const one = async (way) => (await swing(await learn({ ...settings, way }), angle)).return;
  return { realSteps: settings.episodes * STEPS, planner: await one('planner'), policy: await one('policy') };
}
