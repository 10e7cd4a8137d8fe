// `anygoal tasks`: the tasks of an environment, what they share and differ in, and which identifiers and methods that allows.
import type { TaskReport } from '../../conditioning/index.js';
import { quoted } from '../../quoted.js';
import { columns } from '../args.js';
import type { Command } from '../command.js';

/** Instructions of a task that are shown. */
const SENTENCES = 1;

export const tasks: Command = {
  spec: {
    name: 'tasks',
    summary: 'Show the tasks of an environment, what they share, and what that allows',
    positional: { name: 'NAME', required: true, help: 'an environment, or the path of a module that exports one' },
    flags: {
      set: { value: 'path=value', repeat: true, help: 'a setting of the environment, such as env.places=16' },
      json: { help: 'print one JSON object, with all instructions' },
    },
    examples: [
      ['tabletop/mt10', 'ten tasks of one scene'],
      ['point/navigate --set env.demonstration=8 --json', 'the same as data, with other settings'],
    ],
  },
  async run(args, terminal, program) {
    const name = args.positional ?? '';
    const [{ loadEnv }, { resolveConfig }, { parseSetting }, { describeTasks }] = await Promise.all([
      import('../../envs/index.js'),
      import('../../config/merge-config.js'),
      import('../../config/settings-text.js'),
      import('../../conditioning/index.js'),
    ]);
    const definition = await loadEnv(name);
    const config = await resolveConfig({
      layers: [{ source: 'NAME', values: { env: { name } } }, ...args.values('set').map(parseSetting)],
      schemas: () => ({ env: definition.options }),
    });
    const report = describeTasks(definition, config.env.options);
    for (const line of reportLines(report)) terminal.print(line);
    terminal.print(`\nTrain: ${program} train ${quoted(name)}`);
    terminal.json(report);
    return 0;
  },
};

export function reportLines(report: TaskReport): string[] {
  const { env, description, declared, shared, goals, identifiers, methods } = report;
  const several = report.tasks.length > 1;
  return [
    `${env}: ${description}`,
    '',
    ...taskRows(report),
    '',
    ...(declared
      ? columns([
          ['shared', '', 'by', ''],
          ...shared.map(({ part, what, checked, tasks }) => [
            part,
            what,
            sharers(tasks, report.tasks.length),
            tasks.length < 2 ? '' : checked ? 'checked to be equal' : 'declared',
          ]),
        ])
      : [several ? 'What the tasks share is not declared: that is for families.' : 'A single task.']),
    '',
    goals
      ? `Goals: ${goals.name}, ${goals.expresses}; ${goals.size} numbers${goals.names ? `: ${goals.names.join(', ')}` : ''}`
      : 'Goals: none',
    '',
    ...columns([
      ['identifier', 'carries over', 'a new task', 'hindsight', 'here'],
      ...identifiers.map(({ name, generalises, newTask, relabels, available, note }) => [
        name,
        generalises === 'none' ? 'no' : generalises,
        newTask,
        relabels ? 'yes' : 'no',
        `${available ? 'yes' : 'no'}: ${note}`,
      ]),
    ]),
    ...identifiers
      .filter(({ available, input }) => available && input !== 'goal')
      .map(({ name, because, hindsight }) => `  ${name}: ${because}; hindsight: ${hindsight}`),
    '',
    ...columns([
      ['method', '', ''],
      ...methods.map(({ name, allowed, note, tasks }) => [
        name,
        allowed ? 'yes' : 'refused',
        tasks ? `${tasks.join(', ')}: ${note}` : note,
      ]),
    ]),
  ];
}

function taskRows({ tasks }: TaskReport): string[] {
  return columns([
    ['task', 'observation', 'goal', 'action', 'steps', 'controller', 'instructions'],
    ...tasks.map((task) => [
      task.task,
      String(task.observation),
      String(task.goal),
      task.choices === undefined ? String(task.action) : `1 of ${task.choices}`,
      String(task.maxEpisodeSteps),
      task.controller ? 'yes' : task.recorded ? 'recorded' : 'no',
      task.asks && task.instructions.length === 0 ? 'one for each episode' : sentences(task.instructions),
    ]),
  ]);
}

function sentences(instructions: readonly string[]): string {
  const more = instructions.length - SENTENCES;
  const shown = instructions.slice(0, SENTENCES).map((template) => `"${template}"`);
  return shown.length === 0 ? 'none' : [...shown, ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
}

const sharers = (tasks: readonly string[], all: number): string =>
  tasks.length < 2 ? 'none' : tasks.length === all ? `all ${all}` : tasks.join(', ');
