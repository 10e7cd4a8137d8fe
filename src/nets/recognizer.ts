// A recogniser: what pictures of one moment show, as numbers, of things whose looks may be given.
import type { Random } from '../random.js';
import { concat, type Tensor } from '../tensor/index.js';
import type { Encoder } from './encoder.js';
import { joinLayouts, type Layout } from './layout.js';
import { initDense, mlp, mlpLayout } from './mlp.js';

export interface RecognizerSizes {
  /** An encoder for each view; they may look at the part `given` of what is seen. */
  readonly views: Readonly<Record<string, Encoder>>;
  /** How many numbers are given; 0: none. */
  readonly given: number;
  /** How many are to be recognised. */
  readonly numbers: number;
  /** Widths of the hidden layers over what the encoders give. */
  readonly hidden: readonly number[];
}

export interface Recognizer {
  readonly layout: Layout;
  init(random: Random): Float32Array;
  /** From pictures of each view [n, H, W, C], from 0 to 1, and what is given [n, given] to [n, numbers]. */
  apply(parameters: readonly Tensor[], pictures: readonly Tensor[], given?: Tensor): Tensor;
}

/** What the views' encoders give, and what is given, through layers. */
export function recognizer({ views, given, numbers, hidden }: RecognizerSizes): Recognizer {
  const encoders = Object.values(views);
  const width = encoders.reduce((sum, { size }) => sum + size, given);
  const ofViews = Object.fromEntries(Object.entries(views).map(([name, { layout }]) => [name, layout]));
  const over = mlpLayout([width, ...hidden, numbers]);
  return {
    layout: joinLayouts({ ...ofViews, over }),
    init: (random) =>
      Float32Array.from([...encoders.map(({ init }) => init(random)), initDense(over, random)].flatMap((x) => [...x])),
    apply(parameters, pictures, looks) {
      const rest = [...parameters];
      const encoded = encoders.map(({ layout, apply }, i) =>
        apply(rest.splice(0, layout.entries.length), pictures[i], looks && { given: looks }),
      );
      return mlp(rest, concat(looks ? [...encoded, looks] : encoded, 1));
    },
  };
}
