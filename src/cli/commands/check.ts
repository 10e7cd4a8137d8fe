// `anygoal check`: tells whether an environment keeps the contract, and what to change where it does not.

import type { Command } from '../command.js';
import { placeFlags, usePlaces } from '../places.js';

export const check: Command = {
  spec: {
    name: 'check',
    summary: 'Check that an environment keeps the contract that training relies on',
    positional: { name: 'ENV', required: true, help: 'environment name or module path' },
    flags: {
      set: { value: 'path=value', repeat: true, help: 'a setting of the environment, such as env.reward=dense' },
      ...placeFlags,
      json: { help: 'print one JSON object at the end, everything else on standard error' },
    },
    examples: [
      ['./my-env.js', 'an environment of yours, before training on it'],
      ['arm/push --set env.reward=dense', 'with a setting'],
    ],
  },
  async run(args, terminal) {
    const name = args.positional ?? '';
    await usePlaces(args);
    const { checkDefinition, loadEnv } = await import('../../envs/index.js');
    const [{ resolveConfig }, { parseSetting }] = await Promise.all([
      import('../../config/merge-config.js'),
      import('../../config/settings-text.js'),
    ]);
    const definition = await loadEnv(name);
    const config = await resolveConfig({
      layers: [{ source: 'ENV', values: { env: { name } } }, ...args.values('set').map(parseSetting)],
      schemas: () => ({ env: definition.options }),
    });
    const report = await checkDefinition(definition, config.env.options);
    for (const { level, check, message } of report.findings) {
      terminal.print(`${terminal.tone(level, level === 'error' ? 'bad' : 'faint')}  ${check}: ${message}`);
    }
    const count = report.findings.length;
    const found = count === 1 ? '1 finding' : `${count} findings`;
    if (report.ok)
      terminal.print(
        `${terminal.tone('ok', 'good')}  ${definition.name} keeps the contract${count > 0 ? ` (${found})` : ''}.`,
      );
    else terminal.print(`${definition.name} breaks the contract: ${found}.`);
    terminal.json({ env: definition.name, ...report });
    return report.ok ? 0 : 1;
  },
};
