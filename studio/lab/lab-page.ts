// What a page of the lab is: one idea, two sentences, a picture that can be touched, and the code that made it.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';
import type { Settings, Values } from './settings.js';

export interface PictureProps<S extends Settings> {
  readonly values: Values<S>;
  set(change: Partial<Values<S>>): void;
}

export interface LabPage<S extends Settings = Settings> {
  /** In the address. */
  readonly slug: string;
  readonly title: string;
  /** What one can find out here, as a question. */
  readonly question: string;
  /** Terms with an explanation stand in brackets: `[hindsight]`, or `[the share|positive ratio]`. */
  readonly sentences: readonly [string, string];
  /** All that can be set: it stands in the link. */
  readonly settings: S;
  /** A file of examples/lab: what the picture calls, as it is shown. */
  readonly code: string;
  /** The function of that file which computes the picture's numbers from the settings. */
  readonly call: string;
  /** The function's argument, where it is not the settings themselves. */
  argument?(values: Values<S>): unknown;
  /** Values with which a test runs the program, where it would otherwise take long. */
  readonly quick?: Partial<Values<S>>;
  readonly picture: LazyExoticComponent<ComponentType<PictureProps<S>>>;
}

/** Infers the types of a page; `picture` is loaded when the page is opened. */
export function labPage<S extends Settings>({
  picture,
  ...page
}: Omit<LabPage<S>, 'picture'> & {
  picture(): Promise<{ readonly Picture: ComponentType<PictureProps<S>> }>;
}): LabPage {
  const component = lazy(async () => ({ default: (await picture()).Picture }));
  // The frame gives every page the values of its own settings.
  return { ...page, picture: component } as unknown as LabPage;
}

/** Columns of the shown code. */
const WIDTH = 100;

/** The call's argument, on a line each where one line would be too long. */
function written(argument: unknown): string {
  const line = literal(argument);
  if (line.length < WIDTH || typeof argument !== 'object' || argument === null) return line;
  return `{\n${Object.entries(argument)
    .map(([name, part]) => `  ${key(name)}: ${literal(part)},\n`)
    .join('')}}`;
}

/** The whole program: the file, and a last line that computes what the page shows now. */
export function programText(page: LabPage, values: Values<Settings>): string {
  const argument = page.argument ? page.argument(values) : values;
  const awaits = page.code.includes(`export async function ${page.call}(`) ? 'await ' : '';
  return `${page.code.trimEnd()}\n\nconsole.log(${awaits}${page.call}(${written(argument)}));\n`;
}

/** A property’s name, in quotes where it is no identifier. */
const key = (name: string) => (/^[a-z_$][\w$]*$/i.test(name) ? name : literal(name));

/** A value as one would write it: `{ eps: 0.1, goal: [0.5, 0.5] }`. */
export function literal(value: unknown): string {
  if (typeof value === 'string')
    return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n')}'`;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const parts = Object.entries(value).map(([name, part]) => `${key(name)}: ${literal(part)}`);
    return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
  }
  return String(value);
}
