// Diagnoses of models, of runs and of data: what is fitted and tested on, that they repeat, and what is refused.
import { beforeAll, describe, expect, it } from 'vitest';
import { openDataSet } from '../datasets/index.js';
import { createMemoryStore } from '../runs/memory-store.js';
import { diagnoseModel } from './diagnose-model.js';
import { recordData } from './record.js';
import { train } from './train.js';

const store = createMemoryStore();
const small = { kind: 'ensemble', members: 2, elites: 2, hidden: [16], epochs: 5, rollouts: 100, every: 100 };
const run = async (env: string, agent: string, model: object, more: Record<string, unknown> = {}) => {
  const { runDir } = await train({
    env,
    agent,
    steps: 400,
    seed: 1,
    store,
    config: {
      agent: { hidden: [16] },
      training: { batchSize: 32, warmupSteps: 100, updatesPerStep: 0.1 },
      runtime: { worker: false, overlap: false, threads: 1 },
      evaluation: { every: 400, episodes: 1 },
      model,
      ...more,
    },
  });
  return runDir.split('/').at(-1) ?? '';
};
const asked = { store, steps: 200, most: 5 };

describe('of runs', () => {
  let plain = '';
  let own = '';
  beforeAll(async () => {
    // Its settings are for the model that would be fitted.
    plain = await run('pendulum', 'sac', { ...small, kind: 'none' });
    own = await run('pendulum', 'sac', small);
  }, 60_000);

  it('fits a model to the replay of a run without one, and tests it on what the policy does now', async () => {
    const phases: string[] = [];
    const diagnosis = await diagnoseModel({ run: plain, ...asked, onPhase: (phase) => phases.push(phase) });
    expect(phases).toEqual(['reading', 'acting', 'fitting', 'measuring', 'timing']);
    const { measured } = diagnosis;
    expect(diagnosis).toMatchObject({ source: 'run', env: 'pendulum', agent: 'sac', steps: 400, stateSize: 3 });
    expect(measured).toMatchObject({ own: false, transitions: 400, testedOn: 'the present policy' });
    expect(measured?.oneStep.transitions).toBe(200);
    expect(measured?.oneStep.dimensions.map(({ name }) => name).at(-1)).toBe('reward');
    expect(measured?.errors.map(({ steps }) => steps)).toEqual([1, 2, 5]);
    expect(measured?.errors.at(-1)?.error.value).toBeGreaterThan(measured?.errors[0].error.value ?? 0);
    expect(measured?.values?.map(({ steps }) => steps)).toEqual([1, 2, 5]);
    expect(measured?.ages?.length).toBeGreaterThan(1);
    expect(measured?.cost.fit).toBeGreaterThan(0);
    expect(diagnosis.verdict.reasons.map(({ about }) => about)).toEqual(
      expect.arrayContaining(['prediction', 'horizon', 'returns', 'cost']),
    );
  });

  it('takes the model of a run that has one, changes nothing, says the same again, and counts what a step costs', async () => {
    const before = await store.list(own);
    const one = await diagnoseModel({ run: own, ...asked });
    const dear = await diagnoseModel({ run: own, ...asked, stepSeconds: 1000 });
    expect(one.measured?.own).toBe(true);
    const timeless = ({ measured }: typeof one) => JSON.stringify({ ...measured, cost: undefined });
    expect(timeless(dear)).toBe(timeless(one));
    expect(await store.list(own)).toEqual(before);
    expect([one.verdict.use, dear.verdict.use]).toEqual([false, dear.verdict.trustworthy]);
    await expect(diagnoseModel({ run: own, ...asked, steps: 10 })).rejects.toThrow('at least 100');
  });

  it('of an agent without a replay: it acts for what the model is fitted to as well', async () => {
    const name = await run(
      'pendulum',
      'ppo',
      { ...small, kind: 'none' },
      { training: { cycleSteps: 200, batchSize: 64 } },
    );
    const { measured } = await diagnoseModel({ run: name, ...asked });
    expect(measured).toMatchObject({ own: false, transitions: 1000, ages: null });
    expect(measured?.values).toBeTruthy();
  });

  it('of an on-policy agent with a model: its own model, and the steps that it was fitted to', async () => {
    const name = await run('pendulum', 'ppo', small, { training: { cycleSteps: 200, batchSize: 64 } });
    const { measured } = await diagnoseModel({ run: name, ...asked });
    expect(measured).toMatchObject({ own: true, transitions: 400, testedOn: 'the present policy' });
    expect(measured?.ages?.length).toBeGreaterThan(1);
  });

  it('with goals: rewards are computed by the rules', async () => {
    const name = await run('point/reach', 'sac', { ...small, kind: 'none' });
    const { measured } = await diagnoseModel({ run: name, ...asked });
    const names = measured?.oneStep.dimensions.map(({ name: of }) => of) ?? [];
    expect(names).not.toContain('reward');
    expect(names.some((of) => of.startsWith('achieved'))).toBe(true);
    expect(measured?.returns[0].real).toBeLessThanOrEqual(0);
  });
});

it('of recorded episodes: every fifth is held out', async () => {
  const { bytes } = await recordData({ env: 'pendulum', policy: 'random', episodes: 10, seed: 1 });
  const data = await openDataSet('walks', bytes);
  const config = { model: small };
  const diagnosis = await diagnoseModel({ data, env: 'pendulum', config, most: 5 });
  expect(diagnosis).toMatchObject({ source: 'data', env: 'pendulum' });
  expect(diagnosis.measured).toMatchObject({
    testedOn: 'held-out episodes',
    transitions: 1600,
    values: null,
    ages: null,
    oneStep: { transitions: 400 },
  });
  await expect(diagnoseModel({ data })).rejects.toThrow('takes a run, or data with the env');
});

it('pictures settle it without a measurement', async () => {
  const name = await run('pendulum/camera', 'sac', { kind: 'none' }, { training: { batchSize: 8, warmupSteps: 400 } });
  const { measured, verdict } = await diagnoseModel({ run: name, ...asked });
  expect(measured).toBeUndefined();
  expect(verdict).toMatchObject({ use: false, reasons: [{ about: 'pictures' }] });
});
