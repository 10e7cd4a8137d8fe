// Learning from pixels: the policy sees a picture of 32 x 32 and nothing else. Train: anygoal train ./camera.js
import { arrayState, box, defineEnv, image } from 'anygoal/envs';

const size = 32;

export const env = defineEnv({
  name: 'me/camera',
  create() {
    const state = new Float64Array(2); // where the dot is, and the middle that it shall reach, from -1 to 1
    const draw = (now) => {
      const { camera } = now.columns;
      camera.fill(0);
      const dot = Math.round(((state[0] + 1) / 2) * (size - 5));
      const middle = Math.round(((state[1] + 1) / 2) * (size - 5));
      for (let y = 0; y < 4; y++) {
        for (let x = 0; x < 4; x++) {
          camera[((14 + y) * size + dot + x) * 3] = 255; // the dot is red
          camera[((22 + y) * size + middle + x) * 3 + 1] = 255; // its place is green
        }
      }
    };
    return {
      spec: {
        name: 'me/camera',
        observation: { camera: image([size, size, 3]) },
        action: box(1, -1, 1, ['move']),
        maxEpisodeSteps: 20,
        rewardRange: [-2, 0],
      },
      ...arrayState(state),
      reset(random, now) {
        random.fillUniform(state, -1, 1);
        draw(now);
      },
      step([move], now) {
        state[0] = Math.min(Math.max(state[0] + 0.2 * move, -1), 1);
        now.reward[0] = -Math.abs(state[0] - state[1]);
        draw(now);
      },
    };
  },
});
