// Numbers and times as people read them.

/** 12,345 */
export const thousands = (value: number): string => Math.round(value).toLocaleString('en-US');

/** `1 episode`, `1,200 episodes`. */
export const counted = (count: number, one: string): string => `${thousands(count)} ${one}${count === 1 ? '' : 's'}`;

/** 97% or 97.3%; a dash where nothing was measured. */
export const percent = (share: number): string =>
  Number.isFinite(share) ? `${Number((100 * share).toFixed(1))}%` : '-';

/** A return with about three digits. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '-';
  return Math.abs(value) >= 100 ? value.toFixed(0) : Math.abs(value) >= 1 ? value.toFixed(1) : value.toFixed(2);
}

/** 8.5 s, 2 min 05 s, 3 h 20 min */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return '-';
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const whole = Math.round(seconds);
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${two(Math.floor((whole % 3600) / 60))} min`;
}

/** Mean and sample standard deviation (0 for one value). */
export function meanAndStd(values: readonly number[]): { mean: number; std: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0 };
}
