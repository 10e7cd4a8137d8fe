// `anygoal model diagnose`: how good a model of the world is for a run's task or for recorded data, and whether it is worth it.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../../errors.js';
import { verdictText } from '../../models/diagnosis/verdict.js';
import type { ModelDiagnosis, ModelPhase } from '../../training/index.js';
import { columns } from '../args.js';
import type { Command } from '../command.js';
import { dataLayer } from '../data-argument.js';
import { percent, short, thousands } from '../format.js';
import { finiteNumber, wholeNumber } from '../numbers.js';
import { placeFlags, usePlaces } from '../places.js';
import { findRun } from '../run-path.js';
import type { Terminal } from '../terminal.js';

export const modelDiagnose: Command = {
  spec: {
    name: 'model diagnose',
    summary: 'Measure a model of the world on a run or on data, and say whether to use one',
    positional: {
      name: 'RUN|DATA',
      required: true,
      help: "a run's folder, or the beginning of its name; or a data set",
    },
    flags: {
      env: { value: 'ENV', help: 'of a data set: its environment; else where it was recorded' },
      steps: { value: 'N', help: "steps of the run's policy to test on (default: 2000)" },
      horizon: { value: 'K', help: 'most steps that rollouts are followed for (default: 50)' },
      'step-seconds': { value: 'S', help: 'what a real step takes where you will learn (default: as measured here)' },
      seed: { value: 'S', help: 'seed of the test' },
      json: { help: 'print one JSON object at the end, everything else on standard error' },
      quiet: { help: 'no progress, only the result' },
      ...placeFlags,
    },
    examples: [
      ['runs/pendulum__sac__0__20261129-112712', 'its own model, or one fitted to its replay'],
      ['walks.safetensors --step-seconds 0.05', 'recorded on a robot that takes 20 steps a second'],
    ],
  },
  async run(args, terminal) {
    await usePlaces(args);
    const number = (flag: string, usual: number, least: number) =>
      wholeNumber(`--${flag}`, args.value(flag) ?? String(usual), least);
    const given = args.value('step-seconds');
    const stepSeconds = given === undefined ? undefined : finiteNumber('--step-seconds', given);
    if (stepSeconds !== undefined && stepSeconds < 0) {
      throw new UsageError(`--step-seconds is ${stepSeconds}; give the seconds of a step, at least 0.`);
    }
    const options = {
      steps: number('steps', 2000, 100),
      most: number('horizon', 50, 1),
      seed: number('seed', 0, 0),
      ...(stepSeconds !== undefined && { stepSeconds }),
    };
    const subject = await subjectOf(args.positional ?? '', args.value('env'));
    const { diagnoseModel } = await import('../../training/index.js');
    const diagnosis = await diagnoseModel({
      ...options,
      ...subject,
      onPhase: (phase) => tellPhase(terminal, phases(options)[phase]),
    });
    terminal.status('');
    for (const line of modelLines(diagnosis)) terminal.print(line);
    terminal.json(diagnosis);
    return 0;
  },
};

/** What goes on, where it takes a while. */
const phases = ({ steps, most }: { readonly steps: number; readonly most: number }): Record<ModelPhase, string> => ({
  reading: 'reading what there is',
  acting: `acting for ${thousands(steps)} steps to test on`,
  fitting: 'fitting a model',
  measuring: `measuring errors over ${thousands(most)} steps`,
  timing: 'timing another fit, and steps of the environment',
});

/** A live line on a terminal; elsewhere a line on standard error, so that what is written to a file is the result alone. */
export function tellPhase(terminal: Terminal, text: string): void {
  if (terminal.live) terminal.status(text.slice(0, terminal.width - 1));
  else if (!terminal.quiet) terminal.printAside(text);
}

/** A folder with a configuration, or the beginning of its name, is a run; other files and folders are data sets. */
async function subjectOf(given: string, env: string | undefined) {
  if (!existsSync(given) || existsSync(join(given, 'config.json'))) {
    if (env === undefined) return { run: (await findRun(given, 'run and no data set')).run };
    throw new UsageError('--env goes with a data set; a run knows its environment.');
  }
  const layer = await dataLayer(given, env);
  if (!layer) return { run: (await findRun(given)).run };
  const { env: of, data } = layer.values as {
    env: { name: string; options?: Readonly<Record<string, unknown>> };
    data: readonly string[] | { columns: Readonly<Record<string, string>> };
  };
  const columns = 'columns' in data && { data: { columns: data.columns } };
  return { data: given, env: of.name, config: { ...(of.options && { env: { options: of.options } }), ...columns } };
}

const figure = (value: number | null | undefined, digits = 2) =>
  value === null || value === undefined || !Number.isFinite(value) ? '-' : value.toFixed(digits);
const small = (value: number | null) => (value === null || !Number.isFinite(value) ? '-' : value.toPrecision(2));
const share = (value: number | null) => (value === null ? '-' : percent(Math.round(100 * value) / 100));
/** Numbers of a state that are shown one by one. */
const MOST_SHOWN = 24;

export function modelLines(diagnosis: ModelDiagnosis): string[] {
  const { measured } = diagnosis;
  return [...(measured ? measuredLines(measured, diagnosis) : []), ...verdictLines(diagnosis)];
}

function measuredLines(of: NonNullable<ModelDiagnosis['measured']>, { steps }: ModelDiagnosis): string[] {
  const { oneStep, errors, returns, values, ages, cost } = of;
  const whose = of.own ? "The run's own model" : `A model fitted to ${thousands(of.transitions)} transitions`;
  const where =
    of.testedOn === 'the present policy' ? ` that the policy after ${thousands(steps ?? 0)} steps makes` : '';
  const lines = [
    `${whose} (${of.members} members), tested on ${thousands(oneStep.transitions)} transitions${where || ' of held-out episodes'}`,
    '',
    'One step, by number',
    ...columns(
      [
        ['', 'error', 'no change', 'ratio', 'at rest', 'noise', 'unknown', 'in 90%'],
        ...oneStep.dimensions
          .slice(0, MOST_SHOWN)
          .map(({ name, error, noChange, ratio, resting, aleatoric, epistemic, coverage90 }) => [
            name,
            small(error),
            small(noChange),
            figure(ratio),
            share(resting),
            small(aleatoric),
            small(epistemic),
            share(coverage90),
          ]),
      ],
      '  ',
    ),
  ];
  const more = oneStep.dimensions.length - MOST_SHOWN;
  if (more > 0) lines.push(`  and ${more} more (--json)`);
  if (oneStep.coverage) {
    const held = oneStep.coverage.map(({ level, share: s }) => `${share(level)}: ${share(s)}`);
    lines.push('', `What intervals hold: ${held.join(', ')}`);
  }
  const { real, predicted, hits } = oneStep.ends;
  if (real + predicted > 0) lines.push(`Ends: ${real} happened, ${predicted} predicted, ${hits} both`);
  lines.push(
    '',
    'Along real actions (errors in deviations of the state, with a band of 90%; returns in their deviations)',
    ...columns(
      [
        ['steps', 'error', 'band', 'no change', 'return', 'predicted', 'bias', 'rank correlation'],
        ...returns.map((one, i) => [
          String(one.steps),
          figure(errors[i].error.value, 3),
          `${figure(errors[i].error.low, 3)} to ${figure(errors[i].error.high, 3)}`,
          figure(errors[i].noChange, 3),
          short(one.real),
          short(one.predicted),
          figure(one.bias),
          figure(one.rankCorrelation),
        ]),
      ],
      '  ',
    ),
  );
  if (values && values.length > 0) {
    const table = values.map(({ steps: k, real: r, synthetic }) => [
      String(k),
      short(r),
      short(synthetic),
      short(synthetic - r),
    ]);
    lines.push(
      '',
      'Values of the critics, of states reached and imagined',
      ...columns([['steps', 'real', 'imagined', 'gap'], ...table], '  '),
    );
  }
  if (ages && ages.length > 0) {
    const table = ages.map(({ from, to, ratio }) => [`${thousands(from)} to ${thousands(to)}`, figure(ratio)]);
    lines.push(
      '',
      'Error of one step against the age of the policy that acted',
      ...columns([['steps ago', 'ratio'], ...table, ['now', figure(oneStep.ratio)]], '  '),
    );
  }
  const ms = (seconds: number) => `${Number((1000 * seconds).toPrecision(2))} ms`;
  lines.push(
    '',
    `For each real step of ${ms(cost.realStep)}: fits ${ms(cost.fit)}, imagination ${ms(cost.imagination)} (1,000 states a step ahead: ${ms(cost.thousandStates)})`,
    '',
  );
  return lines;
}

function verdictLines({ verdict }: ModelDiagnosis): string[] {
  const marks = { for: '+', against: '-', advice: ' ' } as const;
  return [verdictText(verdict), ...verdict.reasons.map(({ speaks, text }) => `  ${marks[speaks]} ${text}`)];
}
