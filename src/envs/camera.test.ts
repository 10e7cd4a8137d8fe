// Environments with a camera: they keep the contract, policies see pictures only, families and several views go through.
import { expect, test } from 'vitest';
import { agentSpec } from '../agents/agent-spec.js';
import { UsageError } from '../errors.js';
import { checkDefinition } from './check-env.js';
import { parseEnvOptions } from './define-env.js';
import { loadEnv } from './registry.js';

const make = async (name: string, camera: Record<string, unknown> | undefined, more = {}) => {
  const definition = await loadEnv(name);
  return definition.create(parseEnvOptions(definition, { ...more, ...(camera && { camera }) }));
};

test.each([
  ['point/reach', { size: 16 }],
  ['point/maze-umaze', { size: 16 }],
  ['arm/push', { size: 16, views: ['front', 'top'] }],
  ['tabletop/push', { size: 16, views: ['side', 'gripper', 'close'] }],
  ['tabletop/words', { size: 16 }],
])('%s keeps the contract with camera %o', async (name, camera) => {
  expect((await checkDefinition(await loadEnv(name), { camera }, { episodes: 2 })).findings).toEqual([]);
});

test('policies see the pictures and the goal; the numbers of the state are privileged', async () => {
  const { spec } = await make('arm/reach', { size: 16, views: ['front', 'side'] });
  const { inputs, privileged } = agentSpec(spec);
  expect(inputs.map(({ name, shape }) => [name, ...shape])).toEqual([
    ['camera', 16, 16, 3],
    ['camera-side', 16, 16, 3],
    ['goal', 3],
  ]);
  expect(privileged?.map(({ name }) => name)).toEqual(['observation']);
  const both = agentSpec((await make('arm/reach', { state: true })).spec);
  expect(both.inputs.map(({ name }) => name)).toEqual(['observation', 'camera', 'goal']);
  expect(both.privileged).toBeUndefined();
  expect(agentSpec((await make('arm/reach', undefined)).spec).privileged).toBeUndefined();
});

test('the members of a family share the camera', async () => {
  const env = await make('tabletop/mt3', { size: 24 });
  expect(env.spec.privileged).toEqual(['observation']);
  for (const task of ['reach', 'push', 'pick-and-place']) {
    const alone = await make(`tabletop/${task}`, { size: 24 });
    const { columns } = env.reset({ seed: 4, task });
    expect(new Set(columns.camera).size).toBeGreaterThan(20);
    expect(columns.camera).toHaveLength(alone.spec.parts?.camera.size ?? 0);
  }
});

test('equal states give equal pictures, and a restored state its own', async () => {
  const [a, b] = [await make('arm/push', { size: 32 }), await make('arm/push', { size: 32 })];
  a.reset({ seed: 7 });
  b.reset({ seed: 8 });
  const state = a.saveState();
  const moved = a.step([1, 0.5, 0, 0]).columns.camera.slice();
  b.restoreState(state);
  expect(b.step([1, 0.5, 0, 0]).columns.camera).toEqual(moved);
  expect(b.step([1, 0.5, 0, 0]).columns.camera).not.toEqual(moved);
});

test('unknown views and sizes are refused by name', async () => {
  await expect(make('arm/reach', { views: ['above'] })).rejects.toThrow(UsageError);
  await expect(make('arm/reach', { views: ['front', 'front'] })).rejects.toThrow(/each view can be named once/);
  await expect(make('arm/reach', { size: 4 })).rejects.toThrow(/camera.size/);
});

test('a goal as a picture is what the camera sees where it is reached, and replaces its numbers', async () => {
  const env = await make('point/reach', { size: 32, goal: true });
  const { inputs, privileged } = agentSpec(env.spec);
  expect(inputs.map(({ name, role, shows }) => [name, role, shows])).toEqual([
    ['camera', 'state', undefined],
    ['goal-camera', 'goal', 'camera'],
  ]);
  expect(privileged?.map(({ name }) => name)).toEqual(['observation', 'goal']);
  const { columns } = env.reset({ seed: 3, goal: [0.5, -0.25] });
  const shown = columns['goal-camera'].slice();
  let now = env.step([1, 1]);
  expect(now.columns['goal-camera']).toEqual(shown);
  for (let t = 0; t < 45; t++) now = env.step([0, 1].map((k) => (now.goal[k] - now.achieved[k]) / 0.1));
  expect(now.columns.camera).toEqual(shown);
});

test.each(['arm/reach', 'arm/push', 'arm/pick-and-place', 'tabletop/push', 'tabletop/open-drawer'])(
  '%s: taking the picture of a goal changes nothing else',
  async (name) => {
    const [filmed, plain] = [await make(name, { size: 16, goal: true }), await make(name, undefined)];
    const [a, b] = [filmed.reset({ seed: 2 }), plain.reset({ seed: 2 })];
    expect([a.observation, a.goal]).toEqual([b.observation, b.goal]);
    expect(a.columns['goal-camera']).not.toEqual(a.columns.camera);
    for (let t = 0; t < 5; t++)
      expect(filmed.step([0.3, -1, 0.2, 0]).observation).toEqual(plain.step([0.3, -1, 0.2, 0]).observation);
  },
);

test('an episode that begins again is filmed where it begins', async () => {
  const env = await make('tabletop/push', { size: 32, goal: true });
  const seen = () => ['camera', 'goal-camera'].map((part) => env.reset({ again: true }).columns[part].slice());
  env.reset({ seed: 3 });
  const first = seen();
  for (const [i, picture] of seen().entries()) expect(picture).not.toEqual(first[i]);
  env.dispose?.();
});

test('where the goal is, pictures of the tabletop show only where they are told to', async () => {
  const goalOf = (y: number) => Float32Array.from({ length: 18 }, (_, i) => [0.5, y, 0.6][i] ?? (i === 12 ? 1 : 0));
  const seen = async (goalMarker: boolean) => {
    const env = await make('tabletop/reach', { size: 32 }, { goalMarker });
    const pictures = [-0.15, 0.15].map((y) => env.reset({ seed: 3, goal: goalOf(y) }).columns.camera.slice());
    env.dispose?.();
    return pictures;
  };
  const [one, other] = await seen(false);
  expect(one).toEqual(other);
  const [left, right] = await seen(true);
  expect(left).not.toEqual(right);
  await expect(make('tabletop/reach', undefined, { goalMarker: true })).rejects.toThrow(
    'tabletop/reach: env.goalMarker is true, but env.camera is not set, so that nothing would show it; set env.camera.size, or leave env.goalMarker out.',
  );
});
