// The tabletop asked in words: which of two things, and what to do with it, says a sentence alone.
import * as z from 'zod';
import { textAnd, withText } from '../../bytes.js';
import { UsageError } from '../../errors.js';
import { loadEngine } from '../../physics/engine.js';
import { type Filmed, withCamera } from '../camera.js';
import type { CaptionRules } from '../captions.js';
import type { Demonstrator, EnvDefinition, EnvRules, Simulation, TimeStep } from '../env.js';
import { usualFromData } from '../from-data.js';
import { createGoalEnv } from '../goal-env.js';
import { instructionParts, instructionSpec, sayInstruction, wordsSetting } from '../instruction-part.js';
import { type GroupName, groups, seen, seenOfObject, wants, wantsColumn } from './columns.js';
import { type Ask, asks, parseRequest, type Request, rephrase, requests, sentenceOf } from './language.js';
import { area, colourNames, colours, type ShapeName, shapeNames, shapes, tableTop } from './layout.js';
import { tabletopOptions, tabletopRules } from './rules.js';
import { scriptedController } from './scripted/index.js';
import { createTabletop } from './simulation.js';
import { drawStart, type Start } from './tasks.js';

const options = tabletopOptions.extend({
  encoder: z
    .string()
    .min(1)
    .default('embedded')
    .describe('what makes the part instruction of the sentence: embedded, or a file that `anygoal text table` wrote')
    .meta(usualFromData), // the same encoder may have another path: vectors are compared (checkFits)
  words: wordsSetting,
  phrasing: z
    .enum(['plain', 'varied'])
    .default('plain')
    .describe('plain: always the same words; varied: others too, such as grab the crimson block'),
});
export type WordsOptions = z.infer<typeof options>;

const STEPS = 75;
/** Where things are pushed to, left and right of the robot's middle, in metres. */
const SIDE = 0.2;
/** How far above a thing the gripper goes, and how high things are picked up. */
const ABOVE = 0.08;
const HIGH = 0.12;

/** All that can be asked for, in plain words, and in every other way. */
export const asked = { sentences: requests.map(sentenceOf), everyWay: rephrase.everyWay };

/** Sentences that vectors are standardised over: all there are, and each once in other words where others are used. */
const sentencesFor = ({ phrasing }: WordsOptions): string[] => {
  const plain = requests.map(sentenceOf);
  return phrasing === 'plain' ? plain : plain.flatMap((sentence, i) => [sentence, rephrase.other(sentence, i)]);
};

function wordsRules(given: WordsOptions): EnvRules {
  // What an achievement fulfils is where the thing is; whether it was asked for by other words nobody says, but captions do.
  const { spec, ...rules } = tabletopRules('pick-and-place', given);
  const instruction = instructionSpec(sentencesFor(given), given.encoder, given.words);
  const parts = { ...spec.parts, ...instructionParts(instruction) };
  return { ...rules, captions, spec: { ...spec, name: 'tabletop/words', parts, instruction, maxEpisodeSteps: STEPS } };
}

/** Writes the goal of a request about the thing of this number and shape, which lies at x, y. */
function writeGoal(ask: Ask, target: number, shape: ShapeName, [x, y]: Iterable<number>, goal: Float32Array): void {
  const group: GroupName = ask === 'go to' ? 'gripper' : target === 0 ? 'object-1' : 'object-2';
  const { at } = groups[group];
  goal.fill(0);
  goal[wantsColumn(group)] = 1;
  goal[at] = x;
  goal[at + 1] = y;
  goal[at + 2] = tableTop + shapes[shape][2];
  if (ask === 'go to') goal[at + 2] += ABOVE;
  else if (ask === 'pick up') goal[at + 2] += HIGH;
  else goal[at + 1] = ask === 'push left' ? SIDE : -SIDE;
}

/** Writes the goal of a request about the thing `start.target`, and makes room for a push. */
function aim(ask: Ask, { place, target, shape }: Start, goal: Float32Array): void {
  const own = place[target];
  const other = place[1 - target];
  writeGoal(ask, target, shapeNames[shape[target]], own, goal);
  if (ask === 'go to' || ask === 'pick up') return;
  const [near, far] = area.x;
  if (Math.abs(own[0] - other[0]) < 0.11) other[0] = own[0] > (near + far) / 2 ? near : far;
}

/** Whether a thing that is seen to begin at `at` has this shape and colour. */
const looksLike = ({ colour, shape }: Request, observation: ArrayLike<number>, at: number): boolean =>
  observation[at + seenOfObject.shape + shapeNames.indexOf(shape)] > 0.5 &&
  colours[colour].every((part, j) => Math.abs(observation[at + seenOfObject.colour + j] - part) < 1e-3);

/** What can be said of an episode: every request about one of its two things. */
const captions: CaptionRules = {
  sentences: asked.sentences,
  goal(sentence, observation, goal) {
    const request = requests[sentence];
    const target = [0, 1].find((i) => looksLike(request, observation, seen.objects + i * seen.objectSize));
    if (target === undefined) return false;
    const at = seen.objects + target * seen.objectSize + seenOfObject.position;
    writeGoal(request.ask, target, request.shape, [observation[at], observation[at + 1]], goal);
    return true;
  },
};

const thingOf = ({ shape, colour, target }: Start) => ({
  colour: colourNames[colour[target]],
  shape: shapeNames[shape[target]],
});

/** The asked-for thing is the one that the sentence means; where neither is, one becomes it. */
function provide({ ask, colour, shape }: Request, start: Start, goal: Float32Array): void {
  const [hue, form] = [colourNames.indexOf(colour), shapeNames.indexOf(shape)];
  const meant = [0, 1].find((i) => start.colour[i] === hue && start.shape[i] === form) as 0 | 1 | undefined;
  if (meant !== undefined) start.target = meant;
  else {
    start.shape[start.target] = form;
    start.colour[start.target] = hue;
    const other = 1 - start.target;
    if (start.colour[other] === hue) start.colour[other] = (hue + 1) % colourNames.length;
  }
  aim(ask, start, goal);
}

async function createWords(given: WordsOptions): Promise<Simulation & Filmed> {
  const rules = wordsRules(given);
  const { instruction } = rules.spec;
  let sentence = '';
  const tabletop = createTabletop(await loadEngine(given.physics), {
    rules,
    goalMarker: given.goalMarker,
    draw(random, start, goal) {
      drawStart(random, start);
      const ask = asks[random.below(asks.length)];
      aim(ask, start, goal);
      const plain = sentenceOf({ ask, ...thingOf(start) });
      sentence = given.phrasing === 'plain' ? plain : rephrase.varied(plain, random);
    },
  });
  const say = ({ columns }: TimeStep) => {
    if (instruction) sayInstruction(instruction, sentence, columns);
  };
  return {
    ...tabletop,
    reset(random, now) {
      tabletop.reset(random, now);
      say(now);
    },
    instruction: () => sentence,
    instruct(said, now) {
      const request = parseRequest(said);
      if (!tabletop.rearrange((start, goal) => provide(request, start, goal), now)) {
        throw new UsageError(
          `instruction "${said}": an episode that begins from a saved state keeps what it was asked for.`,
        );
      }
      sentence = said;
      say(now);
    },
    saveState: () => withText(sentence, tabletop.saveState()),
    restoreState(bytes) {
      const [text, state] = textAnd(bytes);
      sentence = text;
      tabletop.restoreState(state);
    },
  };
}

/** Each controller by what the goal is about; the sentence says the same. */
function demonstrator(): Demonstrator {
  const [reach, push, pick] = (['reach', 'push', 'pick-and-place'] as const).map(scriptedController);
  return (observation, goal) => {
    if (wants(goal, 'gripper')) return reach(observation, goal);
    const height = goal[groups[wants(goal, 'object-1') ? 'object-1' : 'object-2'].at + 2];
    return (height > tableTop + HIGH ? pick : push)(observation, goal);
  };
}

/** `tabletop/words`. Policies see the sentence and not the goal (training/defaults/tabletop.ts). */
export const tabletopWords: EnvDefinition<WordsOptions> = {
  name: 'tabletop/words',
  description: 'asked in words: go to, pick up or push one of two things, told by colour and shape',
  options,
  rules: wordsRules,
  demonstrator,
  create: async (given) => createGoalEnv(withCamera(await createWords(given), given.camera)),
};
