// Where a package of the local Python lies: of some, users have files that are needed here. Nothing of it is imported.

/** Node's modules, asked of the process rather than imported, so that bundlers for browsers find nothing to resolve. */
export function nodeModules() {
  const { process } = globalThis as { process?: NodeJS.Process };
  if (!process?.getBuiltinModule) return undefined;
  const [fs, path, children, util] = (['fs', 'path', 'child_process', 'util'] as const).map((name) =>
    process.getBuiltinModule(name),
  ) as [typeof import('fs'), typeof import('path'), typeof import('child_process'), typeof import('util')];
  return { process, fs, path, execFile: util.promisify(children.execFile) };
}
export type Node = NonNullable<ReturnType<typeof nodeModules>>;

/** Asks for the package's folder without importing the package, which would take seconds. */
const question = (module: string) =>
  `import importlib.util as u; s = u.find_spec('${module}'); print(s.submodule_search_locations[0] if s else '')`;

/**
 * Asks the active virtual environment, `python3` and `python` for the folder of a package. `find` says what is wanted in
 * that folder, or undefined where it is not there; `tried`: where it was looked for in vain.
 */
export async function askPython(
  { process, path, execFile }: Node,
  module: string,
  find: (folder: string) => string | undefined,
): Promise<{ found?: string; tried: string[] }> {
  const { VIRTUAL_ENV } = process.env;
  const own = VIRTUAL_ENV && path.join(VIRTUAL_ENV, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  const tried: string[] = [];
  for (const python of [own, 'python3', 'python']) {
    if (!python) continue;
    try {
      const { stdout } = await execFile(python, ['-c', question(module)], { timeout: 20_000 });
      const found = stdout.trim() ? find(stdout.trim()) : undefined;
      if (found) return { found, tried };
      tried.push(`${python} has no ${module}`);
    } catch (error) {
      tried.push((error as { code?: unknown }).code === 'ENOENT' ? `there is no ${python}` : `${python} fails`);
    }
  }
  return { tried };
}
