// Reaching: the main job, SAC against TD3 and DDPG, and where hindsight takes its goals from.
import { common, oneThread } from '../experiment.js';
import { chart, commands, percent, resultOf, row, table, tenth, to95Head, to95Row, whole } from '../tables.js';
import type { Topic } from '../topic.js';

const agents = ['sac', 'td3', 'ddpg'];
const strategies: readonly (readonly [strategy: string, experiment: string])[] = [
  ['future', 'arm-reach-sac'],
  ['final', 'arm-reach-sac-final'],
  ['episode', 'arm-reach-sac-episode'],
  ['none', 'arm-reach-sac-none'],
];

function startTable(): string {
  const { trials, summary } = resultOf('start');
  const rows = trials.map((t) =>
    row(
      t.seed,
      whole(t.envSteps ?? 0),
      tenth(t.seconds ?? 0),
      tenth(t.evalSeconds ?? 0),
      tenth(t.cpuSeconds ?? 0),
      percent(t.fresh?.success ?? 0),
    ),
  );
  const { envSteps, seconds, evalSeconds, cpuSeconds, freshSuccess } = summary;
  const mean = [
    whole(envSteps.mean),
    tenth(seconds.mean),
    tenth(evalSeconds.mean),
    tenth(cpuSeconds.mean),
    percent(freshSuccess.mean),
  ];
  return table(
    ['seed', 'steps', 'training, s', 'evaluation, s', 'processor time of training, s', '300 fresh goals'],
    [...rows, row('mean', ...mean)],
  );
}

function withoutHindsightTable(): string {
  const none = resultOf('arm-reach-sac-none');
  const hindsight = resultOf('start').summary.envSteps.mean;
  const points = [...new Set([Math.round(hindsight / 500) * 500, none.steps])].map((steps) => {
    const curves = none.trials.map(
      ({ curve }) => curve.find((point) => point.steps >= steps) ?? curve[curve.length - 1],
    );
    return row(
      whole(steps),
      `${tenth(steps / hindsight)} times`,
      percent(curves.reduce((sum, { success }) => sum + success, 0) / curves.length),
      curves.map(({ success }) => percent(success)).join(', '),
    );
  });
  return table(['steps without hindsight', 'of the steps with it', 'success, mean', 'per seed'], points);
}

const agentTable = (env: string) =>
  table(
    [env, ...to95Head],
    agents.map((agent) => to95Row(agent.toUpperCase(), resultOf(`${env.replace('/', '-')}-${agent}`))),
  );

export const reach: Topic = {
  page: 'results.md',
  experiments: [
    {
      ...common,
      name: 'start',
      about: 'the main job, as npm start does it: acting and learning overlap on two cores',
      env: 'arm/reach',
      agent: 'sac',
      relabel: 'future:4',
      steps: 10_000,
      evaluateEvery: 1000,
      untilSuccess: 0.95,
      settings: {},
      seeds: [0, 1, 2, 3, 4],
      alone: true,
    },
    ...agents.map((agent) => ({
      ...common,
      name: `point-reach-${agent}`,
      about: `${agent} with hindsight on point/reach`,
      env: 'point/reach',
      agent,
      relabel: 'future:4',
      steps: 4000,
      evaluateEvery: 250,
      settings: oneThread,
    })),
    ...agents.map((agent) => ({
      ...common,
      name: `arm-reach-${agent}`,
      about: `${agent} with hindsight on arm/reach`,
      env: 'arm/reach',
      agent,
      relabel: 'future:4',
      steps: 4000,
      evaluateEvery: 250,
      settings: oneThread,
    })),
    ...['final', 'episode', 'none'].map((strategy) => ({
      ...common,
      name: `arm-reach-sac-${strategy}`,
      about: strategy === 'none' ? 'sac without hindsight on arm/reach' : `sac with ${strategy} hindsight on arm/reach`,
      env: 'arm/reach',
      agent: 'sac',
      relabel: strategy === 'none' ? 'none' : `${strategy}:4`,
      steps: strategy === 'none' ? 10_000 : 4000,
      evaluateEvery: 250,
      settings: oneThread,
    })),
  ],
  sections: {
    start: startTable,
    'without-hindsight': withoutHindsightTable,
    'point-reach': () => agentTable('point/reach'),
    'arm-reach': () => agentTable('arm/reach'),
    'agents-commands': () =>
      commands([...agents.map((a) => `point-reach-${a}`), ...agents.map((a) => `arm-reach-${a}`)]),
    relabel: () =>
      table(
        ['relabelling', ...to95Head],
        strategies.map(([label, name]) => to95Row(`\`${label}\``, resultOf(name))),
      ),
    'relabel-commands': () => commands(strategies.map(([, name]) => name)),
  },
  charts: () => ({
    'point-reach-agents.svg': chart(
      'point/reach: success of agents',
      agents.map((a) => [a.toUpperCase(), `point-reach-${a}`]),
    ),
    'arm-reach-agents.svg': chart(
      'arm/reach: success of agents',
      agents.map((a) => [a.toUpperCase(), `arm-reach-${a}`]),
    ),
    'arm-reach-hindsight.svg': chart('arm/reach, SAC: success by relabelling', strategies),
  }),
};
