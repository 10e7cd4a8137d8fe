// Readers that most people never need: packages that are imported where a file asks for them.
import { packageAdvice } from '#platform';
import { RunError } from '../errors.js';

/** `load` imports `name`. @throws RunError saying what to do where it is not there */
export async function optionalPackage<T>(name: string, purpose: string, load: () => Promise<unknown>): Promise<T> {
  try {
    return (await load()) as T;
  } catch (error) {
    throw new RunError(
      `${purpose} is read with the package ${name}, which is not installed here or does not load. ${packageAdvice(name)}`,
      { cause: error },
    );
  }
}

/** Not by a literal name: bundlers must not look for what need not be there. In pages an import map says where it lies. */
export const importNamed = (name: string): Promise<unknown> =>
  import(/* @vite-ignore */ /* webpackIgnore: true */ name);
