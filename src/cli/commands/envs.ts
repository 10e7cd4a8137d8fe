// `anygoal envs`: which environments there are; with a name, its spaces, its settings and those tuned for it.

import { flatValues } from '../../config/flat-values.js';
import type { Box, ColumnSpec, Discrete, EnvSpec } from '../../envs/index.js';
import { quoted } from '../../quoted.js';
import type { Tuned, TunedOver } from '../../training/index.js';
import { columns, wrapped } from '../args.js';
import type { Command } from '../command.js';
import { placeFlags, usePlaces } from '../places.js';
import { settingRows } from '../setting-rows.js';

/** What stands wherever an environment's name does, besides the names that are listed. */
const others = [
  [
    'gym:NAME',
    'any environment of Gymnasium, such as gym:Pendulum-v1, stepped in a Python that has it (--python PATH)',
  ],
  ['./PATH.js', 'an environment of your own: a module that exports it'],
];

export const envs: Command = {
  spec: {
    name: 'envs',
    summary: 'List the environments, or show the spaces and settings of one, and what is tuned for it',
    positional: { name: 'NAME', required: false, help: 'an environment, or the path of a module that exports one' },
    flags: { ...placeFlags },
    examples: [
      ['', 'what there is'],
      ['arm/reach', 'spaces, limits and settings of one'],
      ['gym:Pendulum-v1 --python ./venv/bin/python', 'the same of one of Gymnasium'],
    ],
  },
  async run(args, terminal, program) {
    await usePlaces(args);
    const { listEnvs, loadEnv, parseEnvOptions } = await import('../../envs/index.js');
    const width = terminal.lineWidth;
    const table = (rows: readonly (readonly string[])[], indent = '  ') => {
      for (const line of columns(rows, indent, width)) terminal.print(line);
    };
    if (args.positional === undefined) {
      const listed = listEnvs().map(({ name, description }) => [name, description]);
      table([...listed, ...others], '');
      return 0;
    }
    const definition = await loadEnv(args.positional);
    const rules = definition.rules(parseEnvOptions(definition, {}));
    const { spec } = rules;
    rules.dispose?.();
    for (const line of wrapped(`${definition.name}: ${definition.description}`, width)) terminal.print(line);
    terminal.print('');
    table(specRows(spec), '');
    const { listSettings, settingSchema } = await import('../../config/describe-settings.js');
    const rows = definition.options ? settingRows(listSettings(settingSchema(definition.options)), 'env') : [];
    if (rows.length > 0) terminal.print('\nSettings (--set env.NAME=VALUE):');
    table(rows);
    const own = Object.entries(definition.dataPolicies ?? {});
    if (own.length > 0) terminal.print('\nWho acts for data (data record --policy NAME):');
    table(own.map(([name, { description }]) => [name, description]));
    const { tunedFor } = await import('../../training/index.js');
    const tuned = tunedRows(tunedFor(definition.name));
    if (tuned.length > 0) terminal.print('\nTuned settings, over the general defaults (train takes them by itself):');
    table(tuned);
    terminal.print(`\nTrain: ${program} train ${quoted(args.positional)}`);
    return 0;
  },
};

/** What every agent gets, then by agent what it gets besides; then the same over that for numbers alone, and with a camera. */
function tunedRows(tuned: Tuned | undefined): string[][] {
  if (!tuned) return [];
  return [
    ...rowsOf(tuned),
    ...(tuned.numbers ? rowsOf(tuned.numbers, ' from numbers') : []),
    ...(tuned.camera ? rowsOf(tuned.camera({}), ' from pictures') : []),
  ];
}

function specRows(spec: EnvSpec): string[][] {
  return [
    ...(spec.observation.size > 0 ? [['observation', spaceText(spec.observation)]] : []),
    ...Object.entries(spec.parts ?? {}).map(([name, part]) => [`observation ${name}`, spaceText(part)]),
    ...(spec.goal.size > 0
      ? [
          ['achieved goal', spaceText(spec.achieved)],
          ['goal', spaceText(spec.goal)],
        ]
      : []),
    ...(spec.tasks ? [['tasks', spec.tasks.join(', ')]] : []),
    ...(spec.evaluationTasks ? [['evaluation', spec.evaluationTasks.join(', ')]] : []),
    ['action', spaceText(spec.action)],
    ['reward', rewardText(spec.rewardRange)],
    ['episode', `${stepsText(spec)}${spec.successEndsEpisode ? ', or until the goal is reached' : ''}`],
    ...(spec.info.length > 0 ? [['info', spec.info.join(', ')]] : []),
    ...Object.entries(spec.columns ?? {}).map(([name, column]) => [`column ${name}`, columnText(column)]),
  ];
}

/** Bounds are computed and may have sixteen digits. */
const rewardText = ([low, high]: readonly [number, number]): string => {
  if (low === -Infinity && high === Infinity) return 'any number a step';
  return `from ${sixDigits(low)} to ${sixDigits(high)} a step`;
};

const sixDigits = (value: number): number => Number(value.toPrecision(6));

const stepsText = ({ maxEpisodeSteps, taskSteps }: EnvSpec): string =>
  taskSteps ? `${taskSteps.join(', ')} steps by task` : `${maxEpisodeSteps} steps`;

const columnText = ({ shape = [1], dtype = 'float32', per }: ColumnSpec): string =>
  `${shape.join(' x ')} ${dtype} per ${per}`;

function spaceText(space: Box | Discrete): string {
  const names = space.names ? `: ${space.names.join(', ')}` : '';
  if (space.kind === 'discrete') return `one of ${space.n} choices${names}`;
  const same = (bounds: readonly number[]) => bounds.every((bound) => bound === bounds[0]);
  const alike = same(space.low) && same(space.high);
  const range = alike ? rangeText(space.low[0], space.high[0]) : '';
  const one = space.size === 1;
  const bounds = range === '' ? '' : `${one ? '' : ', each'} ${range}`;
  const numbered = space.names ?? space.low.map((_, i) => `number ${i}`);
  const named = numbered.map((name, i) => {
    const own = rangeText(space.low[i], space.high[i]);
    return own === '' ? name : `${name} (${own})`;
  });
  const shape = space.shape ? `${space.shape.join(' x ')} ` : `${space.size} `;
  const noun = `${space.dtype === 'uint8' ? 'byte' : 'number'}${one ? '' : 's'}`;
  return `${shape}${noun}${bounds}${alike ? names : `: ${named.join(', ')}`}`;
}

/** Nothing where there are no bounds. */
function rangeText(low: number, high: number): string {
  if (Number.isFinite(low) && Number.isFinite(high)) return `from ${low} to ${high}`;
  if (Number.isFinite(low)) return `at least ${low}`;
  return Number.isFinite(high) ? `at most ${high}` : '';
}

/** Rows of one layer of them; `when` stands behind who gets them. */
function rowsOf({ settings, agents, agentSettings }: TunedOver, when = ''): string[][] {
  const row = (who: string, set: Readonly<Record<string, unknown>>) => [
    `${who}${when}`,
    [...flatValues(set)].map(([path, value]) => `${path}=${JSON.stringify(value)}`).join(' '),
  ];
  const names = new Set([...Object.keys(agents), ...Object.keys(agentSettings ?? {})]);
  const rows = [...names].map((name) => row(name, { ...agentSettings?.[name], agent: agents[name] ?? {} }));
  return [row('all agents', settings), ...rows].filter(([, set]) => set !== '');
}
