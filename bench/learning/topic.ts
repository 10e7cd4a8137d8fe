// A topic: experiments that belong together, and what a page of docs shows of them.
import type { Experiment } from './experiment.js';

export interface Topic {
  /** The page under docs/ that shows it. */
  readonly page: string;
  readonly experiments: readonly Experiment[];
  /** The text between `<!-- NAME -->` and `<!-- end NAME -->` of the page, by name, from the experiments' JSON. */
  readonly sections: Readonly<Record<string, () => string>>;
  /** SVG charts by file name under docs/images. */
  charts(): Readonly<Record<string, string>>;
}
