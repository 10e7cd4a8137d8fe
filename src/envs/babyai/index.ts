// BabyAI's levels in TypeScript.
import * as z from 'zod';
import { defineEnv } from '../define-env.js';
import type { EnvDefinition } from '../env.js';
import { usualFromData } from '../from-data.js';
import { captionRules } from './captions.js';
import { completeSettings, levels } from './levels.js';
import { type LevelName, levelListings } from './names.js';
import { createBabyAi, type LevelOptions, levelSpec } from './simulation.js';

export { type LevelName, levelListings, levelNames } from './names.js';
export { rephrase } from './other-words.js';
export { sentencesOf } from './sentences.js';

const whole = (low: number, high: number) => z.number().int().min(low).max(high);

/** Settings that a level has: mazes of any size can have other numbers of rooms, and some have doors to open. */
function optionsOf(name: LevelName) {
  const { columns, rows, roomSize, objects, doorsOpen } = completeSettings(name);
  const { ofAnySize = false, things = true } = levels[name];
  return z.strictObject({
    view: z
      .enum(['symbols', 'planes'])
      .default('symbols')
      .describe('symbols: kind, colour and state of each cell, as minigrid; planes: each one-hot, for networks'),
    encoder: z
      .string()
      .min(1)
      .default('embedded')
      .describe(
        'what makes the part instruction of the sentence: embedded, a file that `anygoal text table` wrote, or none: there is no such part',
      )
      .meta(usualFromData), // the same encoder may have another path: vectors are compared (checkFits)
    phrasing: z
      .enum(['plain', 'varied'])
      .default('plain')
      .describe("plain: BabyAI's own words; varied: others too, such as grab the crimson sphere"),
    frames: whole(1, 16)
      .default(1)
      .describe('last views that the picture has, the newest first: what was seen before, for policies without memory'),
    captions: z
      .boolean()
      .default(false)
      .describe('each step tells which instructions it fulfilled, for language hindsight (relabel caption)'),
    roomSize: whole(4, 25)
      .default(roomSize)
      .describe('cells of a room along a side, walls included')
      .meta(usualFromData),
    ...(things && {
      objects: whole(Math.min(objects, 1), 40)
        .default(objects)
        .describe('things, besides those that the level needs')
        .meta(usualFromData),
    }),
    ...(ofAnySize && {
      columns: whole(2, 5).default(columns).describe('columns of rooms').meta(usualFromData),
      rows: whole(2, 5).default(rows).describe('rows of rooms').meta(usualFromData),
    }),
    ...(name === 'go-to' && {
      doorsOpen: z.boolean().default(doorsOpen).describe("whether the maze's doors are open").meta(usualFromData),
    }),
  }) as unknown as z.ZodType<LevelOptions>;
}

function defineLevel(name: LevelName, description: string): EnvDefinition<LevelOptions> {
  const definition = defineEnv<LevelOptions>({
    name: `babyai/${name}`,
    description,
    options: optionsOf(name),
    rules: (options) => ({
      spec: levelSpec(name, options),
      ...(options.captions && { captions: captionRules(name, completeSettings(name, options)) }),
    }),
    create: (options) => createBabyAi(name, options),
  });
  return { ...definition, hasExpert: true };
}

/** Environments by the names of their levels. */
export const babyai = Object.fromEntries(
  levelListings.map(({ name, description }) => [name, defineLevel(name, description)]),
) as Readonly<Record<LevelName, EnvDefinition<LevelOptions>>>;
