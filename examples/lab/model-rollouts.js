// A learned model of a pendulum: what an ensemble that saw some recorded seconds imagines, beside what really happens.
import { fitModel, openDataSet, recordData } from 'anygoal';

/** Episodes of torques that are drawn at random and kept for a while. */
async function record(episodes, noise, seed) {
  const { bytes } = await recordData({ env: 'pendulum', envOptions: { noise }, policy: 'explore', episodes, seed });
  return openDataSet(`torques-${seed}.safetensors`, bytes);
}

/**
 * @param {{ episodes: number, noise: number, seed: number }} settings recorded episodes of 200 steps that the model is
 *   fitted to, deviation of a random push in each step (rad/s)
 * @returns the model, and another episode: observations [201, 3] (cosine and sine of the angle, velocity), torques [200]
 */
export async function learn({ episodes, noise, seed }) {
  const config = { env: { options: { noise } }, model: { members: 5, elites: 5, hidden: [64, 64], batchSize: 64 } };
  const model = await fitModel({ env: 'pendulum', data: await record(episodes, noise, seed), seed, config });
  const { columns } = await (await record(1, noise, seed + 1000)).read(0, 1);
  return { model, observations: columns.observation, torques: columns.action };
}

/** @returns what each member imagines of `horizon` steps under the episode's own torques from step `start` on */
export async function imagine({ model, observations, torques }, start, horizon) {
  const from = { observation: observations.subarray(3 * start, 3 * start + 3) };
  const { states } = await model.imagine({ from, actions: torques.subarray(start, start + horizon) });
  const size = states.observation.length / model.elites;
  return Array.from({ length: model.elites }, (_, e) => states.observation.subarray(e * size, (e + 1) * size));
}

/** @returns by steps ahead, the root mean square error of the height and of saying that nothing changes, over starts */
export async function errors(fitted, horizon) {
  const { model, observations } = fitted;
  const [imagined, still] = [new Float64Array(horizon + 1), new Float64Array(horizon + 1)];
  let count = 0;
  for (let start = 0; start + horizon <= 200; start += 10, count++) {
    for (const path of await imagine(fitted, start, horizon)) {
      for (let t = 0; t <= horizon; t++) {
        const real = observations[3 * (start + t)]; // the cosine of the angle is the height
        imagined[t] += (path[3 * t] - real) ** 2 / model.elites;
        still[t] += (observations[3 * start] - real) ** 2 / model.elites;
      }
    }
  }
  const root = (sums) => [...sums].map((sum) => Math.sqrt(sum / count));
  return { imagined: root(imagined), still: root(still) };
}

/** @returns how the fit ended, and the errors */
export async function compare({ horizon, ...settings }) {
  const fitted = await learn(settings);
  return { heldOutError: fitted.model.fit.holdOutError, ...(await errors(fitted, horizon)) };
}
