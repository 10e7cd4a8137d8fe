// Errors on their way between threads: plain objects over there, whole errors with their kind and causes here.
import { RunError, UsageError } from '../errors.js';

export interface PlainError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly cause?: PlainError;
}

export function plainError(error: unknown): PlainError {
  const { name, message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  return { name, message, stack, ...(cause !== undefined && { cause: plainError(cause) }) };
}

/** Errors keep their kind across threads, so that the command line's exit codes stay right. */
export function reviveError({ name, message, stack, cause }: PlainError): Error {
  const options = cause && { cause: reviveError(cause) };
  const kinds: Record<string, typeof UsageError | undefined> = { UsageError, RunError };
  const error = new (kinds[name] ?? Error)(message, options);
  if (stack) error.stack = stack;
  return error;
}
