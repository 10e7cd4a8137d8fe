// Pictures as places: where the channels of convolutions respond, and where what another input asks for is.
import { concat, type Tensor } from '../tensor/index.js';
import { type ConvolutionSettings, convolutions } from './convolutions.js';
import { type Encoder, oneHot, plain } from './encoder.js';
import type { InputSpec, Seen } from './input.js';
import { layout } from './layout.js';
import { initDense, mlp, mlpLayout } from './mlp.js';

/** What is looked for in a picture: `picks` mixtures of its channels, which another input weighs. */
export interface LookedFor {
  /** Numbers, such as the vectors of a sentence's words, or a task. */
  readonly by: InputSpec;
  readonly picks: number;
}

/** Of the layer between what asks and the weights of channels: few sentences are that many different questions. */
const asking = 32;

/**
 * Where each channel of the last convolution responds, its mean place (x to the right, y down, from -1 to 1) under a
 * softmax over places: "keypoints", the spatial softmax of Levine et al. 2015 (arXiv 1504.00702) and Finn et al. 2015
 * (arXiv 1509.06113). What is where comes out to a fraction of a pixel even before anything is learned; what is not a
 * place is not told. Responses are normalised over places first, so that the softmax is neither flat nor a maximum at
 * the start, and have a learned scale per channel.
 *
 * With `lookedFor`, `picks` further keypoints: their responses are sums of the channels' (after ReLU) with weights that
 * another input decides, place by place the same. "The red cube" is then one place, where keypoints alone give those of
 * all things, and which of them is meant is left to what comes after.
 */
export function keypointEncoder(
  shape: readonly number[],
  settings: ConvolutionSettings,
  lookedFor?: LookedFor,
): Encoder {
  const { tensors, out, apply } = convolutions(shape, settings);
  const [channels, high, wide] = out;
  const picks = lookedFor?.picks ?? 0;
  const asked = lookedFor && (lookedFor.by.choices === undefined ? plain(lookedFor.by) : oneHot(lookedFor.by));
  const question = asked ? mlpLayout([asked.size, asking, channels * picks]).entries : [];
  const all = layout([
    ...tensors,
    ...question.map(({ name, shape }) => ({ name: `asked.${name}`, shape })),
    { name: 'scale', shape: [channels + picks] },
  ]);
  const along = (n: number, i: number) => (n > 1 ? (2 * i) / (n - 1) - 1 : 0);
  const places = Array.from({ length: high * wide }, (_, i) => [
    along(wide, i % wide),
    along(high, Math.floor(i / wide)),
  ]);
  /** Responses [B, n, places] to [B, 2 n]. */
  const placesOf = (responses: Tensor, scale: Tensor): Tensor => {
    const [rows, n] = responses.shape;
    const weights = responses
      .layerNorm()
      .mul(scale.reshape([1, n, 1]))
      .softmax(2)
      .reshape([rows * n, places.length]);
    return weights.matmul(scale.graph.constant(places.flat(), [places.length, 2])).reshape([rows, 2 * n]);
  };
  return {
    layout: all,
    size: 2 * (channels + picks),
    init(random) {
      const values = initDense(all, random);
      return values.fill(1, values.length - channels - picks);
    },
    apply(parameters, input, seen) {
      const rows = input.shape[0];
      let responses = apply(parameters, input).reshape([rows, channels, places.length]);
      if (lookedFor && asked) {
        const given = asked.apply([], (seen as Seen)[lookedFor.by.name]);
        const weights = mlp(parameters.slice(tensors.length, -1), given).reshape([rows, picks, channels]);
        responses = concat([responses, weights.matmul(responses.relu())], 1);
      }
      return placesOf(responses, parameters[parameters.length - 1]);
    },
  };
}
