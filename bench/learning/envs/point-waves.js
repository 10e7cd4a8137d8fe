// point/reach whose positions and goals are also told as waves: numbers that change quickly from place to place.
import { arrayState, box, defineEnv, loadEnv, parseEnvOptions } from 'anygoal/envs';

const pointReach = await loadEnv('point/reach');
const rules = pointReach.rules(parseEnvOptions(pointReach, {}));
const frequencies = [1, 2, 3, 4];
const size = 2 + 4 * frequencies.length;

/** x, y, and sine and cosine of k pi / 2 times each. */
function waves(place, from, out, at) {
  let next = at;
  for (let j = 0; j < 2; j++) out[next++] = place[from + j];
  for (const k of frequencies) {
    for (let j = 0; j < 2; j++) {
      out[next++] = Math.sin(((k * Math.PI) / 2) * place[from + j]);
      out[next++] = Math.cos(((k * Math.PI) / 2) * place[from + j]);
    }
  }
}

/** The rules of point/reach under goals told as waves, of which x and y come first. */
const positions = (told) =>
  Float32Array.from({ length: (2 * told.length) / size }, (_, i) => told[(i >> 1) * size + (i & 1)]);

const waveRules = {
  spec: { ...rules.spec, name: 'bench/point-waves', observation: box(size, -1, 1), goal: box(size, -1, 1) },
  computeReward: (achieved, told, info, out) => rules.computeReward(achieved, positions(told), info, out),
  computeSuccess: (achieved, told, info, out) => rules.computeSuccess(achieved, positions(told), info, out),
  goalFrom(achieved, out) {
    for (let i = 0; i < achieved.length / 2; i++) waves(achieved, 2 * i, out, i * size);
  },
};

export const env = defineEnv({
  name: 'bench/point-waves',
  description: 'point/reach with positions and goals told as waves too',
  create() {
    const position = new Float64Array(2);
    const goal = new Float64Array(2);
    const show = (now) => {
      waves(position, 0, now.observation, 0);
      now.achieved.set(position);
    };
    return {
      ...waveRules,
      ...arrayState(position),
      reset(random, now) {
        random.fillUniform(position, -1, 1);
        random.fillUniform(goal, -1, 1);
        waves(Float32Array.from(goal), 0, now.goal, 0);
        show(now);
      },
      step(action, now) {
        for (let i = 0; i < 2; i++) position[i] = Math.min(Math.max(position[i] + 0.1 * action[i], -1), 1);
        show(now);
      },
    };
  },
});

/** A goal as this environment tells it. */
export function tellWaves(place) {
  const out = new Float32Array(size);
  waves(Float32Array.from(place), 0, out, 0);
  return out;
}
