// Strings of 5 to 40 bits with hindsight and without, and where hindsight takes its goals from.
import { readFileSync } from 'node:fs';
import { common, type Experiment, oneThread } from '../experiment.js';
import { cell, chart, commands, percent, resultOf, row, settingChart, table, tenth, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const lengths = {
  future: [5, 8, 10, 13, 16, 20, 25, 30, 35, 40],
  none: [5, 8, 10, 12, 13, 16, 20, 30, 40],
};
type Relabelling = keyof typeof lengths;

/** The same for all of them; those that succeed stop earlier. */
const BUDGET = 300_000;

const base = { ...common, env: 'bit-flip', agent: 'dqn' };
/** Copies of the replay are not needed: these runs are short. */
const settings = (bits: number) => ({ ...oneThread, env: { options: { bits } }, checkpoint: { every: 0 } });

const nameOf = (relabelling: Relabelling, bits: number) => `bit-flip-${relabelling}-${bits}-bits`;

const byLength = (relabelling: Relabelling): Experiment[] =>
  lengths[relabelling].map((bits) => ({
    ...base,
    name: nameOf(relabelling, bits),
    about: `dqn ${relabelling === 'none' ? 'without' : 'with'} hindsight on ${bits} bits`,
    relabel: relabelling === 'none' ? 'none' : `${relabelling}:4`,
    steps: BUDGET,
    evaluateEvery: relabelling === 'none' ? 20_000 : 2000,
    untilSuccess: 1,
    settings: settings(bits),
  }));

/** Probability that an episode of n random flips meets its goal, by the Markov chain of the number of wrong bits. */
export function chanceOfRandom(bits: number): number {
  // Start and goal are uniform among the pairs that differ.
  let wrong = Float64Array.from({ length: bits + 1 }, (_, d) => (d === 0 ? 0 : choose(bits, d) / (2 ** bits - 1)));
  let met = 0;
  for (let step = 0; step < bits; step++) {
    const next = new Float64Array(bits + 1);
    for (let d = 1; d <= bits; d++) {
      next[d - 1] += (wrong[d] * d) / bits;
      if (d < bits) next[d + 1] += (wrong[d] * (bits - d)) / bits;
    }
    met += next[0];
    next[0] = 0;
    wrong = next;
  }
  return met;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways *= (n - k + i) / i;
  return ways;
}

function lengthTable(relabelling: Relabelling): string {
  return table(
    [
      'bits',
      'states',
      'goals met by chance',
      'steps',
      'updates',
      'processor seconds',
      'success at the end',
      '300 fresh goals',
    ],
    lengths[relabelling].map((bits) => {
      const { summary, trials } = resultOf(nameOf(relabelling, bits));
      const updates = trials.reduce((sum, trial) => sum + (trial.updates ?? 0), 0) / trials.length;
      const short = trials.length < common.seeds.length ? ` (seeds: ${trials.length})` : '';
      return row(
        `${bits}${short}`,
        whole(2 ** bits),
        Number(((BUDGET / bits) * chanceOfRandom(bits)).toPrecision(2)).toLocaleString('en', {
          maximumSignificantDigits: 2,
        }),
        cell(summary.envSteps, whole),
        whole(updates),
        cell(summary.cpuSeconds, tenth),
        cell(summary.success, percent),
        cell(summary.freshSuccess, percent),
      );
    }),
  );
}

const byBits = (relabelling: Relabelling) =>
  lengths[relabelling].map((bits) => [bits, nameOf(relabelling, bits)] as const);

export const bitFlip: Topic = {
  page: 'environments/bit-flip.md',
  experiments: [...byLength('future'), ...byLength('none')],
  sections: {
    hindsight: () => lengthTable('future'),
    'without-hindsight': () => lengthTable('none'),
    commands: () => commands([nameOf('future', 30), nameOf('none', 13)]),
  },
  charts: () => ({
    'bit-flip-hindsight.svg': settingChart('bit-flip, DQN: success on 300 fresh goals', 'bits', [
      ['future:4', byBits('future')],
      ['none', byBits('none')],
    ]),
  }),
};

const STRATEGY_BITS = 20;
const strategies = [
  'future:1',
  'future:2',
  'future:4',
  'future:8',
  'future:16',
  'final:4',
  'episode:4',
  'random:4',
  'none',
];
const strategyName = (relabel: string) => `bit-flip-relabel-${relabel.replace(':', '-')}`;

interface Shares {
  readonly steps: number;
  readonly measured: number;
  readonly formula: number;
}

/** Of bench/best-reward-share.ts. */
function shareTable(): string {
  const file = new URL('../../results/best-reward-share.json', import.meta.url);
  const results: { env: string; agent: string; strategy: string; k: number; first: Shares; last: Shares }[] =
    JSON.parse(readFileSync(file, 'utf8')).results;
  const cells = ({ steps, measured, formula }: Shares) => [whole(steps), percent(formula), percent(measured)];
  return table(
    ['environment', 'relabelling', 'steps', 'formula', 'measured', 'steps', 'formula', 'measured'],
    results.map(({ env, agent, strategy, k, first, last }) =>
      row(`\`${env}\`, ${agent}`, `\`${strategy}:${k}\``, ...cells(first), ...cells(last)),
    ),
  );
}

export const relabelStrategies: Topic = {
  page: 'replay.md',
  experiments: strategies.map((relabel) => ({
    ...base,
    name: strategyName(relabel),
    about: `dqn with ${relabel} on ${STRATEGY_BITS} bits`,
    relabel,
    steps: 20_000,
    evaluateEvery: 1000,
    settings: settings(STRATEGY_BITS),
  })),
  sections: {
    strategies: () =>
      table(
        [
          'relabelling',
          'relabelled',
          'steps to 95%',
          'processor seconds to 95%',
          'success at the end',
          '300 fresh goals',
        ],
        strategies.map((relabel) => {
          const { summary, seeds } = resultOf(strategyName(relabel));
          const k = Number(relabel.split(':')[1] ?? 0);
          return row(
            `\`${relabel}\``,
            percent(k / (1 + k)),
            cell(summary.stepsTo95, whole, seeds.length),
            cell(summary.cpuSecondsTo95, tenth),
            cell(summary.success, percent),
            cell(summary.freshSuccess, percent),
          );
        }),
      ),
    'best-reward-share': shareTable,
    'strategies-commands': () => commands([strategyName('future:4')]),
  },
  charts: () => ({
    'bit-flip-k.svg': chart(
      `bit-flip, ${STRATEGY_BITS} bits: success by goals per transition`,
      strategies.filter((s) => s.startsWith('future')).map((s) => [s, strategyName(s)]),
    ),
    'bit-flip-strategies.svg': chart(
      `bit-flip, ${STRATEGY_BITS} bits: success by strategy`,
      strategies.filter((s) => !s.startsWith('future') || s === 'future:4').map((s) => [s, strategyName(s)]),
    ),
  }),
};

/** DQN's page shows what it was checked against. */
export const dqnOnBitFlip: Topic = {
  page: 'agents/dqn.md',
  experiments: [],
  sections: { 'bit-flip': () => lengthTable('future') },
  charts: () => ({}),
};
