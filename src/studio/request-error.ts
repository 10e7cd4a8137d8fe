// Requests that cannot be answered, with the HTTP status and a message that says what to change.
import { UsageError } from '../errors.js';

export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 421 | 500 | 503;

export class RequestError extends UsageError {
  override name = 'RequestError';
  constructor(
    readonly status: ErrorStatus,
    message: string,
  ) {
    super(message);
  }
}
