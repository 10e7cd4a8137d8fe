// Goals held out of training: how far a universal value function reaches, by form of its inputs; an index against a position.
import { common, type Experiment, oneThread } from '../experiment.js';
import { type HeldOutResult, heldOutMaps, meanOf, readHeldOut } from '../held-out/results.js';
import { cell, commands, percent, resultOf, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';

/** The middle quarter of the square: unseen goals with trained ones all around. */
const middle = { low: [-0.5, -0.5], high: [0.5, 0.5] };
/** The upper right quarter: unseen goals beyond the trained ones. */
const corner = { low: [0, 0] };

const forms = ['concat', 'encoders', 'bilinear', 'bvn'];
const count = 50;
const inputs = ['one-hot', 'position'];

const point = (name: string, about: string, settings: Record<string, unknown>, env = 'point/reach'): Experiment => ({
  ...common,
  name: `held-out-${name}`,
  about,
  env,
  agent: 'sac',
  relabel: 'future:4',
  steps: 10_000,
  evaluateEvery: 1000,
  settings: { ...oneThread, ...settings },
});

const formSettings = (goalForm: string) => ({ agent: { options: { goalForm, encoder: [64, 32] } } });
/** What point/reach is tuned to, for environments that have no tuned settings of their own. */
const tuned = { hidden: [64, 64], learningRate: 1e-3, discount: 0.95, tau: 0.05, initialTemperature: 0.1 };

const experiments: readonly Experiment[] = [
  ...forms.map((form) =>
    point(form, `point/reach, ${form}, 1,000 goals outside of the middle`, {
      goals: { heldOut: middle, trained: 1000 },
      ...formSettings(form),
    }),
  ),
  point('corner', 'point/reach, 1,000 goals outside of a corner', { goals: { heldOut: corner, trained: 1000 } }),
  {
    ...point(
      'waves',
      'the bilinear form with positions and goals told as waves too',
      {
        goals: {
          heldOut: { low: [...middle.low, ...Array(16).fill(null)], high: [...middle.high, ...Array(16).fill(null)] },
          trained: 1000,
        },
        agent: { options: { ...tuned, goalForm: 'bilinear', encoder: [64, 32] } },
      },
      'bench/learning/envs/point-waves.js',
    ),
    // Slow, but it learns.
    steps: 30_000,
  },
  ...inputs.map((input) => ({
    ...point(
      `${input}-${count}`,
      `${count} goals outside of the middle, told by ${input === 'position' ? 'position' : 'index'}`,
      {
        env: { options: { input, count } },
        // A one-hot input as it is: its deviation would make a 1 into a 7.
        training: { normalize: false },
        agent: { options: tuned },
      },
      'bench/learning/envs/point-goals.js',
    ),
    // An index learns each goal by itself.
    ...(input === 'one-hot' && { steps: 20_000 }),
  })),
];

const parts = ['trained', 'unseen', 'near', 'deep'] as const;
/** Seeds, and success by part. */
const cells = (result: HeldOutResult) => [
  result.trained.length,
  ...parts.map((part) => cell(meanOf(result[part]), percent)),
];

const stepsOf = (name: string) => cell(resultOf(name).summary.envSteps, whole);

const formTable = () =>
  table(
    [
      'goals held out',
      'form',
      'steps',
      'seeds',
      'trained goals',
      'others outside',
      'inside, near the edge',
      'inside, deep',
    ],
    [
      ...forms.map((form) =>
        row('middle', `\`${form}\``, stepsOf(`held-out-${form}`), ...cells(readHeldOut(`held-out-${form}`))),
      ),
      row('middle', '`bilinear`, waves', stepsOf('held-out-waves'), ...cells(readHeldOut('held-out-waves'))),
      row('corner', '`concat`', stepsOf('held-out-corner'), ...cells(readHeldOut('held-out-corner'))),
    ],
  );

const indexTable = () => {
  const [position, index] = [`held-out-position-${count}`, `held-out-one-hot-${count}`];
  return table(
    ['told by', 'steps', 'seeds', 'trained goals', 'others outside', 'inside, near the edge', 'inside, deep'],
    [
      row('position', stepsOf(position), ...cells(readHeldOut(position))),
      row("index; of others: the nearest one's", stepsOf(index), ...cells(readHeldOut(index))),
      row('index; of others: an untrained one', stepsOf(index), ...cells(readHeldOut(index, 'untrained'))),
      row('share within the tolerance of a trained goal', '', ...cells(readHeldOut(index, 'covered'))),
    ],
  );
};

export const heldOut: Topic = {
  page: 'held-out-goals.md',
  experiments,
  sections: {
    'held-out-forms': formTable,
    'held-out-index': indexTable,
    'held-out-commands': () => commands(['held-out-concat', 'held-out-corner', 'held-out-one-hot-50']),
  },
  charts: () => ({ 'held-out-goals.svg': heldOutMaps() }),
};
