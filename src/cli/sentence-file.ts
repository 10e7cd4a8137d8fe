// Files of sentences, one per line.
import { readFile } from 'node:fs/promises';
import { UsageError } from '../errors.js';

/** @throws UsageError where the file cannot be read */
export async function readSentences(file: string): Promise<string[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--file ${file} cannot be read (${error.code}); give a file with one sentence per line.`);
  });
  return text.split(/\r?\n/).filter((line) => line.trim() !== '');
}
