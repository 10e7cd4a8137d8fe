// Settings of Gymnasium environments, beside the arguments in their names: what Python does not say.
import * as z from 'zod';
import { ignoredFromData, usualFromData } from '../from-data.js';

export const gymOptions = z.strictObject({
  timeout: z
    .number()
    .positive()
    .max(86_400)
    .default(60)
    .describe('seconds without an answer after which its process counts as hanging and is ended')
    .meta(ignoredFromData),
  tolerance: z
    .number()
    .positive()
    .nullable()
    .default(null)
    .describe('largest Euclidean distance at which a goal counts as reached; null: as the environment says')
    .meta(usualFromData),
  rewardRange: z
    .tuple([z.number(), z.number()])
    .nullable()
    .default(null)
    .describe('smallest and largest reward of a step, which bound value targets; null: known of sparse rewards only')
    .meta(usualFromData),
  successEndsEpisode: z
    .boolean()
    .nullable()
    .default(null)
    .describe('whether reaching the goal ends the episode; null: as compute_terminated says')
    .meta(usualFromData),
});
export type GymOptions = z.infer<typeof gymOptions>;
