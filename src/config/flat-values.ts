// A configuration as a flat list of settings.

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
