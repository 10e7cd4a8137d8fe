// Brings the models of fetch/* into the tab: the studio reads them where its user has them.
import { fetchFiles, provideFetchAssets } from '../../src/envs/fetch/assets.js';

let provided: Promise<void> | undefined;

async function get(name: string): Promise<readonly [string, Uint8Array]> {
  const response = await fetch(`/api/fetch-models/${name}`);
  if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
  return [name, new Uint8Array(await response.arrayBuffer())];
}

/** Once in a thread; an environment of `fetch/*` can be made afterwards. @throws Error in the studio's words */
export function provideFetchModels(): Promise<void> {
  provided ??= Promise.all(fetchFiles.map(get)).then((files) => provideFetchAssets(Object.fromEntries(files)));
  provided.catch(() => {
    provided = undefined;
  });
  return provided;
}
