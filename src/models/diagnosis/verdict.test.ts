// What speaks for a model and against it: each reason by itself.
import { expect, it } from 'vitest';
import type { Dimension, OneStep } from './one-step.js';
import { type Evidence, pictureVerdict, verdictOf } from './verdict.js';

const dimension = (values: Partial<Dimension> = {}): Dimension => ({
  name: 'x',
  error: 0.1,
  noChange: 1,
  ratio: 0.1,
  resting: 0,
  movingRatio: 0.1,
  aleatoric: 0.1,
  epistemic: 0.01,
  coverage90: 0.9,
  ...values,
});
const step = (values: Partial<OneStep> = {}): OneStep => ({
  transitions: 1000,
  dimensions: [dimension()],
  ratio: 0.1,
  noiseRatio: 0.1,
  coverage: [0.1, 0.3, 0.5, 0.7, 0.9].map((level) => ({ level, share: level })),
  ends: { real: 0, predicted: 0, hits: 0 },
  ...values,
});
const errorsOf = (...values: number[]) =>
  values.map((value, i) => ({
    steps: [1, 2, 5, 10, 20][i],
    error: { value, low: value, high: value },
    noChange: 1,
    starts: 200,
  }));
const returnOf = (rankCorrelation: number | null) => ({
  steps: 20,
  starts: 200,
  real: 1,
  predicted: 1,
  bias: 0,
  error: 0.1,
  rankCorrelation,
});
const evidence = (values: Partial<Evidence> = {}): Evidence => ({
  oneStep: step(),
  errors: errorsOf(0.01, 0.02, 0.05, 0.2, 0.5),
  returns: [returnOf(0.9)],
  stateSize: 4,
  fittedTo: 5000,
  stepSeconds: 0.05,
  modelSecondsPerStep: 0.02,
  autoError: 0.1,
  ...values,
});
const against = (values: Partial<Evidence>) =>
  verdictOf(evidence(values))
    .reasons.filter(({ speaks }) => speaks === 'against')
    .map(({ about }) => about);
const advice = (values: Partial<Evidence>) =>
  verdictOf(evidence(values))
    .reasons.filter(({ speaks }) => speaks === 'advice')
    .map(({ about }) => about);

it('uses a model that predicts, ranks returns and saves dear steps, as far as its errors stay small', () => {
  expect(verdictOf(evidence())).toMatchObject({ use: true, trustworthy: true, horizon: 5 });
  expect(against({})).toEqual([]);
});

it.each<[string, Partial<Evidence>]>([
  ['prediction', { oneStep: step({ ratio: 0.8 }) }],
  ['noise', { oneStep: step({ noiseRatio: 0.9 }) }],
  ['contacts', { oneStep: step({ dimensions: [dimension(), dimension({ resting: 0.9, movingRatio: 1.2 })] }) }],
  ['returns', { returns: [returnOf(0.2)] }],
])('%s speaks against it', (about, values) => {
  expect(against(values)).toEqual([about]);
  expect(verdictOf(evidence(values))).toMatchObject({ use: false, trustworthy: false, horizon: 0 });
});

it('a good model is not worth it where steps are cheaper than it, by 3.3 - 1 times', () => {
  expect(against({ stepSeconds: 0.02 / 2.3 - 1e-6 })).toEqual(['cost']);
  expect(against({ stepSeconds: 0.02 / 2.3 + 1e-6 })).toEqual([]);
  expect(verdictOf(evidence({ stepSeconds: 0 }))).toMatchObject({ use: false, trustworthy: true, horizon: 5 });
});

it('what is touched seldom and predicted speaks for it; returns that are all alike say nothing', () => {
  const touched = step({ dimensions: [dimension({ resting: 0.9, movingRatio: 0.3 })] });
  expect(verdictOf(evidence({ oneStep: touched })).reasons).toContainEqual(
    expect.objectContaining({ speaks: 'for', about: 'contacts' }),
  );
  expect(verdictOf(evidence({ returns: [returnOf(null)] }))).toMatchObject({ use: true });
});

it('gives advice: calibration, ends, data', () => {
  const held = (share: number) => step({ coverage: [0.1, 0.3, 0.5, 0.7, 0.9].map((level) => ({ level, share })) });
  expect(advice({ oneStep: held(0.6) })).toContain('calibration');
  expect(advice({ oneStep: held(0.99) })).toContain('calibration');
  expect(advice({})).not.toContain('calibration');
  expect(advice({ oneStep: step({ ends: { real: 10, predicted: 4, hits: 4 } }) })).toContain('ends');
  expect(advice({ oneStep: step({ ends: { real: 0, predicted: 50, hits: 0 } }) })).toContain('ends');
  expect(advice({ fittedTo: 100 })).toContain('data');
  expect(advice({ errors: errorsOf(0.01, 0.02, 1.5) })).toEqual(expect.arrayContaining(['horizon', 'horizon']));
});

it('what is no number is no good model', () => {
  expect(verdictOf(evidence({ oneStep: step({ ratio: Number.NaN }) })).trustworthy).toBe(false);
  expect(verdictOf(evidence({ errors: errorsOf(Number.NaN) })).horizon).toBe(1);
});

it('pictures settle it', () => {
  expect(pictureVerdict('camera')).toMatchObject({ use: false, reasons: [{ about: 'pictures' }] });
});
