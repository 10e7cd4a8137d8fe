// Every field of a spec that says something about what is seen, done, rewarded or counted is compared.
import { describe, expect, it } from 'vitest';
import type { EnvSpec } from './env.js';
import { box, discrete, image } from './space.js';
import { specChanges } from './spec-changes.js';

const spec: EnvSpec = {
  name: 'me/arm',
  observation: box(3, -1, 1, ['x', 'y', 'z']),
  parts: { camera: image([4, 4, 3]), touch: box(2, 0, 1) },
  achieved: box(2),
  goal: box(2, -1, 1),
  tasks: ['push', 'pull', 'lift'],
  action: box(2, -1, 1),
  maxEpisodeSteps: 50,
  rewardRange: [-1, 0],
  successEndsEpisode: false,
  info: ['distance'],
  columns: { force: { per: 'transition' } },
};

describe('specChanges', () => {
  it('finds none in the same spec, nor in its name, its view and what is left out because it is the default', () => {
    expect(specChanges(spec, spec)).toEqual([]);
    const same = { ...spec, name: 'you/arm', view: 'places' as const, goalKind: 'state' as const, success: false };
    expect(specChanges(spec, same)).toEqual([]);
    const { names, ...nameless } = spec.observation;
    expect(specChanges(spec, { ...spec, observation: { ...nameless, shape: [3], dtype: 'float32' } })).toEqual([]);
  });

  const cases: [changed: Partial<EnvSpec>, field: string, before: string, after: string, effect: string][] = [
    [{ observation: box(5) }, 'observation', '3 numbers', '5 numbers', 'misfit'],
    [{ observation: box(1) }, 'observation', '3 numbers', '1 number', 'misfit'],
    [
      { observation: box(3, [-1, -2, -2], 1, ['x', 'y', 'z']) },
      'bounds of observation, number 1 (y), and 1 more',
      '[-1, 1]',
      '[-2, 1]',
      'meaning',
    ],
    [{ observation: box(3, -1, 1, ['y', 'x', 'z']) }, 'observation.names', 'x, y, z', 'y, x, z', 'meaning'],
    [{ observation: box(3, -1, 1, ['a', 'b', 'c']) }, 'observation.names', 'x, y, z', 'a, b, c', 'label'],
    [{ parts: { camera: image([4, 4, 3]) } }, 'parts', 'camera, touch', 'camera', 'misfit'],
    [{ parts: undefined }, 'parts', 'camera, touch', 'none', 'misfit'],
    [{ parts: { touch: box(2, 0, 1), camera: image([4, 4, 3]) } }, 'parts', 'camera, touch', 'touch, camera', 'misfit'],
    [
      { parts: { camera: image([2, 8, 3]), touch: box(2, 0, 1) } },
      'parts.camera',
      '4 x 4 x 3 bytes',
      '2 x 8 x 3 bytes',
      'misfit',
    ],
    [{ achieved: box(4) }, 'achieved', '2 numbers', '4 numbers', 'meaning'],
    [{ goal: box(1, -1, 1) }, 'goal', '2 numbers', '1 number', 'misfit'],
    [{ goal: box(2, -1, 3) }, 'bounds of goal, number 0, and 1 more', '[-1, 1]', '[-1, 3]', 'meaning'],
    [{ tasks: ['push', 'pull'] }, 'tasks', 'push, pull, lift', 'push, pull', 'misfit'],
    [{ tasks: ['pull', 'push', 'lift'] }, 'tasks', 'push, pull, lift', 'pull, push, lift', 'misfit'],
    [{ tasks: ['push', 'pull', 'raise'] }, 'tasks', 'push, pull, lift', 'push, pull, raise', 'meaning'],
    [{ tasks: undefined }, 'tasks', 'push, pull, lift', 'none', 'misfit'],
    [{ action: box(3, -1, 1) }, 'action', '2 numbers', '3 numbers', 'misfit'],
    [{ action: discrete(4) }, 'action', '2 numbers', 'one of 4 choices', 'misfit'],
    [{ action: box(2, -1, [1, 2]) }, 'bounds of action, number 1', '[-1, 1]', '[-1, 2]', 'meaning'],
    [{ maxEpisodeSteps: 100 }, 'maxEpisodeSteps', '50', '100', 'meaning'],
    [{ evaluationTasks: ['far'] }, 'evaluationTasks', 'none', 'far', 'meaning'],
    [{ relations: { groups: [] } }, 'relations', 'none', '{"groups":[]}', 'label'],
    [{ taskSteps: [50, 20, 50] }, 'taskSteps', 'none', '50, 20, 50', 'meaning'],
    [{ rewardRange: [-Infinity, 0] }, 'rewardRange', '[-1, 0]', '[-Infinity, 0]', 'meaning'],
    [{ successEndsEpisode: true }, 'successEndsEpisode', 'false', 'true', 'meaning'],
    [{ success: true }, 'success', 'false', 'true', 'meaning'],
    [{ info: [] }, 'info', 'distance', 'none', 'meaning'],
    [{ columns: {} }, 'columns', 'force [1] float32 per transition', 'none', 'meaning'],
    [
      { instruction: { encoder: 'e', checksum: '12', mean: [], deviation: [] } },
      'instruction',
      'none',
      'e 12',
      'misfit',
    ],
    [{ goalKind: 'predicate' }, 'goalKind', 'state', 'predicate', 'label'],
    [{ goalPictures: { aim: 'eye' } }, 'goalPictures', 'none', 'aim of eye', 'meaning'],
    [{ privileged: ['observation'] }, 'privileged', 'none', 'observation', 'misfit'],
  ];
  it.each(cases)('%o: %s', (changed, field, before, after, effect) => {
    expect(specChanges(spec, { ...spec, ...changed })).toEqual([{ field, before, after, effect }]);
  });

  it('compares the choices of discrete actions by number and order', () => {
    const choices = (n: number, names?: readonly string[]): EnvSpec => ({ ...spec, action: discrete(n, names) });
    expect(specChanges(choices(2), choices(3))[0]).toMatchObject({ effect: 'misfit', after: 'one of 3 choices' });
    expect(specChanges(choices(2, ['left', 'right']), choices(2, ['right', 'left']))[0]).toMatchObject({
      field: 'action.names',
      effect: 'meaning',
    });
  });

  it('looks at every field of a spec but those that say nothing about training', () => {
    // A field that a later version adds must be compared, or named here.
    const fields: Record<keyof EnvSpec, boolean> = {
      name: false,
      view: false,
      observation: true,
      parts: true,
      privileged: true,
      goalPictures: true,
      achieved: true,
      goal: true,
      relations: true,
      instruction: true,
      tasks: true,
      columns: true,
      goalKind: true,
      action: true,
      maxEpisodeSteps: true,
      evaluationTasks: true,
      taskSteps: true,
      rewardRange: true,
      successEndsEpisode: true,
      info: true,
      success: true,
    };
    const tried = new Set(cases.flatMap(([changed]) => Object.keys(changed)));
    expect([...tried].sort()).toEqual(
      Object.entries(fields)
        .filter(([, compared]) => compared)
        .map(([field]) => field)
        .sort(),
    );
  });
});
