// What a page of the lab lets one set: each setting is a number, a choice, a switch or points, and a text in the link.

export interface Setting<T> {
  readonly initial: T;
  /** Undefined where the text is no such value: the link was typed or is of another version. */
  parse(text: string): T | undefined;
  format(value: T): string;
}

export interface NumberSetting extends Setting<number> {
  readonly min: number;
  readonly max: number;
  /** Of the slider, and what values are rounded to; 0: two significant digits on a logarithmic slider. */
  readonly step: number;
}

interface Range {
  readonly min: number;
  readonly max: number;
  readonly step: number;
}

/** Without the last digits of floating-point arithmetic. */
const clean = (value: number): number => Number(value.toPrecision(10));

/** A number within a range, both ends included. */
export const number = (initial: number, { min, max, step }: Range): NumberSetting => ({
  initial,
  min,
  max,
  step,
  parse(text) {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) return undefined;
    return rounded(value, step);
  },
  format: (value) => String(rounded(value, step)),
});

export const rounded = (value: number, step: number): number =>
  step === 0 ? Number(value.toPrecision(2)) : clean(Math.round(value / step) * step);

export interface ChoiceSetting<T extends string> extends Setting<T> {
  readonly options: readonly T[];
}

export const choice = <T extends string>(initial: NoInfer<T>, options: readonly T[]): ChoiceSetting<T> => ({
  initial,
  options,
  parse: (text) => options.find((option) => option === text),
  format: (value) => value,
});

export const toggle = (initial: boolean): Setting<boolean> => ({
  initial,
  parse: (text) => (text === 'yes' ? true : text === 'no' ? false : undefined),
  format: (value) => (value ? 'yes' : 'no'),
});

export type Points = readonly (readonly number[])[];

export interface PointsSetting extends Setting<Points> {
  readonly fewest: number;
  readonly most: number;
}

interface PointsOptions {
  /** Of every coordinate. */
  readonly min: number;
  readonly max: number;
  readonly fewest: number;
  readonly most: number;
}

const PLACES = 3;
/** To a thousandth, as the link keeps it. */
export const roundPoint = (point: readonly number[]): number[] => point.map((x) => Number(x.toFixed(PLACES)) + 0);

/** Points of as many coordinates each as the first one has. */
export const points = (initial: Points, { min, max, fewest, most }: PointsOptions): PointsSetting => ({
  initial,
  fewest,
  most,
  parse(text) {
    const read = text.split(';').map((part) => part.split(',').map((x) => (x.trim() === '' ? Number.NaN : Number(x))));
    const good =
      read.length >= fewest &&
      read.length <= most &&
      read.every((p) => p.length === initial[0].length && p.every((x) => x >= min && x <= max));
    return good ? read.map(roundPoint) : undefined;
  },
  format: (value) => value.map((point) => roundPoint(point).join(',')).join(';'),
});

/** A short text that stands for something larger, such as a map drawn with signs. */
export const text = (initial: string, allowed: RegExp): Setting<string> => ({
  initial,
  parse: (given) => (allowed.test(given) ? given : undefined),
  format: (value) => value,
});

export type Settings = Readonly<Record<string, Setting<unknown>>>;
export type Values<S extends Settings> = { readonly [K in keyof S]: S[K]['initial'] };

export const initialValues = <S extends Settings>(settings: S): Values<S> =>
  Object.fromEntries(Object.entries(settings).map(([name, { initial }]) => [name, initial])) as Values<S>;

/** From the part of an address after `?`; what is missing or cannot be is as it is at first. */
export function readSettings<S extends Settings>(settings: S, query: string): Values<S> {
  const given = new URLSearchParams(query);
  const entries = Object.entries(settings).map(([name, setting]) => {
    const written = given.get(name);
    return [name, (written === null ? undefined : setting.parse(written)) ?? setting.initial];
  });
  return Object.fromEntries(entries) as Values<S>;
}

/** The inverse: only what differs from how it is at first; '' where nothing does. */
export function writeSettings<S extends Settings>(settings: S, values: Values<S>): string {
  const parameters = new URLSearchParams();
  for (const [name, setting] of Object.entries(settings)) {
    const written = setting.format(values[name]);
    if (written !== setting.format(setting.initial)) parameters.set(name, written);
  }
  return parameters.toString().replaceAll('%2C', ',').replaceAll('%3B', ';').replaceAll('%2F', '/');
}
