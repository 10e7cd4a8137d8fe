// Requests for what the tasks of a run do to each other, and for whether a model of the world is worth it.
import { Hono } from 'hono';
import * as z from 'zod';
import type { Diagnoser } from './diagnosis.js';
import { readBody } from './request-body.js';
import type { SafeFolder } from './safe-folder.js';

const ofTasks = z.strictObject({ run: z.string(), with: z.array(z.string()).max(50).optional() });
const ofModel = z.strictObject({ run: z.string(), stepSeconds: z.number().min(0).max(1e6).optional() });

export interface DiagnosisApiOptions {
  readonly folder: SafeFolder;
  readonly diagnoser: Diagnoser;
}

export function diagnosisApi({ folder, diagnoser }: DiagnosisApiOptions): Hono {
  const api = new Hono();
  api.post('/', async (c) => {
    const { run, with: others = [] } = await readBody(c, ofTasks);
    const words = ['tasks', 'diagnose', await folder.findRun(run)];
    for (const name of others) words.push('--with', await folder.findRun(name));
    return c.json({ ...(await diagnoser.diagnose(words)), run });
  });
  api.post('/model', async (c) => {
    const { run, stepSeconds } = await readBody(c, ofModel);
    const words = ['model', 'diagnose', await folder.findRun(run)];
    if (stepSeconds !== undefined) words.push('--step-seconds', String(stepSeconds));
    return c.json({ ...(await diagnoser.diagnose(words)), run });
  });
  return api;
}
