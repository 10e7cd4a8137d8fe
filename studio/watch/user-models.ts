// Brings models that users have of their own, such as those of fetch/*, into the tab: the studio reads them where they are.
import { assetsOf } from '../../src/envs/assets/all.js';

const provided = new Map<string, Promise<void>>();

/**
 * Once in a thread for each package of models; environments that need them can be made afterwards. Does nothing for those
 * that need none. @throws Error in the studio's words
 */
export async function provideModels(env: string): Promise<void> {
  const assets = assetsOf(env);
  if (!assets) return;
  const { prefix, files } = assets.package;
  const get = async (name: string): Promise<readonly [string, Uint8Array]> => {
    const response = await fetch(`/api/user-models/${prefix}${name}`);
    if (!response.ok) throw new Error(((await response.json()) as { error: string }).error);
    return [name, new Uint8Array(await response.arrayBuffer())];
  };
  const going =
    provided.get(prefix) ?? Promise.all(files.map(get)).then((all) => assets.provide(Object.fromEntries(all)));
  provided.set(prefix, going);
  going.catch(() => provided.delete(prefix));
  await going;
}
