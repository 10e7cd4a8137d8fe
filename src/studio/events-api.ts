// What changes, pushed to pages as server-sent events.
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import type { StudioEvents } from './api-types.js';
import type { LiveRuns } from './live-runs.js';
import { RequestError } from './request-error.js';

const HEARTBEAT_MS = 10_000;
/** Pages that may listen at once; each holds a connection. */
const MOST_LISTENERS = 50;

export function eventsApi(live: LiveRuns): Hono {
  const api = new Hono();
  let listening = 0;
  api.get('/', (c) => {
    if (listening >= MOST_LISTENERS) {
      throw new RequestError(503, `${listening} pages of the studio are open; close some.`);
    }
    listening++;
    return streamSSE(c, async (stream) => {
      let left = () => {};
      const gone = new Promise<void>((resolve) => {
        left = resolve;
      });
      stream.onAbort(left);
      const send = <K extends keyof StudioEvents>(event: K, data: StudioEvents[K]) =>
        stream.writeSSE({ event, data: JSON.stringify(data) }).catch(left);
      let end = () => {};
      // The page knows by these that the connection stands.
      const heart = setInterval(() => void stream.writeSSE({ event: 'alive', data: '' }).catch(left), HEARTBEAT_MS);
      try {
        const subscription = await live.subscribe((change) => void send('change', change));
        end = subscription.end;
        await send('runs', subscription.runs);
        if (!stream.aborted) await gone;
      } finally {
        clearInterval(heart);
        end();
        listening--;
      }
    });
  });
  return api;
}
