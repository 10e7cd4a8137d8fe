// Sentences as task identifiers: what asks for an episode's task and goal, shown from its beginning to its end.
import * as z from 'zod';
import { textAnd, withText } from '../../bytes.js';
import { UsageError } from '../../errors.js';
import type { Random } from '../../random.js';
import type { EnvSpec, SimulationBase, TimeStep } from '../env.js';
import { instructionParts, instructionSpec, sayInstruction, wordsSetting } from '../instruction-part.js';
import { type Instructions, placeholders, writeInstruction } from '../instructions.js';
import type { FamilySpeech, SentenceOptions, SpokenMember } from './speech.js';

const sentenceOptions = z.object({
  sentences: z
    .enum(['plain', 'varied'])
    .optional()
    .describe(
      'episodes show the sentence that asks for them as the part `instruction`. plain: always in the same words; varied: in others too; absent: none',
    ),
  words: wordsSetting,
});

/** Every sentence of a task that there is. */
function allOf({ templates, words }: Instructions, plain: boolean): string[] {
  return (plain ? templates.slice(0, 1) : templates).flatMap((template) => {
    const names = [...new Set(placeholders(template))];
    const all = names.reduce<Record<string, string>[]>(
      (some, name) => some.flatMap((chosen) => words[name].map((word) => ({ ...chosen, [name]: word }))),
      [{}],
    );
    return all.map((chosen) => writeInstruction(template, chosen));
  });
}

/** The spec with the parts that show sentences. @throws UsageError for tasks that are not said in words */
function withSentences(
  spec: EnvSpec,
  { sentences, words = 0 }: SentenceOptions,
  members: readonly SpokenMember[],
): EnvSpec {
  if (!sentences) {
    if (words === 0) return spec;
    throw new UsageError(
      `${spec.name}: env.words is ${words}, but env.sentences is not set; set env.sentences=plain, or env.words=0.`,
    );
  }
  const without = members.filter(({ env }) => !env.instructions).map(({ task }) => task);
  if (without.length > 0) {
    throw new UsageError(
      `${spec.name}: env.sentences is ${sentences}, but nobody says ${without.join(', ')} in words; leave it out, or give these environments \`instructions\`.`,
    );
  }
  const all = members.flatMap(({ env }) => allOf(env.instructions as Instructions, sentences === 'plain'));
  const instruction = instructionSpec([...new Set(all)], 'embedded', words);
  return { ...spec, parts: { ...spec.parts, ...instructionParts(instruction) }, instruction };
}

/** A family's simulation whose episodes are asked for in words. */
function saying<Spec extends EnvSpec>(
  simulation: SimulationBase<Spec>,
  { sentences }: SentenceOptions,
  members: readonly SpokenMember[],
): SimulationBase<Spec> {
  const { instruction } = simulation.spec;
  if (!sentences || !instruction) return simulation;
  let template = '';
  let sentence = '';
  const choose = (task: number, random: Random) => {
    const { templates } = members[task].env.instructions as Instructions;
    template = templates[sentences === 'plain' ? 0 : random.below(templates.length)];
  };
  const say = (now: TimeStep) => {
    const { fill } = members[now.task[0]].env.instructions as Instructions;
    sentence = writeInstruction(template, fill(now.observation, now.goal));
    sayInstruction(instruction, sentence, now.columns);
  };
  return {
    ...simulation,
    reset(random, now, evaluationTask) {
      simulation.reset(random, now, evaluationTask);
      choose(now.task[0], random);
      say(now);
    },
    restart(now) {
      simulation.restart?.(now);
      say(now);
    },
    instruction: () => sentence,
    saveState: () => withText(`${template}\n${sentence}`, simulation.saveState()),
    restoreState(bytes) {
      const [text, state] = textAnd(bytes);
      [template, sentence] = text.split('\n');
      simulation.restoreState(state);
    },
  };
}

/** For `taskFamily`; apart from it, because the encoder's table is large and few need it. */
export const speech: FamilySpeech = { options: sentenceOptions, spec: withSentences, simulation: saying };
