// Numbers given as flags, with errors that name the flag and its range.
import { UsageError } from '../errors.js';

export function wholeNumber(flag: string, text: string, least: number): number {
  const value = /^[-+]?\d/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value) || value < least) {
    const most = value > Number.MAX_SAFE_INTEGER ? ` and at most ${Number.MAX_SAFE_INTEGER}` : '';
    throw new UsageError(`${flag} must be a whole number, at least ${least}${most}, not "${text}".`);
  }
  return value;
}

/** A number from 0 to 1. */
export function share(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1)) {
    throw new UsageError(`${flag} must be a number from 0 to 1, not "${text}".`);
  }
  return value;
}

export function finiteNumber(flag: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new UsageError(`${flag} must be a number, not "${text}".`);
  return value;
}
