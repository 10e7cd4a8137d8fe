// A configuration as a flat list of settings, and these as people write them.

/** All settings by the paths that people write: `agent.learningRate`, not `agent.options.learningRate`. */
export function flatValues(config: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const flat = new Map<string, unknown>();
  const visit = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      for (const [name, inner] of Object.entries(value)) {
        const option = name === 'options' && (path[0] === 'env' || path[0] === 'agent') && path.length === 1;
        visit(inner, option ? path : [...path, name]);
      }
    } else if (path.length > 0) flat.set(path.join('.'), value);
  };
  visit(config, []);
  return flat;
}

/** A value as `--set` takes it. */
export const settingText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** `env.words=12`, a line for each setting below a path that is no section, and for sections without any. */
export function settingLines(value: unknown, path: string): string[] {
  const isSection = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isSection || Object.keys(value).length === 0) return [`${path}=${settingText(value)}`];
  return Object.entries(value).flatMap(([name, inner]) => settingLines(inner, `${path}.${name}`));
}
