// Where the lab's pages lie: under /lab in the studio, files beside each other in the static build.
import { createContext } from 'react';

export interface LabPlaces {
  /** The address of a page, or of the list of pages. */
  href(slug?: string): string;
  /** The page that an address shows; undefined: the list. */
  slug(pathname: string): string | undefined;
}

export const studioPlaces: LabPlaces = {
  href: (slug) => (slug === undefined ? '/lab' : `/lab/${slug}`),
  slug: (pathname) => pathname.split('/')[2] || undefined,
};

/** `index.html` and a file for each page, in whatever folder they are put. */
export const staticPlaces = (folder: string): LabPlaces => ({
  href: (slug) => (slug === undefined ? folder : `${folder}${slug}.html`),
  slug(pathname) {
    const name = pathname.slice(pathname.lastIndexOf('/') + 1).replace(/\.html$/, '');
    return name === '' || name === 'index' ? undefined : name;
  },
});

export const Places = createContext(studioPlaces);
