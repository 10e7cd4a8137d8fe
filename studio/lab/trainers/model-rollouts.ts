// Fits the lab's model of a pendulum, and imagines in it.
import { errors, imagine, learn } from '../../../examples/lab/model-rollouts.js';

type Settings = Parameters<typeof learn>[0];
type Fitted = Awaited<ReturnType<typeof learn>>;

let fitted: Fitted | undefined;
const known = () => {
  if (!fitted) throw new Error('nothing is fitted yet.');
  return fitted;
};

export interface RealEpisode {
  /** [201, 3]: cosine and sine of the angle, velocity. */
  readonly observations: Float32Array;
  /** Mean squared error on transitions held out of the fit, in normalised numbers. */
  readonly heldOutError: number;
  readonly transitions: number;
}

export const trainer = {
  async learn(settings: Settings): Promise<RealEpisode> {
    fitted = await learn(settings);
    const { fit: report } = fitted.model;
    if (!report) throw new Error('the model was not fitted.');
    return {
      observations: Float32Array.from(fitted.observations),
      heldOutError: report.holdOutError,
      transitions: report.transitions,
    };
  },
  /** Of each member, [horizon + 1, 3]. */
  imagine: async (start: number, horizon: number): Promise<Float32Array[]> =>
    (await imagine(known(), start, horizon)).map((path) => Float32Array.from(path)),
  errors: async (horizon: number) => errors(known(), horizon),
};
