// `anygoal export`: writes a run's policy as one ONNX file that other programs run.
import { UsageError } from '../../errors.js';
import type { Arguments } from '../args.js';
import type { Command } from '../command.js';
import { thousands } from '../format.js';
import { findRun, parseCheckpoint } from '../run-path.js';
import type { Terminal } from '../terminal.js';
import { checkOutput, writeOutput } from '../write-output.js';

/** `input a`, `inputs a and b`, `inputs a, b and c`. */
const andList = (names: readonly string[]): string =>
  names.length === 1 ? `input ${names[0]}` : `inputs ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

export const exportCommand: Command = {
  spec: {
    name: 'export',
    summary: 'Write the policy of a run, or its model of the world, as an ONNX file',
    positional: { name: 'RUN', required: true, help: "a run's folder, or the beginning of its name" },
    flags: {
      out: { value: 'FILE', help: 'the file to write, such as policy.onnx' },
      model: { help: "the run's model of the world instead, of its last checkpoint" },
      checkpoint: { value: 'C', help: 'best (default), last, or the steps of one' },
    },
    examples: [
      ['runs/arm-reach__sac__0__20261121-134501 --out policy.onnx', 'inputs observation and goal, output action'],
      ['runs/pendulum__sac__0__20261129-112712 --model --out model.onnx', 'what its model of the world predicts'],
    ],
  },
  async run(args, terminal) {
    const out = args.value('out');
    if (out === undefined) throw new UsageError('export needs --out FILE, such as --out policy.onnx.');
    await checkOutput(out);
    if (args.has('model')) return writeModel(args, terminal, out);
    const checkpoint = args.value('checkpoint');
    const wanted = checkpoint === undefined ? undefined : parseCheckpoint(checkpoint);
    const found = await findRun(args.positional ?? '');
    const { exportPolicy, policyInputs } = await import('../../training/policy.js');
    const source = { run: found.run, checkpoint: wanted ?? found.checkpoint ?? 'best' };
    const bytes = await exportPolicy(source);
    const inputs = andList(await policyInputs(source));
    const { toStdout } = await writeOutput(out, bytes);
    // Behind the file's bytes words would damage it.
    const tell = toStdout ? terminal.printAside : terminal.print;
    tell(`Wrote ${out} (${thousands(bytes.length)} bytes): ${inputs}, output action.`);
    return 0;
  },
};

async function writeModel(args: Arguments, terminal: Terminal, out: string): Promise<number> {
  const checkpoint = args.value('checkpoint');
  const found = await findRun(args.positional ?? '');
  const { exportModel } = await import('../../training/export-model.js');
  const wanted = checkpoint === undefined ? (found.checkpoint ?? 'last') : parseCheckpoint(checkpoint);
  const bytes = await exportModel({ run: found.run, checkpoint: wanted });
  const { toStdout } = await writeOutput(out, bytes);
  const tell = toStdout ? terminal.printAside : terminal.print;
  tell(`Wrote ${out} (${thousands(bytes.length)} bytes): the run's model of the world, what each elite says.`);
  return 0;
}
