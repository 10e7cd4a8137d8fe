// Words that are held out must be such as the environment can ask with: misspelt ones would hold nothing out.
import type { EnvSpec } from '../envs/env.js';
import { UsageError } from '../errors.js';

/** @throws UsageError naming the setting and the first word that nothing can be asked with */
export async function requireHeardOf(
  { name, instruction }: EnvSpec,
  words: readonly string[],
  setting: string,
): Promise<void> {
  if (!instruction || words.length === 0) return;
  // Encoders are large: pages load them only where something is asked in words.
  const { unheardOf } = await import('../envs/instruction-part.js');
  const [unknown] = unheardOf(instruction, words);
  if (unknown === undefined) return;
  throw new UsageError(`${setting} has "${unknown}", with which ${name} asks for nothing; is it misspelt?`);
}
