// Requests for pictures of policies in environments that only Python can draw.
import { Hono } from 'hono';
import * as z from 'zod';
import type { Diagnoser } from './diagnosis.js';
import { readBody } from './request-body.js';
import type { SafeFolder } from './safe-folder.js';

const wanted = z.strictObject({
  run: z.string(),
  checkpoint: z.union([z.literal('best'), z.literal('last'), z.int().min(0)]).optional(),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32)
    .optional(),
});

/** Longer episodes are shown up to here. */
const MOST_STEPS = 300;

export interface PicturesApiOptions {
  readonly folder: SafeFolder;
  /** Plays one episode at a time, in a process of its own. */
  readonly player: Diagnoser;
}

export function picturesApi({ folder, player }: PicturesApiOptions): Hono {
  const api = new Hono();
  api.post('/', async (c) => {
    const { run, checkpoint = 'best', seed = 0 } = await readBody(c, wanted);
    const words = ['pictures', await folder.findRun(run), '--seed', String(seed), '--steps', String(MOST_STEPS)];
    return c.json(await player.diagnose([...words, '--checkpoint', String(checkpoint)]));
  });
  return api;
}
