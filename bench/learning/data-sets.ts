// Data sets that learning experiments learn from: how each is recorded, and the command that does the same.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import type { RecordDataOptions } from '../../src/training/index.js';
import { vlaCamera } from '../vla-policy.js';
import { dataFile } from './experiment.js';

/** Of the scripted controller, unless a policy is named. */
type Recipe = Omit<RecordDataOptions, 'policy'> & {
  readonly env: string;
  readonly policy?: string;
  /** Encoder of the sentences, where it is not the embedded one: its table is written first. */
  readonly encoder?: string;
};

/** Where a table of an encoder's vectors of an environment's sentences lies. */
export const tableFile = (env: string, encoder: string): string =>
  `runs/data/${env.replace('/', '-')}-${encoder.split('/').at(-1)}.json`;

/** The scripted controllers stop once they are done. */
const steady = { holdSteps: 10, seed: 1 };
/** What happens is not quite what they mean, so that they show how to recover. */
const shown = { ...steady, shake: 0.05 };
const mt10 = { env: 'tabletop/mt10', ...shown };

/** Tasks of very different numbers of demonstrations, 500 in all. */
const unequal = {
  reach: 10,
  push: 160,
  'pick-and-place': 20,
  stack: 80,
  'press-button': 10,
  'open-drawer': 20,
  'close-drawer': 10,
  'turn-dial': 80,
  'pull-with-hook': 80,
  'sweep-into-tray': 30,
};

/** Pairs of colour and shape that are tried afterwards, each colour and each shape in two or one of them. */
export const unseenPairs = [
  ...['red cube', 'blue cylinder', 'yellow brick'],
  ...['purple cube', 'white cylinder', 'green brick'],
];
/** Words that are tried afterwards, in the place of others. */
export const unseenWords = ['grab', 'reach for', 'shift', 'mug', 'block', 'beam', 'crimson', 'violet'];
const asked = { env: 'tabletop/words', ...shown, episodes: 3000 };
const local = { env: 'babyai/go-to-local', episodes: 20_000, seed: 1 };
export const unseenThings = ['red ball', 'blue key', 'green box', 'yellow ball', 'purple key', 'grey box'];

/** OGBench's data of its point mazes: as many episodes as there, of as many transitions. */
const pointmazes = Object.fromEntries(
  ['medium', 'large', 'giant'].flatMap((maze) =>
    ['navigate', 'stitch'].map((policy): [string, Recipe] => [
      `pointmaze-${maze}-${policy}`,
      {
        env: `ogbench/pointmaze-${maze}`,
        policy,
        episodes: policy === 'stitch' ? 5000 : maze === 'giant' ? 500 : 1000,
        seed: 1,
      },
    ]),
  ),
);

/** Places of 32 that no episode of training has. */
export const unseenPlaces = [2, 5, 9, 13, 18, 22, 27, 30].map((k) => `place-${k}`);
const navigate = {
  env: 'point/navigate',
  holdSteps: 5,
  seed: 1,
  tasks: Object.fromEntries(
    Array.from({ length: 32 }, (_, k) => `place-${k}`)
      .filter((task) => !unseenPlaces.includes(task))
      .map((task) => [task, 20]),
  ),
};
const places = { places: 32, demonstration: 4 };
const ofGoal = { demonstration: 6, demonstrationOf: 'goal' };
/** As many episodes of twice the places, of which an eighth has none. */
export const unseenOfMany = Array.from({ length: 8 }, (_, k) => `place-${8 * k + 5}`);
const navigateMany = {
  ...navigate,
  tasks: Object.fromEntries(
    Array.from({ length: 64 }, (_, k) => `place-${k}`)
      .filter((task) => !unseenOfMany.includes(task))
      .map((task) => [task, 9]),
  ),
};
/** An episode of each of eight times as many, of which an eighth is not learned from. */
export const unseenOfMost = Array.from({ length: 64 }, (_, k) => `place-${8 * k + 5}`);
/** From beside as well: from the front alone how far and how high look alike. */
export const twoViews = {
  camera: { size: 48, views: ['close', 'beside'], state: true },
  demonstrationIn: ['camera', 'camera-beside'],
};
const film = { camera: { size: 32, state: true }, demonstrationIn: 'camera' };
/** The bot's episodes of a level, one-hot pictures. */
const bot = (level: string, counts: readonly number[]) =>
  Object.fromEntries(
    counts.map((episodes): [string, Recipe] => [
      `${level}-${episodes}`,
      { env: `babyai/${level}`, episodes, seed: 1, envOptions: { view: 'planes' } },
    ]),
  );

export const dataSets: Readonly<Record<string, Recipe>> = {
  words: asked,
  'words-unseen': { ...asked, without: unseenPairs },
  'words-unseen-one-hot': { ...asked, without: unseenPairs, encoder: 'one-hot' },
  'words-unseen-minilm': { ...asked, without: unseenPairs, encoder: 'runs/models/all-MiniLM-L6-v2' },
  'words-varied': { ...asked, without: unseenWords, envOptions: { phrasing: 'varied' } },
  'go-to-local': { ...local, envOptions: { view: 'planes' } },
  'go-to-local-unseen': { ...local, envOptions: { view: 'planes' }, without: unseenThings },
  ...bot('go-to-red-ball-grey', [1000, 5000, 20_000]),
  ...bot('go-to-local', [5000, 40_000]),
  ...bot('pickup-loc', [5000, 20_000]),
  ...pointmazes,
  'navigate-states': { ...navigate, envOptions: places },
  'navigate-film': { ...navigate, envOptions: { ...places, ...film } },
  'navigate-film-64': { ...navigateMany, envOptions: { ...places, ...film, places: 64 } },
  'navigate-film-512': {
    env: 'point/navigate',
    holdSteps: 5,
    seed: 1,
    episodes: 512,
    envOptions: { ...places, ...film, places: 512 },
  },
  'mt3-states': { env: 'tabletop/mt3', ...shown, episodes: 900, envOptions: ofGoal },
  'mt3-states-2700': { env: 'tabletop/mt3', ...shown, episodes: 2700, envOptions: ofGoal },
  'mt3-states-unseen': { env: 'tabletop/mt3', ...shown, tasks: { reach: 300, push: 600 }, envOptions: ofGoal },
  'mt3-film': {
    env: 'tabletop/mt3',
    ...shown,
    episodes: 900,
    envOptions: { ...ofGoal, camera: { size: 48, views: ['close'], state: true }, demonstrationIn: 'camera' },
  },
  'mt3-films': {
    env: 'tabletop/mt3',
    ...shown,
    episodes: 2700,
    envOptions: { ...twoViews, demonstration: 3, demonstrationOf: 'goal' },
  },
  'vla-mt3': {
    env: 'tabletop/mt3',
    ...shown,
    episodes: 2700,
    envOptions: { camera: vlaCamera, goalMarker: true, sentences: 'plain', words: 12 },
  },
  'mt10-50': { ...mt10, episodes: 500 },
  'mt10-200': { ...mt10, episodes: 2000 },
  'mt10-200-steady': { env: 'tabletop/mt10', ...steady, episodes: 2000 },
  'mt10-unequal': { ...mt10, tasks: unequal },
  'mt3-100': { env: 'tabletop/mt3', ...shown, episodes: 300 },
  'metaworld-100': { env: 'metaworld/mt10', holdSteps: 10, seed: 1, episodes: 1000 },
  'clumsy-reach': { env: 'tabletop/reach', episodes: 200, noise: 0.55, seed: 1 },
  'clumsy-close-drawer': { env: 'tabletop/close-drawer', episodes: 200, noise: 0.45, seed: 1 },
};

/** Records a data set that is not there yet. `library`: URL of the built library's folder. */
export async function recordMissing(name: string, library: string): Promise<void> {
  const file = dataFile(name);
  if (existsSync(file)) return;
  const { recordData }: typeof import('../../src/training/index.js') = await import(`${library}training/index.js`);
  mkdirSync('runs/data', { recursive: true });
  const { encoder, ...recipe } = dataSets[name];
  const envOptions = { ...recipe.envOptions, ...(encoder && { encoder: tableFile(recipe.env, encoder) }) };
  const { bytes, successRate } = await recordData({ policy: 'scripted', ...recipe, envOptions });
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
  console.error(`${file}: success ${successRate}`);
}

/** Writes the table of sentences that a data set needs. False: its encoder's folder is not here. */
export async function tableReady(set: string, library: string): Promise<boolean> {
  const { env, encoder } = dataSets[set];
  if (encoder === undefined || existsSync(tableFile(env, encoder))) return true;
  if (encoder.includes('/') && !existsSync(encoder)) {
    console.error(`${set} is left out: ${encoder} is not here (docs/text.md).`);
    return false;
  }
  await writeTable(env, encoder, library);
  return true;
}

async function writeTable(env: string, name: string, library: string): Promise<void> {
  const text: typeof import('../../src/text/index.js') = await import(`${library}text/index.js`);
  const { askedIn }: typeof import('../../src/envs/index.js') = await import(`${library}envs/index.js`);
  const { nodeRuntime }: typeof import('../../src/runtime/node.js') = await import(`${library}runtime/node.js`);
  const { sentences } = await askedIn(env);
  const encoder =
    name === 'one-hot' ? await text.oneHotEncoder(sentences) : await text.openEncoder(name, async () => nodeRuntime);
  mkdirSync('runs/data', { recursive: true });
  writeFileSync(tableFile(env, name), JSON.stringify(await text.sentenceTable(encoder, sentences)));
}

/** The command that records it. */
export function recordCommand(name: string): string {
  const { env, policy, episodes, tasks, holdSteps, noise, shake, seed, encoder, envOptions, without } = dataSets[name];
  const table = encoder && tableFile(env, encoder);
  return [
    ...(table ? [`npm run -s anygoal -- text table --env ${env} --encoder ${encoder} --out ${table} &&`] : []),
    `npm run -s anygoal -- data record ${env} --seed ${seed}`,
    ...Object.entries({ ...envOptions, ...(table && { encoder: table }) }).map(
      ([setting, value]) => `--set env.${setting}=${typeof value === 'object' ? `'${JSON.stringify(value)}'` : value}`,
    ),
    ...(without ?? []).map((words) => `--without "${words}"`),
    ...(policy === undefined ? [] : [`--policy ${policy}`]),
    ...(episodes === undefined ? [] : [`--episodes ${episodes}`]),
    ...(tasks === undefined
      ? []
      : [
          `--task ${Object.entries(tasks)
            .map((pair) => pair.join('='))
            .join(',')}`,
        ]),
    ...(holdSteps === undefined ? [] : [`--hold ${holdSteps}`]),
    ...(noise === undefined ? [] : [`--noise ${noise}`]),
    ...(shake === undefined ? [] : [`--shake ${shake}`]),
    `--out ${dataFile(name)}`,
  ].join(' ');
}
