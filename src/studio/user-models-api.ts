// Model files that users bring, for pages, which have no folders: the user's own copy, file by file, and nothing beside it.
import { Hono } from 'hono';
import { assetsOf } from '../envs/assets/all.js';
import { RequestError } from './request-error.js';

/** `fetch/PATH`, `metaworld/PATH`: the first part is that of the environments' names. */
export function userModelsApi(): Hono {
  const api = new Hono();
  api.get('/:family/:path{.+}', async (c) => {
    const { family, path } = c.req.param();
    const assets = assetsOf(`${family}/`);
    if (!assets?.package.files.includes(path)) throw new RequestError(404, 'there is no such model file.');
    const files = await assets.load();
    c.header('content-type', 'application/octet-stream');
    return c.body(files[path] as Uint8Array<ArrayBuffer>);
  });
  return api;
}
