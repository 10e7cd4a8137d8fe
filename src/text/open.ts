// Encoders by name: the embedded one, or a folder.
import type { Runtime } from '../runtime/runtime.js';
import type { SentenceEncoder } from './encoder.js';

/** `embedded`, or the path of a Hugging Face folder, whose programs run in `runtime`. @throws UsageError for folders that are none */
export async function openEncoder(name: string, runtime: () => Promise<Runtime>): Promise<SentenceEncoder> {
  if (name === 'embedded') return (await import('./embedded.js')).embeddedEncoder();
  return (await import('./folder.js')).folderEncoder(name, await runtime());
}
