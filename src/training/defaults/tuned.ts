// What tuned settings of an environment are, and those that several families share.

export interface Tuned {
  /** Settings for every agent, in the sections of TrainConfig. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Over them, and over what the agent itself needs: settings by agent. */
  readonly agentSettings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Hyperparameters by agent. */
  readonly agents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Over all of that, where pictures are asked for (`env.camera`). */
  readonly camera?: (setting: CameraChoice) => TunedOver;
  /** Over all of that, where they are not. */
  readonly numbers?: TunedOver;
}

/** What of `env.camera` counts for settings. */
export interface CameraChoice {
  readonly state?: boolean;
  readonly goal?: boolean;
}

export type TunedOver = Omit<Tuned, 'camera' | 'numbers'>;

/** Of one family of environments, by name. */
export type TunedFamily = Readonly<Record<string, Tuned>>;

export const small = { hidden: [64, 64], learningRate: 1e-3, discount: 0.95, tau: 0.05 };
/** Temperature 1 outweighs rewards of -1 until a thousand updates have lowered it. */
export const smallSac = { ...small, initialTemperature: 0.1 };

/**
 * With a camera: rows are a thousand times larger, and an update costs as much as its rows; where things are is all that
 * counts (docs/encoders.md). `settings`: beside these; `privilegedCritic`: critics see numbers, of agents that can and where the policy does not.
 */
export const withCamera =
  (settings: Readonly<Record<string, unknown>>, { privilegedCritic = false } = {}): NonNullable<Tuned['camera']> =>
  ({ state = false, goal = false }) => {
    const seen = { encoders: { camera: { kind: 'keypoints' } } };
    const soft = privilegedCritic && (!state || goal) ? { ...seen, privilegedCritic } : seen;
    return {
      settings: { ...settings, replay: { capacity: 50_000 } },
      agents: { sac: soft, tqc: soft, td3: seen, ddpg: seen },
    };
  };
