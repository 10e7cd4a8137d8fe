// Reads a MuJoCo model with everything it names (includes, meshes, textures, height fields) from disk or by URL.
import { UsageError } from '../../errors.js';
import type { ModelSource } from '../../physics/physics.js';
import { moduleUrl } from '../module.js';

/**
 * @param path of the XML: relative to the working directory (in browsers, to the page), or a URL; in a module of one's
 * own, `new URL('./robot.xml', import.meta.url)`
 * @throws UsageError naming the file that cannot be read and where it is asked for
 */
export async function readModel(path: string | URL): Promise<ModelSource> {
  const url = moduleUrl(String(path));
  const xml = decode(await readFile(url, url));
  const files: Record<string, Uint8Array> = {};
  // MuJoCo takes all paths, those in included files too, relative to the main file.
  const open = [{ text: xml, source: String(path) }];
  const folders = { mesh: '', texture: '' };
  for (const { text, source } of open) {
    const plain = text.replace(/<!--.*?-->/gs, '');
    const compiler = /<compiler\b[^>]*>/.exec(plain)?.[0] ?? '';
    const shared = attribute(compiler, 'assetdir') ?? '';
    folders.mesh = attribute(compiler, 'meshdir') ?? (shared || folders.mesh);
    folders.texture = attribute(compiler, 'texturedir') ?? (shared || folders.texture);
    for (const [, element, attributes] of plain.matchAll(/<(include|mesh|skin|hfield|texture)\b([^>]*)>/g)) {
      for (const [, file] of attributes.matchAll(/\bfile\w*\s*=\s*["']([^"']+)["']/g)) {
        const folder = element === 'include' ? '' : element === 'texture' ? folders.texture : folders.mesh;
        const name = folder === '' ? file : `${folder.replace(/\/$/, '')}/${file}`;
        if (files[name]) continue;
        files[name] = await readFile(new URL(encodePath(name), url).href, source);
        if (element === 'include') open.push({ text: decode(files[name]), source: name });
      }
    }
  }
  return { xml, files, name: String(path) };
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/');
const attribute = (element: string, name: string): string | undefined =>
  new RegExp(`\\b${name}\\s*=\\s*["']([^"']*)["']`).exec(element)?.[1];

type Files = typeof import('node:fs/promises');

async function readFile(url: string, askedFor: string): Promise<Uint8Array> {
  try {
    if (url.startsWith('file:')) {
      // Asked of the process rather than imported, so that bundlers for browsers find nothing to resolve.
      const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };
      const files = process?.getBuiltinModule?.('fs/promises') as Files | undefined;
      if (!files) throw new Error('there are no files here');
      return new Uint8Array(await files.readFile(new URL(url)));
    }
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${response.status} ${response.statusText}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const where = url === askedFor ? '' : `, which ${askedFor} names`;
    throw new UsageError(`cannot read ${url}${where}: ${(error as Error).message}.`, { cause: error });
  }
}
