// `anygoal lab`: calculators on goal-conditioned learning; with a name, one of them as tables or as JSON.
import { UsageError } from '../../errors.js';
import type { Calculator, Table } from '../../lab/index.js';
import { columns, type Flag, wrapped } from '../args.js';
import type { Command } from '../command.js';

// Written out here so that help loads no schemas; a test compares with the options of all calculators.
const OPTIONS: Readonly<Record<string, Flag>> = {
  dimensions: { value: 'D', help: 'sparse-reward, positive-ratio: dimensions of the space' },
  side: { value: 'M', help: 'sparse-reward: side of the box in metres, or a list: one for each dimension' },
  eps: { value: 'M', help: 'sparse-reward, positive-ratio, hand-calculation: distance that counts as reached' },
  position: { value: 'PLACE', help: 'sparse-reward: centre, face, edge, corner, or coordinates x,y,...' },
  trajectories: { value: 'N', help: 'sparse-reward: trajectories in a batch' },
  tasks: { value: 'K', help: 'specialists: number of tasks' },
  shared: { value: 'F', help: 'specialists: share of a task that is common to all' },
  overhead: { value: 'C', help: 'specialists: cost of the shared part in units of one specialist' },
  cost: { value: 'N', help: 'specialists: cost of one specialist' },
  measured: { value: 'LIST', help: 'specialists: measured generalists [[tasks,cost],...], to estimate f and c' },
  steps: { value: 'T', help: 'positive-ratio: steps of an episode' },
  k: { value: 'K', help: 'positive-ratio, hindsight-bias: relabelled goals per original one' },
  stride: { value: 'M', help: 'positive-ratio: length of a step along each axis' },
  solved: { value: 'P', help: 'positive-ratio: share of episodes that pass their original goal' },
  episodes: { value: 'N', help: 'positive-ratio, hindsight-bias: episodes in a simulated buffer' },
  samples: { value: 'N', help: 'positive-ratio, hindsight-bias: transitions drawn from it' },
  seed: { value: 'S', help: 'positive-ratio, hindsight-bias: seed of the simulation' },
  path: { value: 'LIST', help: 'hand-calculation: states [[x,y],...] of the episode' },
  goal: { value: 'x,y', help: 'hand-calculation: the goal that was asked for' },
  discount: { value: 'G', help: 'hand-calculation, goal-end: gamma' },
  alpha: { value: 'A', help: 'hand-calculation: step size of an update' },
  strategy: { value: 'NAME', help: 'hand-calculation: none, final, future or episode' },
  order: { value: 'ORDER', help: 'hand-calculation: backwards or forwards' },
  sweeps: { value: 'N', help: 'hand-calculation: how often the episode is replayed' },
  chance: { value: 'P', help: 'hindsight-bias: probability of heads' },
  wanted: { value: 'W', help: 'hindsight-bias: share of episodes that want heads' },
  runs: { value: 'N', help: 'hindsight-bias: independent simulated buffers' },
  distance: { value: 'N', help: 'goal-end: largest distance to the goal in steps' },
};

export const lab: Command = {
  spec: {
    name: 'lab',
    summary: 'Calculate what the theory says: sparse rewards, hindsight, specialists and generalists',
    positional: { name: 'NAME', required: false, help: 'a calculator; without it, what there is' },
    flags: { ...OPTIONS, json: { help: 'print the data as one JSON object' } },
    examples: [
      ['', 'what there is'],
      ['sparse-reward --position corner', 'a goal in the corner of a cube'],
      ['hand-calculation --order forwards --sweeps 3', 'update by update'],
    ],
  },
  async run(args, terminal, program) {
    const { calculate, findCalculator, listCalculators } = await import('../../lab/index.js');
    if (args.positional === undefined) {
      const given = Object.keys(OPTIONS).find(args.has);
      if (given !== undefined) {
        throw new UsageError(`--${given} belongs to a calculator: name it first, as in ${program} lab sparse-reward.`);
      }
      const all = listCalculators().map(({ name, description }) => ({ name, description }));
      if (args.has('json')) terminal.json(all);
      else
        for (const line of columns(
          all.map((one) => [one.name, one.description]),
          '',
          terminal.lineWidth,
        ))
          terminal.print(line);
      return 0;
    }
    const calculator = findCalculator(args.positional);
    const { parseValue } = await import('../../config/settings-text.js');
    const given = Object.keys(OPTIONS)
      .filter(args.has)
      .map((option) => [option, readValue(args.value(option) ?? '', parseValue)]);
    const { options, data } = calculate(calculator, Object.fromEntries(given));
    if (args.has('json')) {
      terminal.json({ calculator: calculator.name, options, data });
      return 0;
    }
    for (const line of report(calculator, data, terminal.width)) terminal.print(line);
    for (const line of await optionLines(calculator, options, program)) terminal.print(line);
    return 0;
  },
};

/** `0.5,0.2` is a list, as it is for goals elsewhere. */
function readValue(text: string, parse: (text: string) => unknown): unknown {
  const list = /^[^[\]]+,[^[\]]+$/.test(text);
  return parse(list ? `[${text}]` : text);
}

/** The tables of a calculator as lines of text. */
export function report(calculator: Calculator, data: unknown, width: number): string[] {
  return [
    `${calculator.name}: ${calculator.description}`,
    '',
    ...calculator.table(data).flatMap((t) => lines(t, width)),
  ];
}

function lines({ title, columns: head, rows, note }: Table, width: number): string[] {
  return [...wrapped(title, width), ...columns([head, ...rows], '  '), ...(note ? wrapped(note, width) : []), ''];
}

async function optionLines(calculator: Calculator, options: Record<string, unknown>, program: string) {
  const { listSettings, settingSchema } = await import('../../config/describe-settings.js');
  const rows = listSettings(settingSchema(calculator.options)).map(({ path, allowed, meaning }) => [
    `--${path}`,
    JSON.stringify(options[path]),
    `${meaning}; ${allowed}`,
  ]);
  return [`Computed with (${program} lab ${calculator.name} --OPTION VALUE):`, ...columns(rows, '  ')];
}
