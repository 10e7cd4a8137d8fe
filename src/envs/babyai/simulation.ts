// BabyAI's levels as environments: partial views of rooms, seven actions, a sentence that says what is asked.
import type { Random } from '../../random.js';
import { fulfilledName } from '../captions.js';
import type { InstructionSpec, PlainSimulation, SimulationStep } from '../env.js';
import { instructionBox, instructionName, instructionSpec, instructionVector } from '../instruction-part.js';
import { box, discrete, image } from '../space.js';
import { type Bot, createBot } from './bot.js';
import { createCaptioner } from './captions.js';
import { drawEpisode, type Episode, stepLimitOf } from './episode.js';
import { createFrames } from './frames.js';
import { begin, follow, type Status, verify, ways } from './instructions.js';
import type { LevelSettings } from './level.js';
import { completeSettings } from './levels.js';
import type { LevelName } from './names.js';
import { rephrase } from './other-words.js';
import { parseInstruction } from './parse.js';
import { shapesOf } from './scene.js';
import { sentencesOf } from './sentences.js';
import { PLANES, VIEW, writePlanes, writeView } from './view.js';
import { act, actions, DROP, type Thing, type World } from './world.js';

export interface LevelOptions extends Partial<LevelSettings> {
  /** `symbols`: kind, colour and state of each cell as minigrid gives them; `planes`: one-hot. */
  readonly view: 'symbols' | 'planes';
  /** What makes the part `instruction` of the sentence: `embedded`, a table of sentences by its path, or `none`. */
  readonly encoder: string;
  /** Whether episodes ask in BabyAI's own words or in others too (other-words.ts). */
  readonly phrasing: 'plain' | 'varied';
  /** Whether each step tells which of the level's instructions it fulfilled, in the column `fulfilled`. */
  readonly captions?: boolean;
  /** How many of the last views the picture has; absent: the present one. */
  readonly frames?: number;
}

/** A simulation whose episodes can also be made of layouts recorded elsewhere. */
export interface BabyAi extends PlainSimulation {
  /** Replaces the episode. */
  restoreEpisode(episode: Episode): void;
  readonly episode: Episode;
}

export function levelSpec(name: LevelName, options: LevelOptions): PlainSimulation['spec'] {
  const planes = options.view === 'planes';
  const spoken = options.encoder === 'none' ? undefined : instructionsOf(name, options);
  return {
    name: `babyai/${name}`,
    ...(spoken && { instruction: spoken }),
    observation: {
      image: image([VIEW, VIEW, (planes ? PLANES : 3) * (options.frames ?? 1)]),
      direction: planes ? box(4, 0, 1, ['east', 'south', 'west', 'north']) : box(1, 0, 3, ['direction']),
      ...(spoken && { [instructionName]: instructionBox(spoken) }),
    },
    action: discrete(actions.length, actions),
    maxEpisodeSteps: stepLimitOf(name, completeSettings(name, options)),
    rewardRange: [0, 1],
    success: true,
    ...(options.captions && {
      columns: {
        [fulfilledName]: { shape: [createCaptioner(name).size], dtype: 'uint8', per: 'transition' },
      },
    }),
  };
}

const known = new Map<string, InstructionSpec>();

function instructionsOf(name: LevelName, { encoder, phrasing }: LevelOptions): InstructionSpec {
  const key = `${name} ${encoder} ${phrasing}`;
  const spec = known.get(key) ?? instructionSpec(sentencesOf(name, phrasing), encoder);
  known.set(key, spec);
  return spec;
}

export function createBabyAi(name: LevelName, options: LevelOptions): BabyAi {
  const settings = completeSettings(name, options);
  const planes = options.view === 'planes';
  const spec = levelSpec(name, options);
  let episode: Episode;
  let steps = 0;
  let status: Status = 0;
  /** The expert, the step that it was asked at last, and the action since. */
  let bot: Bot | undefined;
  let asked = -1;
  let taken: number | undefined;
  const advice = new Float32Array(1);
  const captioner = options.captions ? createCaptioner(name) : undefined;
  const { frames: count = 1 } = options;
  const frames = count > 1 ? createFrames(count, VIEW * VIEW, planes ? PLANES : 3) : undefined;

  /** `isNew`: views are remembered, but each only once. */
  function show({ columns }: SimulationStep, isNew: boolean): void {
    const { world } = episode;
    const picture = columns.image as Uint8Array;
    const view = frames?.view ?? picture;
    if (planes) writePlanes(world, view);
    else writeView(world, view);
    if (isNew) frames?.push();
    frames?.write(picture);
    if (!planes) {
      columns.direction[0] = world.direction;
      return;
    }
    for (let d = 0; d < 4; d++) columns.direction[d] = d === world.direction ? 1 : 0;
  }

  function say({ columns }: SimulationStep): void {
    if (spec.instruction)
      (columns.instruction as Float32Array).set(instructionVector(spec.instruction, episode.sentence));
  }

  function start(next: Episode): void {
    episode = next;
    steps = 0;
    status = 0;
    bot = undefined;
    taken = undefined;
  }

  return {
    spec,
    get episode() {
      return episode;
    },
    restoreEpisode: start,
    reset(random: Random, now: SimulationStep) {
      const drawn = drawEpisode(name, settings, random);
      start(options.phrasing === 'plain' ? drawn : { ...drawn, sentence: rephrase.varied(drawn.sentence, random) });
      captioner?.begin(episode.world);
      frames?.clear();
      show(now, true);
      say(now);
    },
    step(given, now) {
      const { world, instruction, limit } = episode;
      const action = given[0];
      steps++;
      taken = action;
      act(world, action);
      if (action === DROP) follow(world, instruction);
      status = verify(world, instruction, action);
      captioner?.step(world, action, now.columns[fulfilledName] as Uint8Array);
      show(now, true);
      now.reward[0] = status === 1 ? 1 - 0.9 * (steps / limit) : 0;
      return status !== 0;
    },
    isSuccess: () => status === 1,
    stepLimit: () => episode.limit,
    instruction: () => episode.sentence,
    instruct(sentence, now) {
      const { world } = episode;
      const instruction = parseInstruction(sentence);
      begin(world, instruction);
      // Longer ones than the level has get its longest limit, which replays and runs are made for.
      const limit = Math.min(stepLimitOf(name, settings, ways(instruction)), spec.maxEpisodeSteps);
      start({ world, instruction, sentence, limit });
      say(now);
    },
    expert() {
      // An expert that missed a step does not know what was done: another one begins where things stand.
      if (!bot || asked !== steps - 1) {
        bot = createBot(episode.world, episode.instruction);
        taken = undefined;
      }
      asked = steps;
      advice[0] = bot.replan(taken);
      return advice;
    },
    restart: (now) => show(now, false),
    saveState: () =>
      joinState(
        JSON.stringify({ steps, status, ...(captioner && { open: captioner.save() }), ...written(episode) }),
        frames?.save(),
      ),
    restoreState(bytes) {
      const { text, rest } = splitState(bytes);
      const { steps: at, status: was, open, views = rest, ...saved } = JSON.parse(text) as Saved;
      start(read(saved));
      steps = at;
      status = was;
      if (open) captioner?.restore(open);
      if (views) frames?.restore(views);
    },
    scene: () => ({ dimensions: 2, shapes: shapesOf(episode.world, episode.instruction) }),
  };
}

/** JSON, then, where there is more, a zero, which JSON never contains, and those bytes as they are. */
function joinState(json: string, more?: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(json);
  if (!more) return text;
  const bytes = new Uint8Array(text.length + 1 + more.length);
  bytes.set(text);
  bytes.set(more, text.length + 1);
  return bytes;
}

function splitState(bytes: Uint8Array): { readonly text: string; readonly rest?: Uint8Array } {
  const end = bytes.indexOf(0);
  if (end < 0) return { text: new TextDecoder().decode(bytes) };
  return { text: new TextDecoder().decode(bytes.subarray(0, end)), rest: bytes.subarray(end + 1) };
}

interface SavedEpisode extends Omit<Episode, 'world'> {
  readonly world: Omit<World, 'cells' | 'things'> & { readonly cells: readonly number[]; readonly things: Thing[] };
}

interface Saved extends SavedEpisode {
  readonly steps: number;
  readonly status: Status;
  /** Of the captioner, where there is one. */
  readonly open?: ReturnType<ReturnType<typeof createCaptioner>['save']>;
  /** States of former versions have the views here, as numbers; now they come behind the JSON. */
  readonly views?: ArrayLike<number>;
}

// The same order of names both ways, so that equal episodes have equal bytes.
const written = ({ world, instruction, sentence, limit }: Episode): SavedEpisode => ({
  world: { ...world, cells: [...world.cells] },
  instruction,
  sentence,
  limit,
});
const read = ({ world, ...rest }: SavedEpisode): Episode => ({
  ...rest,
  world: { ...world, cells: Int16Array.from(world.cells) },
});
