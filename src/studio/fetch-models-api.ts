// The models of fetch/* for pages, which have no folders: the user's own copy, file by file, and nothing beside it.
import { Hono } from 'hono';
import { fetchFiles, loadFetchAssets } from '../envs/fetch/assets.js';
import { RequestError } from './request-error.js';

export function fetchModelsApi(): Hono {
  const api = new Hono();
  api.get('/:path{.+}', async (c) => {
    const path = c.req.param('path');
    if (!fetchFiles.includes(path)) throw new RequestError(404, 'there is no such model file.');
    const files = await loadFetchAssets();
    c.header('content-type', 'application/octet-stream');
    return c.body(files[path] as Uint8Array<ArrayBuffer>);
  });
  return api;
}
