// Requests for what the tasks of a run do to each other.
import { Hono } from 'hono';
import * as z from 'zod';
import type { Diagnoser } from './diagnosis.js';
import { readBody } from './request-body.js';
import type { SafeFolder } from './safe-folder.js';

const schema = z.strictObject({ run: z.string(), with: z.array(z.string()).max(50).optional() });

export interface DiagnosisApiOptions {
  readonly folder: SafeFolder;
  readonly diagnoser: Diagnoser;
}

export function diagnosisApi({ folder, diagnoser }: DiagnosisApiOptions): Hono {
  const api = new Hono();
  api.post('/', async (c) => {
    const { run, with: others = [] } = await readBody(c, schema);
    const paths: string[] = [];
    for (const name of [run, ...others]) paths.push(await folder.findRun(name));
    return c.json({ ...(await diagnoser.diagnose(paths)), run });
  });
  return api;
}
