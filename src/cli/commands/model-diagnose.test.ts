// What `anygoal model diagnose` prints: tables with dashes where nothing is known, and the verdict with its reasons.
import { expect, test } from 'vitest';
import type { ModelDiagnosis } from '../../training/index.js';
import { createTerminal } from '../terminal.js';
import { modelLines, tellPhase } from './model-diagnose.js';

const dimension = {
  name: 'observation x',
  error: 0.0123,
  noChange: 0.5,
  ratio: 0.0246,
  resting: 0,
  movingRatio: 0.0246,
  aleatoric: null,
  epistemic: 0.004,
  coverage90: null,
};
const diagnosis: ModelDiagnosis = {
  source: 'run',
  name: 'runs/one',
  env: 'pendulum',
  agent: 'sac',
  steps: 5000,
  stateSize: 1,
  actionSize: 1,
  measured: {
    oneStep: {
      transitions: 2000,
      dimensions: [dimension],
      ratio: 0.0246,
      noiseRatio: null,
      coverage: null,
      ends: { real: 3, predicted: 2, hits: 1 },
    },
    errors: [{ steps: 1, error: { value: 0.05, low: 0.04, high: 0.06 }, noChange: 0.5, starts: 200 }],
    returns: [{ steps: 1, starts: 200, real: -2, predicted: -2.5, bias: null, error: null, rankCorrelation: null }],
    values: [{ steps: 1, real: 10, synthetic: 12 }],
    ages: [{ from: 5000, to: 4000, transitions: 30, ratio: 0.5 }],
    own: false,
    members: 7,
    elites: 5,
    transitions: 5000,
    testedOn: 'the present policy',
    cost: { realStep: 1e-5, fit: 0.02, imagination: 0.001, thousandStates: 0.005 },
  },
  verdict: {
    use: false,
    trustworthy: true,
    horizon: 3,
    reasons: [
      { speaks: 'for', about: 'prediction', text: 'it predicts.' },
      { speaks: 'against', about: 'cost', text: 'steps are cheap.' },
      { speaks: 'advice', about: 'horizon', text: 'imagine 3.' },
    ],
  },
};

test('what was measured, then the verdict', () => {
  const lines = modelLines(diagnosis).map((line) => line.replace(/ +/g, ' ').trimEnd());
  expect(lines[0]).toBe(
    'A model fitted to 5,000 transitions (7 members), tested on 2,000 transitions that the policy after 5,000 steps makes',
  );
  expect(lines).toContain(' observation x 0.012 0.50 0.02 0% - 0.0040 -');
  expect(lines).toContain('Ends: 3 happened, 2 predicted, 1 both');
  expect(lines).toContain(' 1 0.050 0.040 to 0.060 0.500 -2.0 -2.5 - -');
  expect(lines).toContain(' 1 10.0 12.0 2.0');
  expect(lines).toContain(' now 0.02');
  expect(lines.slice(-4)).toEqual([
    'Do without a model here: it would be good enough, but real steps are cheap.',
    ' + it predicts.',
    ' - steps are cheap.',
    ' imagine 3.',
  ]);
});

test('pictures: the verdict alone', () => {
  const { measured: _, ...settled } = diagnosis;
  expect(modelLines({ ...settled, verdict: { ...diagnosis.verdict, trustworthy: false, reasons: [] } })).toEqual([
    'Do without a model.',
  ]);
});

test('tells what goes on beside the result: live on a terminal, else on standard error, or not at all', () => {
  const told = (isTTY: boolean, quiet = false) => {
    const [out, error]: [string[], string[]] = [[], []];
    const stdout = { write: (text: string) => out.push(text), isTTY, columns: 20 };
    const stderr = { write: (text: string) => error.push(text) };
    tellPhase(createTerminal({ stdout, stderr, quiet }), 'fitting a model to what there is');
    return [out.join(''), error.join('')];
  };
  expect(told(false)).toEqual(['', 'fitting a model to what there is\n']);
  expect(told(false, true)).toEqual(['', '']);
  expect(told(true)).toEqual(['\r\u001b[2Kfitting a model to ', '']);
  expect(told(true, true)).toEqual(['', '']);
});
