// Numbers of the lab as people read them.

/** Making a formatter takes a hundred times as long as using it. */
const formatters = new Map<number | undefined, Intl.NumberFormat>();

function grouped(value: number, digits?: number): string {
  let formatter = formatters.get(digits);
  if (formatter === undefined) {
    formatter = new Intl.NumberFormat('en-US', digits === undefined ? {} : { maximumSignificantDigits: digits });
    formatters.set(digits, formatter);
  }
  return formatter.format(value);
}

/** 3.351e-5, 0.00335, 4.348, 29,840: `digits` significant ones, powers of ten only where zeros would hide the number. */
export function number(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return value > 0 ? 'infinite' : '-';
  const rounded = Number(value.toPrecision(digits));
  const size = Math.abs(rounded);
  if (size !== 0 && (size < 1e-3 || size >= 1e9)) return scientific(Math.log10(size), digits, rounded < 0 ? '-' : '');
  return grouped(rounded, digits);
}

/** All digits but the last ones of floating-point arithmetic: 0.0009604. */
export const exact = (value: number): string => String(Number(value.toPrecision(12)));

/** A number by its common logarithm, for those beyond what a double holds. */
export function powerOfTen(log10: number, digits = 4): string {
  return log10 < -3 || log10 >= 9 ? scientific(log10, digits) : number(10 ** log10, digits);
}

function scientific(log10: number, digits: number, sign = ''): string {
  const exponent = Math.floor(log10 + 1e-12);
  const mantissa = Number((10 ** (log10 - exponent)).toPrecision(digits));
  return mantissa < 10 ? `${sign}${mantissa}e${exponent}` : `${sign}1e${exponent + 1}`;
}

/** 29,842; powers of ten from a thousand million on. */
export const whole = (value: number): string => (value < 1e9 ? grouped(Math.round(value)) : number(value));

/** 80%, 7.2%, 2.02%. */
export const percent = (share: number, digits = 3): string =>
  Number.isFinite(share) ? `${number(100 * share, digits)}%` : '-';
