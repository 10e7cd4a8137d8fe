// How an agent's networks see: each input's encoder, in every network for itself or in one vector that all of them read.
import * as z from 'zod';
import {
  createSee,
  type Encoder,
  type EncoderOf,
  type InputSpec,
  joinLayouts,
  noiseInput,
  plain,
  type See,
  type Seen,
  shiftPictures,
  type TargetSpec,
  views,
} from '../nets/index.js';
import type { Graph, Tensor } from '../tensor/index.js';
import type { OptimizerStep, StateVector } from './agent.js';
import { chooseEncoders, type EncoderSettings, encoderConfig } from './encoder-settings.js';
import { adamStep, moments } from './update-step.js';

/** The same, of agents with several networks. */
export const sharedEncoderConfig = {
  ...encoderConfig,
  sharedEncoder: z
    .boolean()
    .default(true)
    .describe(
      'encoders that learn are one for all networks and follow the loss of the values (SAC-AE, DrQ); false: each network has its own',
    ),
};

/** Augmentation of pictures while learning, of agents that have it. */
export const pictureConfig = {
  pictureShift: z
    .number()
    .min(0)
    .max(32)
    .default(0)
    .describe(
      'largest shift of pictures while learning, in pixels, the same for all pictures of a transition (DrQ: 4 of 84 pixels); 0: none. Where a task is about where things are it harms',
    ),
};

interface Config {
  readonly encoders: EncoderSettings;
  readonly sharedEncoder: boolean;
  readonly pictureShift?: number;
  readonly learningRate: number;
  readonly learningRateDecay: number;
}

/**
 * What networks are built with. Where something is shared, `see` reads the state vector `encoder` and gives features in
 * place of the inputs that it encodes. A loss moves it by the gradient along `tensors`; losses that leave them out, the
 * actor's, take the features as they are.
 */
export interface InputEncoders {
  /** As networks take them: what is shared comes as features. */
  readonly inputs: readonly InputSpec[];
  /** Encoders that are part of each network. */
  readonly encoderOf: EncoderOf;
  readonly see: See;
  /** The same in steps of learning, with augmented pictures. */
  readonly seeToLearn?: See;
  /** The shared vector and Adam's sums; empty where nothing is shared, as all names below. */
  readonly state: Readonly<Record<string, StateVector>>;
  readonly vectors: readonly string[];
  readonly optimizerSteps: readonly OptimizerStep[];
  /** The shared vector in a program, by name. */
  tensors(g: Graph): Readonly<Record<string, Tensor>>;
}

const VECTOR = 'encoder';

/** @throws UsageError for settings that do not go with the inputs */
export function inputEncoders(
  inputs: readonly InputSpec[],
  config: Config,
  normalize: boolean | 'task',
  targets?: readonly TargetSpec[],
): InputEncoders {
  const encoderOf = chooseEncoders(inputs, config.encoders);
  const see = createSee(inputs, normalize, targets);
  const shared = new Map<string, Encoder>();
  for (const input of inputs) {
    const encoder = encoderOf(input); // for its errors too, before a network is built
    if (config.sharedEncoder && encoder.layout.size > 0) shared.set(input.name, encoder);
  }
  /** Pictures of goals go through the encoder of what the camera sees, unless they have settings of their own. */
  const borrowed = new Map<string, string>();
  for (const { name, shows } of inputs) {
    if (shows === undefined || !shared.has(shows) || Object.hasOwn(config.encoders, name)) continue;
    borrowed.set(name, shows);
    shared.delete(name);
  }
  if (shared.size === 0) {
    const seeToLearn = shifted(see, inputs, config.pictureShift);
    return { inputs, encoderOf, see, seeToLearn, state: {}, vectors: [], optimizerSteps: [], tensors: () => ({}) };
  }

  const layout = joinLayouts(Object.fromEntries([...shared].map(([name, encoder]) => [name, encoder.layout])));
  const vector = (g: Graph) => g.input(VECTOR, [layout.size]);
  function encode(g: Graph, seen: Seen): Seen {
    const parameters = views(vector(g), layout);
    const features = [...shared].flatMap(([name, encoder]) => {
      const own = parameters.splice(0, encoder.layout.entries.length);
      const users = [name, ...[...borrowed].flatMap(([goal, of]) => (of === name ? [goal] : []))];
      return users.map((user) => [user, encoder.apply(own, seen[user], seen)] as const);
    });
    return { ...seen, ...Object.fromEntries(features) };
  }
  const encoderFor = (name: string) => shared.get(borrowed.get(name) ?? name);
  return {
    inputs: inputs.map((input) => {
      const encoder = encoderFor(input.name);
      if (!encoder) return input;
      const { name, role } = input;
      return { name, role, size: encoder.size, shape: [encoder.size], dtype: 'float32', normalize: false };
    }),
    encoderOf: (input) => (encoderFor(input.name) ? plain(input) : encoderOf(input)),
    see: after(see, encode),
    seeToLearn: after(shifted(see, inputs, config.pictureShift), encode),
    state: {
      [VECTOR]: {
        size: layout.size,
        layout: layout.entries,
        init: (random) => Float32Array.from([...shared.values()].flatMap((encoder) => [...encoder.init(random)])),
      },
      ...moments(VECTOR, layout),
    },
    vectors: [VECTOR],
    optimizerSteps: [adamStep(VECTOR, config)],
    tensors: (g) => ({ [VECTOR]: vector(g) }),
  };
}

/** What is seen, and what is then made of it. */
function after(see: See, make: (g: Graph, seen: Seen) => Seen): See {
  return Object.assign((g: Graph, rows: number, goal?: string) => make(g, see(g, rows, goal)), {
    next: (g: Graph, rows: number, goal?: string) => make(g, see.next(g, rows, goal)),
    achieving: (g: Graph, rows: number, of: string, goal?: string) => make(g, see.achieving(g, rows, of, goal)),
  });
}

/**
 * Pictures of a row, now, afterwards and of the goal, are moved alike, uniformly by up to `most` pixels along each side: what
 * lies between state and goal stays.
 */
function shifted(see: See, inputs: readonly InputSpec[], most = 0): See {
  const pictures = inputs.filter(({ shape, dtype }) => dtype === 'uint8' && shape.length === 3);
  if (most === 0 || pictures.length === 0) return see;
  return after(see, (g, seen) => {
    const rows = seen[pictures[0].name].shape[0];
    // Standard normals, made uniform from -1 to 1.
    const offsets = noiseInput(g, 'shiftNoise', [rows, 2], 'row').mul(Math.SQRT1_2).erf().mul(most);
    const moved = pictures.map(({ name }) => [name, shiftPictures(seen[name], offsets)] as const);
    return { ...seen, ...Object.fromEntries(moved) };
  });
}
