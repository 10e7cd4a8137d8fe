// `anygoal data record`: records episodes of a scripted controller, of chance or of a run's policy into a data set.
import { UsageError } from '../../errors.js';
import { assetsFlag, useAssets } from '../assets.js';
import type { Command } from '../command.js';
import { percent, thousands } from '../format.js';
import { watchInterrupt } from '../interrupt.js';
import { wholeNumber } from '../numbers.js';
import { findRun } from '../run-path.js';
import { checkOutput, writeOutput } from '../write-output.js';

const DEFAULT_EPISODES = 100;

export const dataRecord: Command = {
  spec: {
    name: 'data record',
    summary: 'Record episodes of an environment into a data set',
    positional: { name: 'ENV', required: true, help: 'environment name or module path ("anygoal envs" lists names)' },
    flags: {
      policy: { value: 'P', help: 'scripted (default), random, or a run: its folder or the beginning of its name' },
      episodes: { value: 'N', help: `episodes (default: ${DEFAULT_EPISODES})` },
      seed: { value: 'S', help: 'seed of start states, goals and random actions (default: 0)' },
      set: { value: 'path=value', repeat: true, help: 'a setting of the environment, such as env.reward=dense' },
      out: { value: 'FILE', help: 'the file to write, such as demos.safetensors' },
      assets: assetsFlag,
      json: { help: 'print one JSON object at the end, everything else on standard error' },
      quiet: { help: 'no progress, only the result' },
    },
    examples: [
      ['arm/push --episodes 200 --out push.safetensors', 'demonstrations of the scripted controller'],
      ['point/reach --policy random --out random.safetensors', 'what chance does'],
    ],
  },
  async run(args, terminal, program) {
    const out = args.value('out');
    if (out === undefined) throw new UsageError('data record needs --out FILE, such as --out demos.safetensors.');
    const episodes = wholeNumber('--episodes', args.value('episodes') ?? String(DEFAULT_EPISODES), 1);
    const seed = wholeNumber('--seed', args.value('seed') ?? '0', 0);
    await checkOutput(out, '--out', 'demos.safetensors');
    await useAssets(args);
    const policy = args.value('policy') ?? 'scripted';
    const env = args.positional ?? '';
    const [{ loadEnv }, { resolveConfig }, { parseSetting }, { recordData }] = await Promise.all([
      import('../../envs/index.js'),
      import('../../config/merge-config.js'),
      import('../../config/settings-text.js'),
      import('../../training/index.js'),
    ]);
    const definition = await loadEnv(env);
    const config = await resolveConfig({
      layers: [{ source: 'ENV', values: { env: { name: env } } }, ...args.values('set').map(parseSetting)],
      schemas: () => ({ env: definition.options }),
    });
    const interrupt = watchInterrupt(() => terminal.note('Stopping. Ctrl-C again stops at once.'));
    try {
      const recorded = await recordData({
        env,
        envOptions: config.env.options,
        policy: policy === 'scripted' || policy === 'random' ? policy : (await findRun(policy)).run,
        episodes,
        seed,
        signal: interrupt.signal,
        onEpisode: (episode) => terminal.status(`episode ${episode + 1}/${episodes}`.slice(0, terminal.width - 1)),
      });
      terminal.status('');
      const { toStdout } = await writeOutput(out, recorded.bytes);
      const tell = toStdout ? terminal.printAside : terminal.print;
      const { successRate, transitions } = recorded;
      const success = Number.isNaN(successRate) ? '' : `, ${percent(successRate)} of them successes`;
      tell(
        `Wrote ${out} (${thousands(recorded.bytes.length)} bytes): ${thousands(recorded.episodes)} episodes of ${env}, ${thousands(transitions)} transitions${success}.`,
      );
      tell(`Next: ${program} train ${env} --data ${out}`);
      const { bytes, ...figures } = recorded;
      terminal.json({ env, policy, seed, out, bytes: bytes.length, ...figures });
      return interrupt.exitCode ?? 0;
    } finally {
      terminal.status('');
      interrupt.dispose();
    }
  },
};
