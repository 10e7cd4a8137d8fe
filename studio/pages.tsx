// The pages of the studio: a row here is all that the frame needs to show one.
import { type ComponentType, type LazyExoticComponent, lazy } from 'react';

export interface Page {
  /** The first part of the address, such as /runs; what follows it belongs to the page. */
  readonly path: string;
  /** In the navigation and the window's title. */
  readonly label: string;
  /** One line for first-time visitors: what this is and what to do. */
  readonly about: string;
  /** Loaded when it is first opened. */
  readonly component: LazyExoticComponent<ComponentType>;
}

const page = (load: () => Promise<ComponentType>) => lazy(async () => ({ default: await load() }));

/** In the order of the navigation; the first one opens by itself. */
export const pages: readonly Page[] = [
  {
    path: '/runs',
    label: 'Runs',
    about:
      'Every training run in this folder, as it goes. Tick runs to compare their curves, click a name for its settings and its policy.',
    component: page(() => import('./runs/runs-page.js').then((module) => module.RunsPage)),
  },
  {
    path: '/watch',
    label: 'Watch',
    about:
      'A policy at work, here in the browser. Click into the scene to place its goal, or ask for something where it is told in words, and see what it does.',
    component: page(() => import('./watch/watch-page.js').then((module) => module.WatchPage)),
  },
  {
    path: '/record',
    label: 'Record',
    about:
      'Show it yourself: steer by keys or the pointer, keep what went well, and save it as a data set that policies learn from.',
    component: page(() => import('./record/record-page.js').then((module) => module.RecordPage)),
  },
  {
    path: '/train',
    label: 'Train here',
    about:
      'Train a policy in this tab, on this computer’s processor, and watch it practise. Press Start: the arm learns to reach in less than a minute.',
    component: page(() => import('./train/train-page.js').then((module) => module.TrainPage)),
  },
  {
    path: '/actors',
    label: 'Actors',
    about: 'Who acts for runs that learn over a broker: how fast, with how old a policy, and what each waits for.',
    component: page(() => import('./actors/actors-page.js').then((module) => module.ActorsPage)),
  },
  {
    path: '/lab',
    label: 'Lab',
    about: 'The ideas behind it, to touch: each page computes with the library and shows the code that did it.',
    component: page(() => import('./lab/lab-app.js').then((module) => module.LabApp)),
  },
];
