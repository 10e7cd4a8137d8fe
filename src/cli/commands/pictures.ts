// `anygoal pictures`: an episode of one of Gymnasium's environments as pictures.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import type { Command } from '../command.js';
import { wholeNumber } from '../numbers.js';
import { placeFlags, usePlaces } from '../places.js';
import { findRun, parseCheckpoint } from '../run-path.js';

export const pictures: Command = {
  spec: {
    name: 'pictures',
    summary: "Play an episode of one of Gymnasium's environments and keep what it draws",
    positional: { name: 'RUN', required: true, help: "a run's folder, or the beginning of its name" },
    flags: {
      out: { value: 'DIR', help: 'folder for the pictures: 0000.png, 0001.png, ...' },
      seed: { value: 'S', help: 'seed of the start (default: 0)' },
      steps: { value: 'N', help: 'steps at most (default: until the episode ends)' },
      width: { value: 'N', help: 'pixels that pictures are wide at most (default: 320)' },
      checkpoint: { value: 'C', help: 'best (default), last, or the steps of one' },
      ...placeFlags,
      json: { help: 'print one JSON object with the pictures in base64' },
    },
    examples: [['gym-Pendulum --out pictures', 'the only run that begins so']],
  },
  async run(args, terminal) {
    const number = (name: string, least: number) => {
      const text = args.value(name);
      return text === undefined ? undefined : wholeNumber(`--${name}`, text, least);
    };
    const out = args.value('out');
    if (out === undefined && !args.has('json')) throw new UsageError('pictures needs --out DIR, or --json.');
    const options = { seed: number('seed', 0), steps: number('steps', 1), width: number('width', 1) };
    const wanted = args.value('checkpoint');
    await usePlaces(args);
    const found = await findRun(args.positional ?? '');
    const { pictureEpisode } = await import('../../training/index.js');
    const checkpoint = wanted === undefined ? found.checkpoint : parseCheckpoint(wanted);
    const { pictures: files, ...told } = await pictureEpisode({ run: found.run, checkpoint, ...options });
    for (const warning of told.warnings) terminal.note(`Warning: ${warning}`);
    if (out !== undefined) {
      await mkdir(out, { recursive: true });
      for (const [i, png] of files.entries()) await writeFile(join(out, `${String(i).padStart(4, '0')}.png`), png);
    }
    const sum = told.rewards.reduce((total, reward) => total + reward, 0);
    terminal.print(
      `${files.length} pictures of ${told.width} x ${told.height}${out === undefined ? '' : ` in ${out}`}; ${told.rewards.length} steps, return ${sum.toFixed(2)}.`,
    );
    terminal.json({ ...told, pictures: files.map((png) => Buffer.from(png).toString('base64')) });
    return 0;
  },
};
