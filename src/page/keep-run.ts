// Keeps a run that a page has: in the browser's own files, or as a .zip that is downloaded.
import { addRun, runFiles, zipRun } from '../runs/archive.js';
import { openBrowserStore } from '../runs/browser-store.js';
import type { StoredRun } from './train-in-worker.js';

/** Time for the browser to take what is downloaded. */
const TAKEN_MS = 60_000;

/**
 * Copies a run into the browser's own files (OPFS), where it outlives the tab; under another name where that is taken.
 * Returns the copy. @throws RunError where the browser has no files of its own
 */
export async function saveRun({ run, store }: StoredRun, folder = 'runs'): Promise<StoredRun> {
  const kept = await openBrowserStore(folder);
  return { run: await addRun(kept, run, await runFiles(store, run)), store: kept };
}

/** Downloads a run as a .zip, which `anygoal` and the studio take. Call it from a click. */
export async function downloadRun({ run, store }: StoredRun): Promise<void> {
  const bytes = (await zipRun(store, run)) as Uint8Array<ArrayBuffer>;
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/zip' }));
  link.download = `${run.slice(run.lastIndexOf('/') + 1)}.zip`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), TAKEN_MS);
}
