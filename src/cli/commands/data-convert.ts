// `anygoal data convert`: a data set of any format that is read, as a file of anygoal or a data set of Minari.
import { UsageError } from '../../errors.js';
import { quoted } from '../../quoted.js';
import type { Command } from '../command.js';
import { thousands } from '../format.js';
import { checkOutput } from '../write-output.js';

export const dataConvert: Command = {
  spec: {
    name: 'data convert',
    summary: 'Write a data set in another format, or with the columns of an environment',
    positional: { name: 'FILE', required: true, help: 'a file or folder that "anygoal data inspect" reads' },
    flags: {
      out: { value: 'OUT', help: 'FILE.safetensors, or a folder NAME-v0 that Minari reads' },
      env: { value: 'ENV', help: "the environment whose columns the result has (default: the data set's own)" },
      map: { value: 'C=SOURCE', repeat: true, help: 'where a column comes from, such as achieved=observation[0:2]' },
      set: { value: 'path=value', repeat: true, help: 'a setting of the environment, such as env.reward=dense' },
      json: { help: 'print one JSON object at the end, everything else on standard error' },
    },
    examples: [
      ['medium-navigate.npz --env me/maze --map achieved=observation --out maze.safetensors', 'for an environment'],
      ['demos.safetensors --out demos-v0', 'for Minari'],
    ],
  },
  async run(args, terminal, program) {
    const out = args.value('out');
    if (out === undefined) throw new UsageError('data convert needs --out, such as --out demos.safetensors.');
    const { checkFits, convertData, formatOfOutput, mapColumns, openDataSet, parseMapping } = await import(
      '../../datasets/index.js'
    );
    const format = formatOfOutput(out);
    if (format === 'anygoal') await checkOutput(out);
    const mapping = parseMapping(args.values('map'));
    const env = args.value('env');
    if (env === undefined && Object.keys(mapping).length > 0) {
      throw new UsageError('--map says where columns of an environment come from; name it with --env ENV.');
    }
    const opened = await openDataSet(args.positional ?? '');
    try {
      let data = opened;
      if (env !== undefined) {
        const { definition, options } = await environment(env, args.values('set'));
        const rules = definition.rules(options.parsed);
        if (!opened.derived && Object.keys(mapping).length === 0) checkFits(opened, rules.spec);
        else data = mapColumns(opened, rules.spec, { ...definition.dataColumns, ...mapping });
        data = { ...data, env: definition.name, options: opened.derived ? options.given : opened.options };
        rules.dispose?.();
      }
      await convertData(data, out);
      terminal.print(
        `Wrote ${out}: ${thousands(data.steps.length)} episodes, ${thousands(data.transitions)} transitions from ${opened.name} (${opened.format}).`,
      );
      if (env !== undefined && format === 'anygoal')
        terminal.print(`Next: ${program} train ${quoted(env)} --data ${quoted(out)}`);
      terminal.json({
        file: opened.name,
        out,
        format,
        env: data.env,
        episodes: data.steps.length,
        transitions: data.transitions,
      });
      return 0;
    } finally {
      await opened.close();
    }
  },
};

/** The environment with its settings, as given and complete. */
async function environment(name: string, settings: readonly string[]) {
  const [{ loadEnv, parseEnvOptions }, { resolveConfig }, { parseSetting }] = await Promise.all([
    import('../../envs/index.js'),
    import('../../config/merge-config.js'),
    import('../../config/settings-text.js'),
  ]);
  const definition = await loadEnv(name);
  const config = await resolveConfig({
    layers: [{ source: 'ENV', values: { env: { name } } }, ...settings.map(parseSetting)],
    schemas: () => ({ env: definition.options }),
  });
  const given = config.env.options;
  return { definition, options: { given, parsed: parseEnvOptions(definition, given) } };
}
