// Requests about runs: the list, curves, settings, files; start, stop, go on.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Hono } from 'hono';
import * as z from 'zod';
import { METRICS } from '../runs/run-layout.js';
import { type CheckpointName, findCheckpoint, listCheckpoints, readConfig } from '../runs/run-reader.js';
import type { Difference, MetricsAnswer, RunDetails, RunSummary, StartAnswer } from './api-types.js';
import type { ChildRuns } from './child-runs.js';
import { refuseOutside } from './data-api.js';
import { differences } from './differences.js';
import { createMetricsCache, readCurves } from './metrics-table.js';
import { readBody, readQuery } from './request-body.js';
import { RequestError } from './request-error.js';
import type { RunIndex } from './run-index.js';
import type { SafeFolder } from './safe-folder.js';

export interface RunsApiOptions {
  readonly folder: SafeFolder;
  readonly index: RunIndex;
  readonly children: ChildRuns;
}

/** Files of a run that pages may read. */
const FILES =
  /^(config\.json|metrics\.jsonl|monitor\.csv|checkpoints\/(best|last|\d+)\/(checkpoint\.json|policy\.safetensors))$/;
/** Of the training state only what values are computed from, to draw them: the agent says what that is. */
const STATE = /^checkpoints\/(best|last|\d+)\/state\/([\w.]+)\.bin$/;

const whole = (least: number, most = Number.MAX_SAFE_INTEGER) => z.int().min(least).max(most);

const startSchema = z.strictObject({
  env: z.string().max(200),
  agent: z.string().max(200).optional(),
  relabel: z.string().max(200).optional(),
  steps: whole(1).optional(),
  seeds: z.array(whole(0)).min(1).max(100).optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
});

const resumeSchema = z.strictObject({ steps: whole(1).optional(), untilSuccess: z.number().min(0).max(1).optional() });
const emptySchema = z.strictObject({});

const metricsSchema = z.strictObject({
  names: z.string().optional(),
  after: z
    .string()
    .regex(/^\d+\.\d+$/)
    .optional(),
  points: z.coerce.number().int().min(10).max(100_000).default(2000),
});

export function runsApi({ folder, index, children }: RunsApiOptions): Hono {
  const api = new Hono();
  const metrics = createMetricsCache();

  const summaryOf = async (name: string): Promise<RunSummary> => {
    const summary = await index.get(name);
    if (summary === undefined) throw new RequestError(404, `${name} is not a run: it has no config.json.`);
    return summary;
  };

  api.get('/', async (c) => c.json({ runs: await index.list() }));

  api.post('/', async (c) => {
    const { requestedConfigs } = await import('./catalog.js'); // agents and environments: not for the list of runs
    const notes = new Set<string>();
    const configs = await requestedConfigs(await readBody(c, startSchema), {
      mayOpen: (files) => refuseOutside(folder, files),
      onNote: (note) => notes.add(note),
    });
    if (children.running + configs.length > children.most) {
      throw new RequestError(
        409,
        `${configs.length} more would be too many: ${children.running} of at most ${children.most} runs are going. Stop one, or start fewer.`,
      );
    }
    const runs: string[] = [];
    // One after another: two that start in the same second must not race for a name.
    for (const config of configs) runs.push(await children.start(config, folder.root, [...notes]));
    return c.json({ runs } satisfies StartAnswer, 201);
  });

  api.get('/:name', async (c) => {
    const name = c.req.param('name');
    const summary = await summaryOf(name);
    const { config, facts } = await readConfig(folder.store, name);
    const checkpoints = await listCheckpoints(folder.store, name);
    const best = checkpoints.length > 0 ? await findCheckpoint(folder.store, name, 'best') : null;
    return c.json({ summary, config, facts, checkpoints, best } satisfies RunDetails);
  });

  api.get('/:name/metrics', async (c) => {
    const { names = '', after, points } = readQuery(c, metricsSchema);
    const name = c.req.param('name');
    const run = await folder.findRun(name);
    const path = await folder.find(`${basename(run)}/${METRICS}`).catch((error) => {
      if (error instanceof RequestError && error.status === 404) return undefined; // nothing was logged yet
      throw error;
    });
    const empty: MetricsAnswer = { cursor: '0.0', reset: true, names: [], curves: {} };
    if (path === undefined) return c.json(empty);
    const table = await metrics.get(path);
    return c.json(readCurves(table, { names: names.split(',').filter(Boolean), after, points }));
  });

  async function isOfValues(name: string, file: string): Promise<boolean> {
    const [, checkpoint, part] = STATE.exec(file) ?? [];
    if (part === undefined) return false;
    const { valueParts } = await import('../training/policy.js');
    const parts = await valueParts({ run: name, store: folder.store, checkpoint: checkpointName(checkpoint) });
    return parts.includes(part);
  }

  api.get('/:name/policy.onnx', async (c) => {
    const name = c.req.param('name');
    await folder.findRun(name);
    const checkpoint = checkpointName(c.req.query('checkpoint') ?? 'best');
    const { exportPolicy } = await import('../training/policy.js');
    const bytes = await exportPolicy({ run: name, store: folder.store, checkpoint });
    return download(bytes, `${name}.onnx`);
  });

  api.get('/:name/files/:file{.+}', async (c) => {
    const { name, file } = c.req.param();
    await folder.findRun(name);
    if (!FILES.test(file) && !(await isOfValues(name, file))) {
      throw new RequestError(
        403,
        'of a run only config.json, metrics.jsonl, monitor.csv, its policies and what its values are computed from can be read.',
      );
    }
    const bytes = await readFile(await folder.find(`${name}/${file}`));
    return download(bytes, `${name}-${file.replaceAll('/', '-')}`);
  });

  api.post('/:name/stop', async (c) => {
    await readBody(c, emptySchema);
    const name = c.req.param('name');
    await folder.findRun(name);
    await children.stop(name);
    return c.json({ summary: await summaryOf(name) });
  });

  api.post('/:name/resume', async (c) => {
    const changes = await readBody(c, resumeSchema);
    const name = c.req.param('name');
    const path = await folder.findRun(name);
    if ((await summaryOf(name)).state === 'running') {
      throw new RequestError(409, `${name} is being trained already, here or by another program.`);
    }
    await children.resume(name, path, changes);
    return c.json({ summary: await summaryOf(name) });
  });

  return api;
}

/** In which settings runs differ: `?runs=a,b`. */
export function differencesApi(folder: SafeFolder): Hono {
  const api = new Hono();
  const schema = z.strictObject({ runs: z.string().max(10_000) });
  api.get('/', async (c) => {
    const names = readQuery(c, schema).runs.split(',').filter(Boolean);
    for (const name of names) await folder.findRun(name);
    const configs = await Promise.all(names.map(async (name) => (await readConfig(folder.store, name)).config));
    return c.json({ runs: names, differences: differences(configs) satisfies Difference[] });
  });
  return api;
}

function checkpointName(text: string): CheckpointName {
  if (text === 'best' || text === 'last') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new RequestError(400, `checkpoint must be best, last or a number of steps, not "${text}".`);
}

const download = (bytes: Uint8Array, name: string): Response =>
  new Response(bytes as Uint8Array<ArrayBuffer>, {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      'content-disposition': attachment(name),
    },
  });

/** A name of plain signs as it is; another one as RFC 8187 has it, behind a plain one. */
function attachment(name: string): string {
  const plain = name.replace(/[^\w .()-]/g, '_');
  if (plain === name) return `attachment; filename="${name}"`;
  const encoded = encodeURIComponent(name).replace(/['()*!]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
