// The verdict of `model diagnose` on the tasks of the races, and what the races say of it.
import { existsSync, readFileSync } from 'node:fs';
import { readResult } from '../results.js';
import { percent, row, table, whole } from '../tables.js';
import type { Topic } from '../topic.js';
import { judged, maze, type Race, races, stepsOf } from './model-races.js';

interface Row {
  readonly short: string;
  readonly env: string;
  readonly use: boolean;
  readonly text: string;
  readonly against: readonly string[];
  readonly ratio?: number | null;
  readonly rankCorrelation?: number | null;
}
const file = new URL('../../results/model-verdicts.json', import.meta.url);
const rowsOf = (): readonly Row[] => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).rows : []);

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)];

/** Real steps by seed, and their median; a run that did not get there counts as longer than any. */
function outcome(race: Race, way: 'sac' | 'often' | 'model'): { text: string; median: number } | undefined {
  const steps = stepsOf(race, way);
  if (!steps) return undefined;
  const most = readResult(`model-${race.short}-${way}`)?.trials.map(({ envSteps = 0 }) => envSteps) ?? [];
  return {
    text: steps.map((step, i) => (step === undefined ? `not in ${whole(most[i])}` : whole(step))).join(', '),
    median: median(steps.map((step) => step ?? Number.POSITIVE_INFINITY)),
  };
}

function verdicts(): string {
  const rows = rowsOf().flatMap(({ short, env, use, text, against, ratio, rankCorrelation }) => {
    const race = [...races, ...judged, maze].find((one) => one.short === short);
    const [plain, often, model] = (['sac', 'often', 'model'] as const).map((way) => race && outcome(race, way));
    if (race && (!plain || !model)) return [];
    // Without a race: pictures, which a model is refused for.
    const gains = model && plain ? model.median < plain.median : false;
    const figure = (value: number | null | undefined, format: (value: number) => string) =>
      value === null || value === undefined ? '-' : format(value);
    return [
      row(
        `\`${env}\`${short.startsWith('noisy') ? ', noise' : ''}`,
        `${text}${use || against.length === 0 ? '' : ` (${against.join(', ')})`}`,
        figure(ratio, percent),
        figure(rankCorrelation, (value) => value.toFixed(2)),
        plain?.text ?? '-',
        often?.text ?? '-',
        model?.text ?? 'refused',
        use === gains ? 'yes' : 'no',
      ),
    ];
  });
  return table(
    [
      'task',
      'verdict (against)',
      'error of one step',
      'rank correlation',
      'SAC: steps to the mark',
      'more updates',
      'with a model',
      'right?',
    ],
    rows,
  );
}

export const modelVerdicts: Topic = {
  page: 'model-diagnose.md',
  experiments: [],
  sections: { verdicts },
  charts: () => ({}),
};
