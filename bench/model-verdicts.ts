// Diagnoses the models of finished runs: how errors compound with rollouts of several lengths, and the verdict on every race.
// Run: npx tsx bench/model-verdicts.ts [--only lengths|verdicts] [--redo]; after npm run bench:learning -- --only model.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { verdictText } from '../src/models/diagnosis/verdict.js';
import { diagnoseModel, type ModelDiagnosis, recordData } from '../src/training/index.js';
import { judged, maze, races } from './learning/topics/model-races.js';
import { lengths } from './learning/topics/models.js';
import type { Trial } from './learning/trial.js';
import { record, table } from './record.js';

const { values } = parseArgs({ options: { only: { type: 'string' }, redo: { type: 'boolean', default: false } } });
const kept = 'runs/model-verdicts';
mkdirSync(kept, { recursive: true });
/** As on a machine that takes a step a second: in a simulation of microseconds the answer is nearly always no. */
const STEP_SECONDS = 1;

const runOf = (experiment: string, seed: number): string | undefined => {
  const file = `runs/learning/${experiment}/seed-${seed}.json`;
  if (!existsSync(file)) return undefined;
  return (JSON.parse(readFileSync(file, 'utf8')) as Trial).runDir;
};

/** Kept, so that a stop loses one of them at most. */
async function once(name: string, work: () => Promise<ModelDiagnosis>): Promise<ModelDiagnosis> {
  const file = `${kept}/${name}.json`;
  if (existsSync(file) && !values.redo) return JSON.parse(readFileSync(file, 'utf8'));
  const found = await work();
  writeFileSync(file, JSON.stringify(found));
  console.error(name, verdictText(found.verdict));
  return found;
}

if (values.only !== 'verdicts') {
  const rows: object[] = [];
  for (const length of lengths) {
    for (const seed of [1, 2, 3]) {
      const run = runOf(`model-length-${length}`, seed);
      if (!run) continue;
      const { measured } = await once(`length-${length}-${seed}`, () => diagnoseModel({ run, most: 50 }));
      if (!measured) continue;
      rows.push({
        length,
        seed,
        oneStep: measured.oneStep.ratio,
        errors: measured.errors.map(({ steps, error }) => ({ steps, error: error.value })),
        returns: measured.returns.map(({ steps, bias, rankCorrelation }) => ({ steps, bias, rankCorrelation })),
        values: measured.values,
      });
    }
  }
  record('model-lengths', { command: 'npx tsx bench/model-verdicts.ts --only lengths', rows });
}

if (values.only !== 'lengths') {
  const rows: object[] = [];
  const told: (string | number)[][] = [['task', 'verdict']];
  const tell = (short: string, env: string, { verdict, measured, steps }: ModelDiagnosis) => {
    told.push([short, verdictText(verdict)]);
    const longest = measured?.returns.filter((one) => one.steps <= 20).at(-1);
    rows.push({
      short,
      env,
      steps,
      use: verdict.use,
      horizon: verdict.horizon,
      text: verdictText(verdict),
      against: verdict.reasons.filter(({ speaks }) => speaks === 'against').map(({ about }) => about),
      ...(measured && {
        ratio: measured.oneStep.ratio,
        noise: measured.oneStep.noiseRatio,
        covered90: measured.oneStep.coverage?.find(({ level }) => level === 0.9)?.share,
        rankCorrelation: longest?.rankCorrelation,
        transitions: measured.transitions,
      }),
    });
  };
  for (const { short, env } of [...races, ...judged, maze]) {
    const run = runOf(`model-${short}-sac`, 1);
    if (!run) continue;
    tell(short, env, await once(`verdict-${short}`, () => diagnoseModel({ run, stepSeconds: STEP_SECONDS })));
  }
  tell(
    'camera',
    'pendulum/camera',
    await once('verdict-camera', async () => {
      const { bytes } = await recordData({ env: 'pendulum/camera', policy: 'random', episodes: 2 });
      const { openDataSet } = await import('../src/datasets/index.js');
      const data = await openDataSet('random', bytes);
      return diagnoseModel({ data, env: 'pendulum/camera', stepSeconds: STEP_SECONDS });
    }),
  );
  console.log(table(told));
  record('model-verdicts', {
    command: 'npx tsx bench/model-verdicts.ts --only verdicts',
    stepSeconds: STEP_SECONDS,
    rows,
  });
}
