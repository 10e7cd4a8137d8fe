// Data sets that learning experiments learn from: how each is recorded, and the command that does the same.
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import type { RecordDataOptions } from '../../src/training/index.js';
import { dataFile } from './experiment.js';

/** Of the scripted controller, unless a policy is named. */
type Recipe = Omit<RecordDataOptions, 'policy'> & { readonly env: string; readonly policy?: string };

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

export const dataSets: Readonly<Record<string, Recipe>> = {
  ...pointmazes,
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
  const { bytes, successRate } = await recordData({ policy: 'scripted', ...dataSets[name] });
  mkdirSync('runs/data', { recursive: true });
  writeFileSync(`${file}.new`, bytes);
  renameSync(`${file}.new`, file);
  console.error(`${file}: success ${successRate}`);
}

/** The command that records it. */
export function recordCommand(name: string): string {
  const { env, policy, episodes, tasks, holdSteps, noise, shake, seed } = dataSets[name];
  return [
    `npm run -s anygoal -- data record ${env} --seed ${seed}`,
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
