// A Transformer over named inputs: each is one token or several, and so is the question what to do, whose answer makes the outputs.
import type { Random } from '../random.js';
import { concat, type Tensor } from '../tensor/index.js';
import { defaultEncoder } from './default-encoder.js';
import type { EncoderOf } from './encoder.js';
import type { InputNetwork, InputNetworkSizes } from './input-network.js';
import { joinLayouts, layout } from './layout.js';
import { initDense, mlp, mlpLayout } from './mlp.js';
import { transformer } from './transformer.js';

export interface TokenNetworkSettings {
  /** Numbers per token, a multiple of `heads`. */
  readonly width: number;
  readonly heads: number;
  readonly blocks: number;
  /** Numbers of a vector that make one token; the last of an input may have fewer. */
  readonly tokenNumbers: number;
  /** Tokens that ask, each for an equal part of the outputs, which are a multiple of them; default: 1. */
  readonly questions?: number;
  /**
   * Further outputs, behind the others, that a token of its own answers and the other answers are made with; default: 0. Both
   * then also see the inputs' vectors as they are: places of things go a long way through attention before they can be told
   * (docs/vla.md).
   */
  readonly besides?: number;
  readonly encoderOf?: EncoderOf;
}

/**
 * What an input's encoder gives is cut into pieces of `tokenNumbers`, each through a dense layer of its own to a token; tokens
 * that it gives (patches, words) share one layer. The outputs come from the last tokens (with `besides` from the inputs' vectors
 * too), which are learned and stand for no input: all at once, none sees what another answers but through the blocks.
 */
export function tokenNetwork(
  { inputs, outputs }: Omit<InputNetworkSizes, 'action'>,
  settings: TokenNetworkSettings,
): InputNetwork {
  const { width, heads, blocks, tokenNumbers, questions = 1, besides = 0, encoderOf = defaultEncoder } = settings;
  const asking = questions + (besides > 0 ? 1 : 0);
  const encoders = inputs.map((input) => ({ name: input.name, ...encoderOf(input) }));
  const withParameters = encoders.filter((encoder) => encoder.layout.size > 0);
  const pieces = encoders.map(({ size, tokens }) =>
    tokens === undefined
      ? Array.from({ length: Math.ceil(size / tokenNumbers) }, (_, i) =>
          Math.min(tokenNumbers, size - i * tokenNumbers),
        )
      : [size / tokens],
  );
  const sizes = pieces.flat();
  const count = encoders.reduce((sum, { tokens }, i) => sum + (tokens ?? pieces[i].length), 0);
  const over = transformer({ tokens: count + asking, width, heads, blocks, hidden: 4 * width });
  const ofEncoders = joinLayouts(Object.fromEntries(withParameters.map((one) => [one.name, one.layout])));
  const ofTokens = joinLayouts(Object.fromEntries(sizes.map((size, i) => [`token${i}`, mlpLayout([size, width])])));
  const question = layout([{ name: 'question', shape: [asking, width] }]);
  const behind = 4 * width;
  const plain = encoders.reduce((sum, { size, tokens }) => sum + (tokens === undefined ? size : 0), 0);
  const ofBesides = joinLayouts(
    besides > 0
      ? {
          besides: mlpLayout([width + plain, behind, besides]),
          joined: mlpLayout([width + besides + plain, behind, behind]),
        }
      : {},
  );
  const head = joinLayouts({ head: mlpLayout([besides > 0 ? behind : width, outputs / questions]) });
  const all = layout([ofEncoders, ofTokens, question, over.layout, ofBesides, head].flatMap(({ entries }) => entries));
  return {
    layout: all,
    init(random: Random) {
      const values = new Float32Array(all.size);
      let at = 0;
      const parts = [
        ...withParameters.map(({ init }) => init(random)),
        initDense(ofTokens, random),
        initDense(question, random),
        over.init(random),
        initDense(ofBesides, random),
        initDense(head, random),
      ];
      for (const part of parts) {
        values.set(part, at);
        at += part.length;
      }
      return values;
    },
    apply(parameters, seen) {
      const rest = [...parameters];
      const encoded = encoders.map(({ name, layout: { entries }, apply }) =>
        apply(rest.splice(0, entries.length), seen[name], seen),
      );
      const rows = encoded[0].shape[0];
      const tokens = encoded
        .flatMap((x, i) => {
          const { tokens } = encoders[i];
          if (tokens !== undefined) return [x.reshape([rows, tokens, pieces[i][0]])];
          return pieces[i].length > 1 ? x.split(pieces[i], 1) : [x];
        })
        .map((piece) => {
          const [weight, bias] = rest.splice(0, 2);
          return piece.dense(weight, bias).reshape([rows, -1, width]);
        });
      const [asked] = rest.splice(0, 1);
      const [weight, bias] = rest.splice(rest.length - 2, 2);
      const ofLast = rest.splice(rest.length - ofBesides.entries.length);
      const y = over.apply(rest, concat([...tokens, ask(asked, rows)], 1));
      const answers = y.slice(1, count, count + questions);
      if (besides === 0) {
        return questions === 1
          ? answers.reshape([rows, width]).dense(weight, bias)
          : answers.dense(weight, bias).reshape([rows, outputs]);
      }
      const last = y.slice(1, count + questions, count + asking).reshape([rows, width]);
      const vectors = encoded.filter((_, i) => encoders[i].tokens === undefined);
      const further = mlp(ofLast.splice(0, 4), concat([last, ...vectors], 1));
      const beside = concat([further, ...vectors], 1)
        .reshape([rows, 1, -1])
        .expand([rows, questions, besides + plain]);
      const made = mlp(ofLast, concat([answers, beside], 2).reshape([rows * questions, -1])).relu();
      return concat([made.dense(weight, bias).reshape([rows, outputs]), further], 1);
    },
  };
}

/** Learned tokens [n, d], the same in all rows: [B, n, d]. */
const ask = (asked: Tensor, rows: number): Tensor => asked.reshape([1, ...asked.shape]).expand([rows, ...asked.shape]);
