// `anygoal export`: writes a run's policy as one ONNX file that other programs run.
import { basename, dirname } from 'node:path';
import { UsageError } from '../../errors.js';
import type { Command } from '../command.js';
import { thousands } from '../format.js';
import { findRun, parseCheckpoint } from '../run-path.js';

export const exportCommand: Command = {
  spec: {
    name: 'export',
    summary: 'Write the policy of a run as an ONNX file, normalisation inside',
    positional: { name: 'RUN', required: true, help: "a run's folder, or the beginning of its name" },
    flags: {
      out: { value: 'FILE', help: 'the file to write, such as policy.onnx' },
      checkpoint: { value: 'C', help: 'best (default), last, or the steps of one' },
    },
    examples: [
      ['runs/arm-reach__sac__0__20261121-134501 --out policy.onnx', 'inputs observation and goal, output action'],
    ],
  },
  async run(args, terminal) {
    const out = args.value('out');
    if (out === undefined) throw new UsageError('export needs --out FILE, such as --out policy.onnx.');
    if (/[/\\]$/.test(out)) throw new UsageError(`--out ${out} is a folder; name a file, such as ${out}policy.onnx.`);
    const checkpoint = args.value('checkpoint');
    const wanted = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
    const found = await findRun(args.positional ?? '');
    const [{ exportPolicy }, { createDiskStore }] = await Promise.all([
      import('../../training/index.js'),
      import('../../runs/disk-store.js'),
    ]);
    const bytes = await exportPolicy({ run: found.run, checkpoint: wanted ?? found.checkpoint ?? 'best' });
    await createDiskStore(dirname(out)).write(basename(out), bytes);
    terminal.print(`Wrote ${out} (${thousands(bytes.length)} bytes): inputs observation and goal, output action.`);
    return 0;
  },
};
