// The one way to change some methods of an environment and keep all others, whoever wrote it and whatever it has.

/**
 * The object with some members replaced. Everything else goes to the original: own members and those of its class, with
 * `this` as it was, members that later versions add included. A member given as undefined is taken away.
 */
export function wrapEnv<Env extends object>(env: Env, changes: Partial<Env>): Env {
  const wrapped: Record<PropertyKey, unknown> = { ...(changes as Record<PropertyKey, unknown>) };
  const source = env as Record<PropertyKey, unknown>;
  for (let level: object | null = env; level && level !== Object.prototype; level = Object.getPrototypeOf(level)) {
    for (const key of Reflect.ownKeys(level)) {
      if (key === 'constructor' || key in wrapped) continue;
      const value = Object.getOwnPropertyDescriptor(level, key)?.value;
      const descriptor = typeof value === 'function' ? { value: value.bind(env) } : { get: () => source[key] };
      Object.defineProperty(wrapped, key, { ...descriptor, enumerable: true, configurable: true });
    }
  }
  return wrapped as Env;
}
