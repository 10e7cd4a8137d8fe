// The studio as one function from requests to answers: guarded, limited, and with errors that say the fix.
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import * as z from 'zod';
import { RunError, UsageError } from '../errors.js';
import { actorsApi, type BrokerWatch } from './actors-api.js';
import type { StudioInfo } from './api-types.js';
import type { AppFiles } from './app-files.js';
import { ARCHIVES, archivesApi, MOST_ARCHIVE } from './archives-api.js';
import { DATA, dataApi } from './data-api.js';
import { type DiagnosisApiOptions, diagnosisApi } from './diagnosis-api.js';
import { eventsApi } from './events-api.js';
import { type GuardOptions, guard } from './guard.js';
import type { LiveRuns } from './live-runs.js';
import { type PicturesApiOptions, picturesApi } from './pictures-api.js';
import { readQuery } from './request-body.js';
import { type ErrorStatus, RequestError } from './request-error.js';
import { differencesApi, type RunsApiOptions, runsApi } from './runs-api.js';
import { securityHeaders } from './security-headers.js';
import { userModelsApi } from './user-models-api.js';

export interface AppOptions extends GuardOptions, RunsApiOptions, DiagnosisApiOptions, PicturesApiOptions {
  readonly live: LiveRuns;
  readonly files: AppFiles;
  readonly info: StudioInfo;
  readonly brokerWatch?: BrokerWatch;
}

/** Settings of a run are small. */
const MOST_BODY = 256 << 10;

const limit = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      const most = maxSize >= 1 << 20 ? `${maxSize >> 20} MiB` : `${maxSize >> 10} KiB`;
      throw new RequestError(413, `the request is too large: at most ${most} are taken.`);
    },
  });

export function createApp(options: AppOptions): Hono {
  const { folder, live, files, info } = options;
  const app = new Hono();
  app.use(securityHeaders());
  app.use(guard(options));
  const [small, large] = [limit(MOST_BODY), limit(MOST_ARCHIVE)];
  const takesFiles = (path: string) => path === ARCHIVES || path === DATA;
  app.use((c, next) => (takesFiles(c.req.path) && c.req.method === 'POST' ? large(c, next) : small(c, next)));

  app.get('/api/info', (c) => c.json(info));
  // What knows agents and environments is loaded when it is asked for: half of the time to the first page otherwise.
  app.get('/api/environments', async (c) => {
    const { listEnvs } = await import('../envs/index.js');
    return c.json({ environments: listEnvs() });
  });
  app.get('/api/agents', async (c) => {
    const { agentListings } = await import('./catalog.js');
    return c.json({ agents: agentListings() });
  });
  const formSchema = z.strictObject({ env: z.string(), agent: z.string().optional() });
  app.get('/api/form', async (c) => {
    const { env, agent } = readQuery(c, formSchema);
    const { runForm } = await import('./catalog.js');
    return c.json(await runForm(env, agent));
  });
  app.route(ARCHIVES, archivesApi(options));
  app.route(DATA, dataApi(options));
  app.route('/api/actors', actorsApi(options.brokerWatch));
  app.route('/api/runs', runsApi(options));
  app.route('/api/pictures', picturesApi(options));
  app.route('/api/diagnosis', diagnosisApi(options));
  app.route('/api/differences', differencesApi(folder));
  app.route('/api/events', eventsApi(live));
  app.route('/api/user-models', userModelsApi());
  app.all('/api/*', (c) => {
    throw new RequestError(404, `there is no ${c.req.method} ${c.req.path} here.`);
  });
  app.get('*', (c) => files.answer(c));
  app.notFound((c) => c.json({ error: `there is no ${c.req.method} ${c.req.path} here.` }, 404));

  app.onError((error, c) => {
    const status: ErrorStatus = error instanceof RequestError ? error.status : error instanceof UsageError ? 400 : 500;
    const expected = error instanceof UsageError || error instanceof RunError;
    if (!expected) console.error(error);
    const message = expected ? error.message : 'something unexpected broke in the studio; the terminal shows what.';
    // A person who opens an address, not a program: a page.
    if (status === 401 && c.req.header('sec-fetch-dest') === 'document') return c.html(closedPage, 401);
    return c.json({ error: message }, status);
  });
  return app;
}

const closedPage =
  '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">' +
  '<title>anygoal studio</title><h1>This studio needs its address with the token</h1>' +
  '<p>Open the address that <code>anygoal studio</code> printed in the terminal. It changes with every start.</p>';
