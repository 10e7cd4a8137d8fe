// All topics of the learning experiments.
import type { Topic } from '../topic.js';
import { babyai } from './babyai.js';
import { bitFlip, dqnOnBitFlip, relabelStrategies } from './bit-flip.js';
import { demonstrations } from './demonstrations.js';
import { fetchTopic } from './fetch.js';
import { forgetting } from './forgetting.js';
import { generalist } from './generalist.js';
import { gridTopic } from './grid.js';
import { heldOut } from './held-out.js';
import { imitation } from './imitation.js';
import { interference } from './interference.js';
import { language } from './language.js';
import { maze } from './maze.js';
import { metaworld } from './metaworld.js';
import { modelMeasurements } from './model-measurements.js';
import { modelVerdicts } from './model-verdicts.js';
import { models } from './models.js';
import { offlineMazes } from './offline-mazes.js';
import { pendulum } from './pendulum.js';
import { pictures } from './pictures.js';
import { pointForms } from './point-forms.js';
import { push } from './push.js';
import { reach } from './reach.js';
import { vlaTopic } from './vla.js';
import { words } from './words.js';

export const topics: readonly Topic[] = [
  reach,
  push,
  imitation,
  forgetting,
  interference,
  generalist,
  fetchTopic,
  maze,
  metaworld,
  offlineMazes,
  models,
  modelMeasurements,
  modelVerdicts,
  pendulum,
  pointForms,
  pictures,
  heldOut,
  words,
  vlaTopic,
  demonstrations,
  babyai,
  language,
  gridTopic,
  bitFlip,
  dqnOnBitFlip,
  relabelStrategies,
];

export const experiments = topics.flatMap((topic) => topic.experiments);
