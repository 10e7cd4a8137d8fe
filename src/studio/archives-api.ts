// Takes a run that was trained elsewhere (in a page) as a .zip into the runs folder: whole and checked, or not at all.
import { Hono } from 'hono';
import { RunError } from '../errors.js';
import { addRun, unzipRun } from '../runs/archive.js';
import { createDiskStore } from '../runs/disk-store.js';
import type { RunConfig } from '../runs/run-reader.js';
import type { SavedAnswer } from './api-types.js';
import type { LiveRuns } from './live-runs.js';
import { RequestError } from './request-error.js';
import type { SafeFolder } from './safe-folder.js';

export const ARCHIVES = '/api/archives';

/** Bytes of a .zip, and of what is in it. */
export const MOST_ARCHIVE = 256 << 20;
const LIMITS = { mostBytes: 512 << 20, mostFiles: 5000 };

/** Narrower than what folders may be called that were put there by hand. */
const UPLOAD_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,199}$/;

export function archivesApi({ folder, live }: { folder: SafeFolder; live: LiveRuns }): Hono {
  const api = new Hono();
  api.post('/', async (c) => {
    const type = c.req.header('content-type') ?? '';
    if (type !== 'application/zip') {
      throw new RequestError(415, `send a .zip with the header content-type: application/zip, not "${type}".`);
    }
    try {
      const { name, files } = unzipRun(new Uint8Array(await c.req.arrayBuffer()), LIMITS);
      if (!UPLOAD_NAME.test(name)) {
        throw new RequestError(400, `${JSON.stringify(name)} cannot be a run's name: letters, digits, "_", "-", ".".`);
      }
      const { listEnvs } = await import('../envs/index.js');
      const known = new Set(listEnvs().map((env) => env.name));
      const run = await addRun(createDiskStore(folder.root), name, files, (config) => refuseForeign(config, known));
      live.nudge();
      return c.json({ run } satisfies SavedAnswer, 201);
    } catch (error) {
      if (error instanceof RunError) throw new RequestError(400, error.message);
      throw error;
    }
  });
  return api;
}

/** Going on with a run imports its environment: from a request only those that come with anygoal. */
function refuseForeign({ config, facts }: RunConfig, known: ReadonlySet<string>): void {
  const { name } = config.env;
  if (known.has(name) && facts.module === undefined && config.init === null) return;
  throw new RunError(
    `the run names files of its own (environment "${name}"); copy it into the runs folder yourself if you trust it.`,
  );
}
