// Language around an off-policy learner: who captions new episodes, and who rewards them.
import { saysAny } from '../acting/training-goals.js';
import { type Caption, createLanguageHindsight, createVerifier, parseRelabel, type Replay } from '../replay/index.js';
import type { LearnerParts, LearnerState } from './learner.js';
import { createSuccessJudge } from './success-judge.js';

export interface LanguageLearning {
  /** Takes the episodes from number `from` on, the newest in the replay. Gives metrics by their full names. */
  take(from: number): Promise<Readonly<Record<string, number>>>;
  /** Parts `language.*`. */
  save(): Record<string, Uint8Array>;
  restore(parts: LearnerState['parts']): void;
  dispose(): Promise<void>;
}

/** `normalizer`: the input of that name. Undefined where the run has none of it. */
export async function createLanguageLearning(
  options: LearnerParts,
  replay: Replay,
  normalizer: Float32Array,
): Promise<LanguageLearning | undefined> {
  const { config, rules } = options;
  const { seed } = config;
  const relabel = parseRelabel(config.relabel);
  const captioning = relabel.strategy === 'caption';
  if (!captioning && !config.language.rewardModel) return undefined;
  // What encodes sentences is large: pages load it only where something is asked in words.
  const { instructionVector } = await import('../envs/instruction-part.js');
  const { captions, spec } = rules;
  const { ring } = replay;
  const sentences = captions?.sentences ?? [];
  const vector = (sentence: number) => {
    if (!spec.instruction) throw new RangeError(`${spec.name} has no sentence ${sentence}`);
    return instructionVector(spec.instruction, sentences[sentence]);
  };
  const judge = await createSuccessJudge(options, replay, normalizer, vector, captioning);
  const verifier = createVerifier(ring, rules);
  const { words } = config.goals.heldOut;
  const allowed = sentences.map((sentence) => !saysAny(sentence, words));
  /** What was found in the newest episodes, by their first rows. */
  const found = new Map<number, Caption[]>();
  const hindsight =
    captioning &&
    createLanguageHindsight(replay, rules, {
      captioner: (row, steps) => (found.get(row) ?? verifier(row, steps)).filter(({ sentence }) => allowed[sentence]),
      vector,
      copies: relabel.k,
      seed,
    });

  return {
    async take(from) {
      const episodes = ring.nextSerial - from;
      found.clear();
      const told = (await judge?.take(from, found)) ?? {};
      const copies = hindsight ? hindsight.relabel(from) : 0;
      return { ...told, ...(hindsight && { 'language/captions': copies / episodes }) };
    },
    save: () => judge?.save() ?? {},
    restore: (parts) => judge?.restore(parts),
    dispose: async () => judge?.dispose(),
  };
}
