// Policies over HTTP: a run served as plain files loads as it does from disk, and errors name the address.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPolicy } from '../training/policy.js';
import { train } from '../training/train.js';
import { createFetchStore } from './fetch-store.js';
import { createMemoryStore } from './memory-store.js';

const store = createMemoryStore();
let server: Server;
let url: string;
let dir: string;
const missing: string[] = [];

beforeAll(async () => {
  const config = {
    agent: { options: { hidden: [8] } },
    runtime: { worker: false },
    evaluation: { every: 0, episodes: 1 },
  };
  const { runDir } = await train({ env: 'point/reach', steps: 100, store, config });
  dir = runDir.slice(store.location.length + 1);
  server = createServer(async (request, response) => {
    let path = decodeURIComponent(request.url ?? '').slice(1);
    // What a static file server does with the links `best` and `last`.
    const link = /^(.*\/checkpoints\/(?:best|last))\/(.*)$/.exec(path);
    const target = link ? await store.readLink(link[1]) : undefined;
    if (link && target) path = `${link[1].replace(/(best|last)$/, target)}/${link[2]}`;
    if ((await store.size(path)) === undefined) {
      missing.push(path);
      response.writeHead(404).end();
      return;
    }
    const bytes = await store.read(path);
    response.writeHead(200, { 'content-length': bytes.length });
    response.end(request.method === 'HEAD' ? undefined : bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

describe('fetch store', () => {
  it('loads the policy that the store holds', async () => {
    const input = { observation: [0.1, 0.2], goal: [0.3, -0.4] };
    const local = await loadPolicy({ run: dir, store });
    const remote = await loadPolicy({ run: '', store: createFetchStore(`${url}/${dir}/`) });
    expect(await remote.act(input)).toEqual(await local.act(input));
    await local.dispose();
    await remote.dispose();
  });

  it('asks for nothing that is not there, also of a run without a best checkpoint', async () => {
    expect(missing).toEqual([]);
  });

  it('says what cannot be loaded, and does not write', async () => {
    await expect(loadPolicy({ run: '', store: createFetchStore(`${url}/nothing`) })).rejects.toThrow(/nothing/);
    await expect(createFetchStore('http://127.0.0.1:1').read('x')).rejects.toThrow(
      /cannot load http:\/\/127.0.0.1:1\/x/,
    );
    await expect(createFetchStore(url).write('x', new Uint8Array(1))).rejects.toThrow(/can only be read/);
  });
});
