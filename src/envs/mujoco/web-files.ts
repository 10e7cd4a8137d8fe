// A model's files by URL. The engine opens files in the middle of its work, which cannot wait for a server, so it is run
// again for each that it misses; those that the XML plainly names are fetched ahead.
import { resolvePath } from '../../physics/file-tree.js';
import type { FolderFiles } from './disk-files.js';

/** @param url of the model; the other files are on the same server */
export function fromWeb(url: URL, main: string): FolderFiles {
  const files = new Map<string, Uint8Array>();
  const failed = new Map<string, string>();
  const folders = new Set<string>();
  /** Looked for, but not known yet. */
  const wanted = new Set<string>();

  async function get(path: string): Promise<void> {
    if (files.has(path) || failed.has(path)) return;
    failed.set(path, 'it is on its way'); // until it is here
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) folders.add(path.slice(0, at));
    try {
      const from = path === main ? url : new URL(path.split('/').map(encodeURIComponent).join('/'), url);
      const response = await globalThis.fetch(from);
      if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
      files.set(path, new Uint8Array(await response.arrayBuffer()));
      failed.delete(path);
    } catch (error) {
      failed.set(path, (error as Error).message);
      return;
    }
    if (/\.(xml|mjcf|urdf)$/i.test(path) || path === main) {
      await Promise.all(namedIn(new TextDecoder().decode(files.get(path)), main).map(get));
    }
  }

  return {
    find(path) {
      const bytes = files.get(path);
      if (bytes) return bytes;
      if (folders.has(path)) return 'folder';
      if (failed.has(path)) return undefined;
      if (!/\.\w+$/.test(path)) return 'folder'; // which of its files is missing, the engine says
      wanted.add(path);
      return undefined;
    },
    async fetch(paths) {
      const before = files.size;
      const known = folders.size;
      const all = [...paths, ...wanted];
      wanted.clear();
      await Promise.all(all.map(get));
      return files.size > before || folders.size > known;
    },
    problem: (path) => failed.get(path) ?? 'it is not there',
  };
}

/** The files that an XML most likely names. MuJoCo decides: what is missing here comes later, what is too much is unused. */
function namedIn(xml: string, main: string): string[] {
  const plain = xml.replace(/<!--.*?-->/gs, '');
  const attribute = (element: string, name: string) =>
    new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(element)?.[1];
  const compiler = /<compiler\b[^>]*>/.exec(plain)?.[0] ?? '';
  const shared = attribute(compiler, 'assetdir') ?? '';
  const meshes = attribute(compiler, 'meshdir') ?? shared;
  const textures = attribute(compiler, 'texturedir') ?? shared;
  return [...plain.matchAll(/<(include|model|mesh|skin|hfield|texture)\b([^>]*)>/g)].flatMap(([, element, text]) =>
    [...text.matchAll(/\bfile\w*\s*=\s*["']([^"'&]+)["']/g)].map(([, file]) => {
      const folder = /include|model/.test(element) ? '' : element === 'texture' ? textures : meshes;
      return resolvePath(resolvePath(main.slice(0, main.lastIndexOf('/')), folder), file);
    }),
  );
}
