// Writes the tables of the pages, between their markers, and the curves in docs/images from the experiments' JSON.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { circumstances } from './tables.js';
import { topics } from './topics/index.js';

const docs = new URL('../../docs/', import.meta.url);
export const pageFile = (page: string): URL => new URL(page, docs);
export const imageFile = (name: string): URL => new URL(`images/${name}`, docs);

export const pages: readonly string[] = [...new Set(topics.map(({ page }) => page))];

/** The page's text with each of its sections, between `<!-- NAME -->` and `<!-- end NAME -->`, written anew. */
export function render(page: string, text: string): string {
  const shown = topics.filter((topic) => topic.page === page);
  const experiments = shown.flatMap((topic) => topic.experiments);
  const sections: Record<string, () => string> = {
    ...(experiments.length > 0 && { circumstances: () => circumstances(experiments) }),
    ...Object.assign({}, ...shown.map((topic) => topic.sections)),
  };
  return Object.entries(sections).reduce((now, [name, section]) => {
    const [start, end] = [`<!-- ${name} -->`, `<!-- end ${name} -->`];
    const [from, to] = [now.indexOf(start), now.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`docs/${page} lacks ${start} ... ${end}`);
    return `${now.slice(0, from + start.length)}\n${section()}\n${now.slice(to)}`;
  }, text);
}

/** The charts of all topics by file name. */
export const charts = (): Record<string, string> => Object.assign({}, ...topics.map((topic) => topic.charts()));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const page of pages) writeFileSync(pageFile(page), render(page, readFileSync(pageFile(page), 'utf8')));
  for (const [name, svg] of Object.entries(charts())) writeFileSync(imageFile(name), svg);
}
