// Data sets that pages record: written into the runs folder's place for them, whole and checked, or not at all.
import { randomUUID } from 'node:crypto';
import { link, lstat, mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { Hono } from 'hono';
import * as z from 'zod';
import type { DataSet } from '../datasets/index.js';
import { RunError, UsageError } from '../errors.js';
import { explainDiskError } from '../runs/disk-store.js';
import { CONFIG } from '../runs/run-layout.js';
import type { DataListing, SavedData } from './api-types.js';
import { readQuery } from './request-body.js';
import { RequestError } from './request-error.js';
import type { SafeFolder } from './safe-folder.js';

export const DATA = '/api/data';

/** The folder of data sets in the folder of runs. */
const PLACE = 'data';
const ENDING = '.safetensors';
const TYPE = 'application/octet-stream';
/** Narrower than what files may be called that were put there by hand. */
const NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/;

const saveSchema = z.strictObject({ name: z.string(), replace: z.enum(['true', 'false']).default('false') });

export function dataApi({ folder }: { folder: SafeFolder }): Hono {
  const api = new Hono();
  const place = join(folder.root, PLACE);
  const told = (name: string) => join(folder.location, PLACE, name + ENDING);

  api.get('/', async (c) => {
    const names = (await isOurs(place)) ? await readdir(place) : [];
    const listed = await Promise.all(
      names.map(async (file): Promise<DataListing | undefined> => {
        const name = file.slice(0, -ENDING.length);
        const found = file.endsWith(ENDING) && NAME.test(name) ? await factsOf(join(place, file)) : undefined;
        return found?.isFile() ? { name, path: told(name), bytes: found.size } : undefined;
      }),
    );
    return c.json({ data: listed.filter((one) => one !== undefined) });
  });

  api.post('/', async (c) => {
    const type = c.req.header('content-type') ?? '';
    if (type !== TYPE)
      throw new RequestError(415, `send a data set with the header content-type: ${TYPE}, not "${type}".`);
    const { name, replace } = readQuery(c, saveSchema);
    if (!NAME.test(name)) {
      throw new RequestError(
        400,
        `${JSON.stringify(name.slice(0, 80))} cannot be a data set's name: 1 to 100 letters, digits, "_", "-", "."; not "." or "-" first.`,
      );
    }
    const bytes = new Uint8Array(await c.req.arrayBuffer());
    const { episodes, transitions } = await checkedData(name, bytes);
    // Two who save first may come here at once.
    if (!(await isOurs(place))) await mkdir(place, { recursive: true });
    await write(place, name, bytes, replace === 'true');
    return c.json({ name, path: told(name), bytes: bytes.length, episodes, transitions } satisfies SavedData, 201);
  });
  return api;
}

/** Undefined: there is nothing there, or no more. */
const factsOf = (path: string) => lstat(path).catch(() => undefined);

/** Whether the place is there. @throws RequestError where something else is in its place, which is left alone */
async function isOurs(place: string): Promise<boolean> {
  const found = await factsOf(place);
  if (found === undefined) return false;
  const isRun = await lstat(join(place, CONFIG)).then(
    () => true,
    () => false,
  );
  if (found.isDirectory() && !isRun) return true;
  const what = isRun ? 'a run' : found.isSymbolicLink() ? 'a link' : 'a file';
  throw new RequestError(
    409,
    `data sets go into the folder "${PLACE}" of the runs folder, but that is ${what}; rename it.`,
  );
}

/** Only what was recorded here in an environment that comes with anygoal, and fits it. */
async function checkedData(name: string, bytes: Uint8Array): Promise<{ episodes: number; transitions: number }> {
  const { checkFits, openDataSet } = await import('../datasets/index.js');
  const { listEnvs, loadEnv, parseEnvOptions } = await import('../envs/index.js');
  let data: DataSet | undefined;
  try {
    data = await openDataSet(name, bytes);
    const { env, options } = data;
    if (data.derived || !listEnvs().some((one) => one.name === env)) {
      throw new UsageError(`it is of "${env}", which does not come with anygoal; put it there yourself.`);
    }
    const definition = await loadEnv(env);
    const rules = definition.rules(parseEnvOptions(definition, options));
    rules.dispose?.();
    checkFits(data, rules.spec);
    return { episodes: data.steps.length, transitions: data.transitions };
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof RunError)) throw error;
    throw new RequestError(400, `this is no data set that is taken here: ${error.message}`);
  } finally {
    await data?.close();
  }
}

/** A run that a page starts learns from what lies in the runs folder only. @throws RequestError naming another file */
export async function refuseOutside({ root, location }: SafeFolder, files: readonly string[]): Promise<void> {
  for (const file of files) {
    const real = await realpath(resolve(file)).catch(() => '');
    if (real.startsWith(root.endsWith(sep) ? root : root + sep)) continue;
    throw new RequestError(
      403,
      `${file} is not in the runs folder, out of which pages read nothing; put it into ${join(location, PLACE)}, or use anygoal train --data.`,
    );
  }
}

/** At once: a reader finds the old file, the new one or none. Without `replace`, one that is there stays, whoever comes first. */
async function write(place: string, name: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  const target = join(place, name + ENDING);
  const temporary = join(place, `.tmp-${randomUUID()}`);
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    if (replace) await rename(temporary, target);
    else await link(temporary, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') {
      throw new RequestError(409, `there is a data set ${name} already; choose another name, or replace it.`);
    }
    throw explainDiskError(error, 'write', `${PLACE}/${name}${ENDING}`);
  } finally {
    await rm(temporary, { force: true });
  }
}
