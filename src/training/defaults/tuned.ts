// What tuned settings of an environment are, and those that several families share.

export interface Tuned {
  /** Settings for every agent, in the sections of TrainConfig. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Over them, and over what the agent itself needs: settings by agent. */
  readonly agentSettings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Hyperparameters by agent. */
  readonly agents: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Over all of that, where pictures are asked for (`env.camera`). */
  readonly camera?: TunedOver;
  /** Over all of that, where they are not. */
  readonly numbers?: TunedOver;
}

export type TunedOver = Omit<Tuned, 'camera' | 'numbers'>;

/** Of one family of environments, by name. */
export type TunedFamily = Readonly<Record<string, Tuned>>;

export const small = { hidden: [64, 64], learningRate: 1e-3, discount: 0.95, tau: 0.05 };
/** Temperature 1 outweighs rewards of -1 until a thousand updates have lowered it. */
export const smallSac = { ...small, initialTemperature: 0.1 };

/** Agents that are tuned for pictures. */
const seeing = ['sac', 'tqc', 'td3', 'ddpg'];

/**
 * With a camera: rows are a thousand times larger, and an update costs as much as its rows; where things are is all that
 * counts (docs/encoders.md). `settings`: beside these, `agents`: of every agent.
 */
export const withCamera = (
  settings: Readonly<Record<string, unknown>>,
  agents: Readonly<Record<string, unknown>> = {},
): TunedOver => ({
  settings: { ...settings, replay: { capacity: 50_000 } },
  agents: Object.fromEntries(seeing.map((name) => [name, { encoders: { camera: { kind: 'keypoints' } }, ...agents }])),
});
