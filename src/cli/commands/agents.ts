// `anygoal agents`: which learning algorithms there are; with a name, its hyperparameters.
import type { AgentDefinition } from '../../agents/agent.js';
import { flatValues } from '../../config/flat-values.js';
import { columns, wrapped } from '../args.js';
import type { Command } from '../command.js';
import { settingRows } from '../setting-rows.js';

export const agents: Command = {
  spec: {
    name: 'agents',
    summary: 'List the learning algorithms, or show the hyperparameters of one',
    positional: { name: 'NAME', required: false, help: 'an agent' },
    flags: {},
    examples: [
      ['', 'what there is'],
      ['sac', 'hyperparameters of one, with meaning, range and default'],
    ],
  },
  async run(args, terminal, program) {
    const { findAgent, listAgents } = await import('../../agents/index.js');
    const width = terminal.lineWidth;
    const print = (lines: readonly string[]) => lines.forEach(terminal.print);
    if (args.positional === undefined) {
      print(
        columns(
          listAgents().map(({ name, description }) => [name, description]),
          '',
          width,
        ),
      );
      return 0;
    }
    const { listSettings, settingSchema } = await import('../../config/describe-settings.js');
    const agent = findAgent(args.positional);
    const actions = agent.actions.map((kind) => (kind === 'box' ? 'continuous' : 'discrete')).join(' or ');
    print([
      ...wrapped(`${agent.name}: ${agent.description}`, width),
      ...wrapped(`${agent.paper}; ${agent.learning}, ${actions} actions`, width),
      '',
      ...wrapped('Hyperparameters (--set agent.NAME=VALUE); an environment may come with defaults of its own:', width),
      ...columns(settingRows(listSettings(settingSchema(agent.config)), 'agent'), '  ', width),
    ]);
    if (agent.settings) {
      terminal.print('\nSettings of its runs, unless others are given:');
      for (const [name, value] of flatValues(agent.settings)) terminal.print(`  ${name}=${JSON.stringify(value)}`);
    }
    terminal.print(`\nTrain: ${program} train ${exampleOf(agent)} --agent ${agent.name}`);
    return 0;
  },
};

/** What the agent can be tried on with nothing else said; who imitates, or is offline, needs a data set. */
function exampleOf({ name, actions, imitates, offline }: AgentDefinition): string {
  if (imitates || offline) return 'demos.safetensors';
  if (name === 'planner') return 'pendulum'; // dense rewards: what is planned for must be within its horizon
  return actions.includes('box') ? 'arm/reach' : 'grid';
}
