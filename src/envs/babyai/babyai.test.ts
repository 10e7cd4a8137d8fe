// BabyAI's levels keep the contract, and are solved by their bot; sentences are understood or refused with a reason.
import { expect, test } from 'vitest';
import { createRandom } from '../../random.js';
import { embeddedChecksum } from '../../text/embedded.js';
import { checkDefinition } from '../check-env.js';
import { parseEnvOptions } from '../define-env.js';
import type { GoalEnv } from '../env.js';
import { babyai, type LevelName, levelNames } from './index.js';
import { sentenceOf } from './instructions.js';
import { parseInstruction } from './parse.js';
import { createBabyAi } from './simulation.js';

const open = (name: LevelName, options = {}) => babyai[name].create(parseEnvOptions(babyai[name], options)) as GoalEnv;

test.each(['go-to-local', 'boss-level'] as const)('%s keeps the contract', async (name) => {
  for (const view of ['symbols', 'planes']) {
    const { findings } = await checkDefinition(babyai[name] as never, { view }, { episodes: 3 });
    // Long levels are not looked at to their ends.
    expect(findings.filter(({ check }) => check !== 'time limit')).toEqual([]);
  }
});

/** The bot's episodes from these seeds. */
function solve(env: GoalEnv, seed: number): boolean {
  env.reset({ seed });
  for (;;) {
    const { terminated, truncated, isSuccess } = env.step(env.expert!());
    if (terminated || truncated) return isSuccess;
  }
}

/** There the plans of minigrid's bot turn in a circle too. */
const unsolved: readonly LevelName[] = ['unlock-to-unlock'];

test.each(levelNames.filter((name) => !unsolved.includes(name)))('%s is solved by the bot', (name) => {
  const env = open(name);
  const solved = Array.from({ length: 3 }, (_, seed) => solve(env, seed));
  expect(solved).toEqual([true, true, true]);
});

test('an episode goes on as it was after saving, and its expert with it', () => {
  const env = open('put-next-local');
  env.reset({ seed: 3 });
  for (let i = 0; i < 4; i++) env.step(env.expert!());
  const state = env.saveState();
  const rest = () => {
    const actions: number[] = [];
    for (;;) {
      actions.push(env.expert!()[0]);
      const { terminated, truncated, reward, columns } = env.step(actions.slice(-1));
      if (terminated || truncated) return [actions, reward, [...(columns.image as Uint8Array)]];
    }
  };
  env.restoreState(state);
  const once = rest();
  env.restoreState(state);
  expect(rest()).toEqual(once);
});

test('another instruction takes the place of the drawn one', () => {
  const env = open('go-to-local');
  env.reset({ seed: 1, instruction: 'pick up a ball' });
  expect(env.instruction!()).toBe('pick up a ball');
  expect(solveOn(env)).toBe(6); // a ball
});

test('a longer instruction than the level has takes no longer than the level may', () => {
  const env = open('go-to-local', { roomSize: 5, objects: 2 });
  env.reset({ seed: 1, instruction: 'go to a ball and go to a box, then put a key next to a box' });
  let steps = 0;
  for (let ended = false; !ended; steps++) ended = env.step([1]).truncated;
  expect(steps).toBe(env.spec.maxEpisodeSteps);
});

/** Lets the expert finish, and gives the kind of what it holds then, as the agent sees it. */
function solveOn(env: GoalEnv): number {
  for (;;) {
    const { isSuccess, columns, truncated } = env.step(env.expert!());
    if (isSuccess) return columns.image[3 * (3 * 7 + 6)];
    if (truncated) return -1;
  }
}

test('sentences are read back as they are written, in all forms', () => {
  const { episode } = drawn('boss-level', 4);
  const sentences = [
    'go to the red ball',
    'open a door on your left',
    'pick up the grey object',
    'put a key behind you next to the blue door in front of you',
    'go to a box and pick up the key, then open the green door',
    'go to a box after you pick up the yellow ball on your right and open a door',
  ];
  for (const sentence of sentences) {
    const said = sentenceOf(episode.world, parseInstruction(sentence));
    expect(said.replace(/\b(a|the) /g, '')).toBe(sentence.replace(/\b(a|the) /g, ''));
  }
});

function drawn(name: LevelName, seed: number) {
  const simulation = createBabyAi(name, { view: 'symbols', encoder: 'none', phrasing: 'plain' });
  simulation.reset(createRandom(seed), {
    columns: { image: new Uint8Array(147), direction: new Float32Array(1) },
  } as never);
  return simulation;
}

test('unknown words and impossible requests are told', () => {
  expect(() => parseInstruction('snatch the red ball')).toThrow(/unknown word "snatch" in "snatch the red ball"/);
  expect(() => parseInstruction('grap the red ball')).toThrow(/did you mean "grab"\? Available: go, .*, crimson/);
  expect(() => parseInstruction(' ')).toThrow(/instruction " " asks for nothing; say "go to the red ball"/);
  expect(() => parseInstruction('go to the rad ball')).toThrow(/did you mean "red"/);
  expect(() => parseInstruction('pick up the door')).toThrow('a door cannot be carried');
  expect(() => parseInstruction('open the red ball')).toThrow('is none that BabyAI');
  expect(() => parseInstruction('go to red the ball')).toThrow('"go to red the ball"');
});

test('a maze that cannot hold its things says so', () => {
  expect(() => open('go-to-local', { roomSize: 4, objects: 20 }).reset({ seed: 0 })).toThrow('set roomSize higher');
});

test('the scene has a shape for every cell, what is asked about on its own ground, and the agent where it is', () => {
  const env = open('go-to-red-ball-grey');
  env.reset({ seed: 2 });
  const named = (name: string) => env.scene!().shapes.filter((shape) => shape.name === name);
  expect(named('wall')).toHaveLength(28);
  expect([named('goal').length, named('floor').length]).toEqual([1, 35]);
  const [red] = named('ball').filter(({ color }) => color[0] > 0.8 && color[1] < 0.3);
  expect(red.position).toEqual(named('goal')[0].position);
  const before = named('walker')[0].position;
  while (!env.step(env.expert!()).terminated);
  const [x, y] = named('walker')[0].position;
  expect(Math.abs(x - red.position[0]) + Math.abs(y - red.position[1])).toBe(1);
  expect(before).toHaveLength(3);
});

test('episodes show the vector of their sentence, standardised, and another one for another sentence', () => {
  const env = open('go-to-local');
  const vector = () => [
    ...(env.reset({ seed: 3, instruction: 'go to the red ball' }).columns.instruction as Float32Array),
  ];
  const red = vector();
  expect(vector()).toEqual(red);
  const other = [...(env.reset({ seed: 3, instruction: 'go to the blue key' }).columns.instruction as Float32Array)];
  expect(other).not.toEqual(red);
  expect(env.spec.instruction).toMatchObject({ encoder: 'embedded', checksum: embeddedChecksum });
  expect(Math.max(...red.map(Math.abs))).toBeLessThan(6);
  expect(open('go-to-local', { encoder: 'none' }).spec.instruction).toBeUndefined();
});
