// Which encoder each named input has, as settings: the kinds, what they may be told, and which inputs they are for.
import * as z from 'zod';
import { nearestName, UsageError } from '../errors.js';
import {
  type ConvolutionSettings,
  defaultEncoder,
  dense,
  type EncoderOf,
  each,
  embedding,
  filmEncoder,
  fourier,
  type InputSpec,
  imageEncoder,
  keypointEncoder,
  oneHot,
  plain,
  stemOf,
  tokenEncoder,
  tokens,
} from '../nets/index.js';
import { mustBe, schemaAt, settingSchema } from '../setting-schema.js';

interface Kind {
  /** What of it can be set. */
  readonly settings: z.ZodObject;
  /** Which inputs it can encode. */
  fits(input: InputSpec): boolean;
  /** For an input that it fits, among all; settings as parsed. @throws UsageError naming what does not go with the input */
  encoder(settings: never, input: InputSpec, inputs: readonly InputSpec[]): EncoderOf;
}

const width = z.int().min(1).max(8192);
const size = (numbers: number) => width.default(numbers);
const whole = (most: number, usual: number) => z.int().min(1).max(most).default(usual);
/** Of each convolution; null: as large as usual. */
const perConvolution = z.array(z.int().min(1).max(64)).min(1).max(8).nullable().default(null);

const isTask = ({ choices }: InputSpec) => choices !== undefined;
const isPicture = ({ shape }: InputSpec) => shape.length === 3;
/** A picture, or frames of a film. */
const isSeen = ({ shape }: InputSpec) => shape.length >= 3;
/** Of frames each by itself. */
const ofEach = ({ shape }: InputSpec, encoder: EncoderOf): EncoderOf => (shape.length > 3 ? each(encoder) : encoder);
const isNumbers = (input: InputSpec) => !isTask(input);
/** As one vector or several; not the pixels of pictures. */
const isPlainNumbers = (input: InputSpec) => isNumbers(input) && !isSeen(input);

/** A kind whose encoder is made from settings of its own schema. */
const kind = <Settings extends z.ZodObject>(
  settings: Settings,
  fits: Kind['fits'],
  encoder: (settings: z.infer<Settings>, input: InputSpec, inputs: readonly InputSpec[]) => EncoderOf,
): Kind => ({ settings, fits, encoder });

const convolutionSettings = {
  channels: z.array(z.int().min(1).max(1024)).min(1).max(8).default([16, 32]),
  kernels: perConvolution,
  strides: perConvolution,
};

type Convolution = z.infer<z.ZodObject<typeof convolutionSettings>>;

const kinds: Readonly<Record<string, Kind>> = {
  plain: kind(z.strictObject({}), isNumbers, () => plain),
  dense: kind(z.strictObject({ hidden: z.array(width).max(8).default([]), size: size(64) }), isNumbers, (settings) =>
    dense([...settings.hidden, settings.size]),
  ),
  fourier: kind(
    z.strictObject({ size: size(64), scale: z.number().positive().max(100).default(1) }),
    isPlainNumbers,
    fourier,
  ),
  'one-hot': kind(z.strictObject({}), isTask, () => oneHot),
  embedding: kind(z.strictObject({ size: size(8) }), isTask, (settings) => embedding(settings.size)),
  convolution: kind(
    z.strictObject({ ...convolutionSettings, size: size(50) }),
    isSeen,
    ({ size: features, ...rest }, input) => {
      const settings = fitted(rest, input);
      return ofEach(input, ({ shape }) => imageEncoder(shape, { ...settings, features }));
    },
  ),
  keypoints: kind(
    z.strictObject({ ...convolutionSettings, by: z.string().nullable().default(null), picks: whole(256, 16) }),
    isSeen,
    ({ by: name, picks, ...rest }, input, inputs) => {
      const settings = fitted(rest, input);
      if (name === null) return ofEach(input, ({ shape }) => keypointEncoder(shape, settings));
      if (!isPicture(input))
        throw refused(input.name, `by is "${name}", but what films show is not looked for; leave it out`);
      const by = beside(name, input, inputs, 2);
      return () => keypointEncoder(input.shape, settings, { by, picks });
    },
  ),
  film: kind(
    z.strictObject({
      by: z.string().default('instruction'),
      channels: whole(1024, 32),
      blocks: z.int().min(0).max(16).default(2),
      picks: z.int().min(0).max(256).default(0),
      size: size(64),
    }),
    isPicture,
    ({ by: name, size: features, ...rest }, input, inputs) => {
      const by = beside(name, input, inputs, 1);
      if (rest.blocks === 0 && rest.picks === 0) {
        throw refused(input.name, `blocks and picks are 0, so that ${name} would change nothing; set picks to 16`);
      }
      return () => filmEncoder(input.shape, { ...rest, by, features });
    },
  ),
  transformer: kind(
    z.strictObject({ patch: whole(256, 8), size: size(64), heads: whole(64, 4), blocks: whole(16, 2) }),
    (input) => isNumbers(input) && (input.shape.length === 2 || isPicture(input)),
    ({ patch, size: numbers, heads, blocks }, { name, shape }) => {
      if (shape.length === 3 && Math.min(shape[0], shape[1]) < patch) {
        throw refused(name, `patch is ${patch}, but the picture has ${shape[0]} x ${shape[1]} pixels; make it smaller`);
      }
      if (numbers % heads !== 0) {
        throw refused(name, `size is ${numbers}; make it a multiple of the ${heads} heads`);
      }
      return tokenEncoder({ patch, width: numbers, heads, blocks });
    },
  ),
  tokens: kind(
    z.strictObject({ patch: whole(256, 8), channels: z.array(z.int().min(1).max(1024)).max(6).default([]) }),
    (input) => isNumbers(input) && input.shape.length >= 2,
    (settings, { name, shape }) => {
      if (shape.length > 2) {
        const side = Math.min(...shape.slice(-3, -1)) + 1; // after each convolution half of it, less one
        const [high, wide] = side >> settings.channels.length > 1 ? stemOf(shape.slice(-3), settings).left : [0, 0];
        if (Math.min(high, wide) < settings.patch) {
          const what = `patch is ${settings.patch}, but ${settings.channels.length} convolutions leave ${high} x ${wide} places`;
          throw refused(name, `${what}; make it smaller, or give fewer channels`);
        }
      }
      return tokens(settings);
    },
  ),
};

/** The input that a picture is seen in the light of: numbers of at most so many dimensions. */
function beside(name: string, input: InputSpec, inputs: readonly InputSpec[], dimensions: number): InputSpec {
  const others = inputs.filter((other) => other !== input && other.shape.length <= dimensions);
  const by = others.find((other) => other.name === name);
  if (by) return by;
  const list = others.map((other) => other.name).join(', ') || 'none';
  throw refused(input.name, `by is "${name}", which is no input of numbers beside it: ${list}`);
}

/**
 * Convolutions as they are set, and where they are not: kernels of 3 x 3, two pixels apart; of pictures from 64 pixels
 * on only the first is, as DrQ has it.
 */
function fitted(settings: Convolution, { name, shape: all }: InputSpec): ConvolutionSettings {
  const { channels } = settings;
  const shape = all.slice(-3);
  const isLarge = Math.min(shape[0], shape[1]) >= 64;
  const kernels = settings.kernels ?? channels.map(() => 3);
  const strides = settings.strides ?? channels.map((_, i) => (i > 0 && isLarge ? 1 : 2));
  for (const [setting, { length }] of Object.entries({ kernels, strides })) {
    if (length === channels.length) continue;
    throw refused(name, `${setting} has ${length} numbers for ${channels.length} convolutions; give one for each`);
  }
  let side = Math.min(shape[0], shape[1]);
  channels.forEach((_, i) => {
    if (side < kernels[i]) {
      const left = `${side} pixels are left for convolution ${i + 1} with a kernel of ${kernels[i]}`;
      throw refused(
        name,
        `of ${shape[0]} x ${shape[1]} pixels ${left}; use fewer channels, or smaller kernels or strides`,
      );
    }
    side = Math.floor((side - kernels[i]) / strides[i]) + 1;
  });
  return { channels, kernels, strides };
}

const refused = (input: string, reason: string) => new UsageError(`agent.encoders.${input}: ${reason}.`);

const names = Object.keys(kinds);

/** What an encoder may be told, such as `size, heads`. */
const settingsOf = (of: string) => Object.keys(kinds[of].settings.shape);

/** The settings of one input's encoder, with the kind's defaults. */
const encoderSettings = z.unknown().transform((given, context): Readonly<Record<string, unknown>> => {
  const problem = (message: string, path: readonly PropertyKey[] = []) => {
    context.addIssue({ code: 'custom', message, path: [...path] });
    return z.NEVER;
  };
  const { kind: of, ...rest } = typeof given === 'string' ? { kind: given } : ((given ?? {}) as { kind?: unknown });
  if (typeof of !== 'string' || !Object.hasOwn(kinds, of)) {
    const near = typeof of === 'string' ? nearestName(of, names) : undefined;
    const what = of === undefined ? 'kind is missing' : `kind ${JSON.stringify(of)} does not exist`;
    return problem(`${what}${near ? `; did you mean "${near}"?` : '.'} Kinds: ${names.join(', ')}`);
  }
  const parsed = kinds[of].settings.safeParse(rest);
  if (parsed.success) return { kind: of, ...parsed.data };
  const [issue] = parsed.error.issues;
  if (issue.code !== 'unrecognized_keys') {
    const value = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown>)?.[key], rest);
    const said = mustBe(schemaAt(settingSchema(kinds[of].settings), issue.path), value);
    return problem(issue.code === 'custom' ? issue.message : said, issue.path);
  }
  const known = settingsOf(of);
  const list = known.length > 0 ? `it has ${known.join(', ')}` : 'it has none';
  return problem(`kind "${of}" has no setting "${issue.keys[0]}"; ${list}`);
});

/** Hyperparameters of encoders, the same for every agent with networks. */
export const encoderConfig = {
  encoders: z
    .record(z.string(), encoderSettings)
    .prefault({})
    .describe(
      `encoder of an input by the input's name, { kind: ${names.join(' | ')}, ... } (docs/encoders.md); of others by role and shape`,
    ),
};

export type EncoderSettings = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What an input is, for errors. */
function described(input: InputSpec): string {
  if (isTask(input)) return 'the number of a task';
  if (input.shape.length > 3) return `frames [${input.shape}]`;
  return isPicture(input) ? `a picture [${input.shape}]` : `numbers [${input.shape}]`;
}

/**
 * The encoder of each input: what is set, else the default of its role and shape. `seen`: what of the inputs the network has.
 * @throws UsageError for settings of an input that there is not, or that the kind does not fit
 */
export function chooseEncoders(
  inputs: readonly InputSpec[],
  settings: EncoderSettings,
  seen: readonly InputSpec[] = inputs,
): EncoderOf {
  const known = inputs.map(({ name }) => name);
  for (const name of Object.keys(settings)) {
    if (known.includes(name)) continue;
    const near = nearestName(name, known);
    throw refused(
      name,
      `there is no such input${near ? `; did you mean "${near}"?` : '.'} Inputs: ${known.join(', ')}`,
    );
  }
  return (input) => {
    // A picture of the goal is seen as pictures of the state are, unless it is said otherwise.
    const named = [input.name, input.shows ?? ''].find((name) => Object.hasOwn(settings, name));
    const own = named === undefined ? undefined : settings[named];
    if (own === undefined) return defaultEncoder(input);
    const { kind: of, ...rest } = own;
    const chosen = kinds[of as string];
    if (!chosen.fits(input)) {
      const fitting = names.filter((name) => kinds[name].fits(input));
      throw refused(input.name, `kind "${of}" is not for ${described(input)}; use ${fitting.join(', ')}`);
    }
    const encoder = chosen.encoder(rest as never, input, inputs)(input);
    const by = inputs.find(({ name }) => name === rest.by);
    // Else a network of states would see the goal that it is compared with.
    if (by && !seen.some(({ name, size }) => name === by.name && size === by.size))
      throw refused(input.name, `by is "${by.name}", which not every network of this agent sees; leave it out`);
    return encoder;
  };
}
