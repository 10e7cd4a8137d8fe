// Imports a user's module by path or URL, alike in Node and browsers, with errors that teach.
import { UsageError } from '../errors.js';

/** Paths (./, ../, /, C:\), URLs and names that end like a module. */
export const looksLikeModule = (text: string): boolean =>
  /^(\.{0,2}[\\/]|[a-zA-Z]:[\\/]|file:|https?:|blob:)/.test(text) || /\.(m?js|m?ts)$/.test(text);

/** The URL of a module: relative paths start at the working directory, in browsers at the page. */
export function moduleUrl(text: string): string {
  if (/^(file|https?|blob):/.test(text)) return text;
  const { process, location } = globalThis as {
    process?: { cwd?: () => string };
    location?: { href: string };
  };
  if (!process?.cwd) return new URL(text, location?.href).href;
  // Not `new URL(text)` at once: ?, # and % are ordinary characters in file names.
  const encode = (path: string) => path.replaceAll('\\', '/').split('/').map(encodeURIComponent).join('/');
  const absolute = (path: string) =>
    /^[a-zA-Z]:[\\/]/.test(path) ? `/${path[0]}:${encode(path.slice(2))}` : encode(path);
  return new URL(absolute(text), `file://${absolute(process.cwd())}/`).href;
}

/** The module at `url`, or one that it imports, is not JavaScript; the error of an import does not say where. */
export class ModuleSyntaxError extends UsageError {
  constructor(
    message: string,
    readonly url: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What to do about errors of Node.js that say what is wrong and no more. */
function advice(message: string): string {
  if (/^Cannot use import statement outside a module|^Unexpected token 'export'/.test(message))
    return '. Node.js takes this file for CommonJS: put "type": "module" into its package.json (npm pkg set type=module), or name it .mjs';
  const [, name] = /^Cannot find package '([^']+)'/.exec(message) ?? [];
  return name === undefined ? '' : `. Install ${name} with npm in the folder of that file, or in one above it`;
}

/** Imports it. @throws UsageError saying what is wrong with the module and what to do */
export async function importModule(text: string): Promise<Record<string, unknown>> {
  const url = moduleUrl(text);
  try {
    return await import(/* @vite-ignore */ /* webpackIgnore: true */ url);
  } catch (error) {
    const { code, message } = error as { code?: string; message?: string };
    if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
      throw new UsageError(
        `cannot import ${text}: this Node.js does not run TypeScript. Compile it to JavaScript, start with \`node --import tsx\`, or use Node.js 22.18 or newer.`,
      );
    }
    const missing =
      code === 'ERR_MODULE_NOT_FOUND' && message?.includes(`'${decodeURIComponent(new URL(url).pathname)}'`);
    if (missing) throw new UsageError(`there is no module at ${text} (looked for ${url}).`);
    const said = `cannot import ${text}: ${message ?? String(error)}${advice(message ?? '')}`;
    if (error instanceof SyntaxError) throw new ModuleSyntaxError(said, url, { cause: error });
    throw new UsageError(said, { cause: error });
  }
}
