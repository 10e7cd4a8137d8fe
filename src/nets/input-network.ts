// A network of named inputs: an encoder for each, what they give joined to state and goal, and the form that combines them.
import type { Random } from '../random.js';
import type { Tensor } from '../tensor/index.js';
import { defaultEncoder } from './default-encoder.js';
import type { EncoderOf } from './encoder.js';
import { type GoalNetwork, type GoalNetworkSettings, type GoalNetworkSizes, goalNetwork } from './goal-form.js';
import { combine, type InputSpec, type Seen } from './input.js';
import { joinLayouts, type Layout, layout } from './layout.js';
import { initDense } from './mlp.js';

export interface InputNetworkSettings extends GoalNetworkSettings {
  /** Absent: numbers as they are, tasks one-hot, pictures through an encoder of their own. */
  readonly encoderOf?: EncoderOf;
  /** What combines state, goal and action; absent: the form of `goalForm`. */
  readonly core?: (sizes: GoalNetworkSizes) => NetworkCore;
}

/** What combines what the encoders give; initial values as `initDense` makes them unless it says otherwise. */
export interface NetworkCore extends GoalNetwork {
  init?(random: Random): Float32Array;
}

export interface InputNetworkSizes {
  readonly inputs: readonly InputSpec[];
  /** Numbers of an action; absent or 0 where the network does not see one. */
  readonly action?: number;
  readonly outputs: number;
}

export interface InputNetwork {
  /** The encoders' parameters, `<input>.<name>`, and then those of the form; its last weight and bias make the outputs. */
  readonly layout: Layout;
  init(random: Random): Float32Array;
  /** From the layout's tensors, what is seen of B states, and actions [B, action] to [B, outputs]. */
  apply(parameters: readonly Tensor[], seen: Seen, action?: Tensor): Tensor;
}

/** Vectors are joined to state and goal in the order of the inputs; a task is part of the goal. */
export function inputNetwork(sizes: InputNetworkSizes, settings: InputNetworkSettings): InputNetwork {
  const { inputs, action, outputs } = sizes;
  const { encoderOf = defaultEncoder } = settings;
  const encoders = inputs.map((input) => ({ input, isState: input.role === 'state', ...encoderOf(input) }));
  const width = (isState: boolean) =>
    encoders.reduce((sum, encoder) => sum + (encoder.isState === isState ? encoder.size : 0), 0);
  const { core: made = (of) => goalNetwork(of, settings) } = settings;
  const core: NetworkCore = made({ observation: width(true), goal: width(false), action, outputs });
  const withParameters = encoders.filter((encoder) => encoder.layout.size > 0);
  const ofEncoders = joinLayouts(Object.fromEntries(withParameters.map((of) => [of.input.name, of.layout])));
  return {
    layout: layout([...ofEncoders.entries, ...core.layout.entries]),
    init(random) {
      const ofCore = () => core.init?.(random) ?? initDense(core.layout, random);
      const parts = [...withParameters.map(({ init }) => init(random)), ofCore()];
      const values = new Float32Array(ofEncoders.size + core.layout.size);
      let at = 0;
      for (const part of parts) {
        values.set(part, at);
        at += part.length;
      }
      return values;
    },
    apply(parameters, seen, a) {
      let at = 0;
      const encoded = encoders.map(({ input, isState, layout: { entries }, apply }) => {
        const own = parameters.slice(at, at + entries.length);
        at += entries.length;
        return { isState, y: apply(own, seen[input.name], seen) };
      });
      const [state, goal] = [true, false].map((isState) => encoded.filter((of) => of.isState === isState));
      const joined = (parts: typeof encoded) => (parts.length === 1 ? parts[0].y : combine(...parts.map(({ y }) => y)));
      return core.apply(parameters.slice(at), joined(state), goal.length > 0 ? joined(goal) : undefined, a);
    },
  };
}
