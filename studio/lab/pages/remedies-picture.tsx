// The picture of problems and solutions: the measured runs of the chosen row, and the table of all rows.
import { weigh } from '../../../examples/lab/remedies.js';
import { percent } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { type Remedy, type RemedyName, remedies } from '../measured/remedies.js';
import { Figures } from '../parts/figures.js';
import { RunRecord } from '../parts/run-record.js';
import { RunsChart, shownIn } from '../parts/runs-chart.js';
import { settings, weighed } from './remedies.js';

const names = settings.problem.options as readonly RemedyName[];

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const { problem } = values;
  const chosen: Remedy = remedies[problem];
  const { chance } = weigh(weighed(values));
  return (
    <>
      <div className="lab-two">
        <RunsChart
          label={`${chosen.problem}: ${chosen.remedy}`}
          unit={chosen.unit}
          rows={[chosen.without, chosen.remedied]}
          chosen={1}
          onChoose={() => set({ problem: names[(names.indexOf(problem) + 1) % names.length] })}
        />
        <div className="lab-side">
          <p className="lab-sentences">
            <strong>{chosen.problem}.</strong> {chosen.remedy}.
          </p>
          <RunRecord measurement={chosen} runs={[chosen.without, chosen.remedied]} note={chosen.note} />
          <p className="lab-note">
            Chance alone would look as good in <strong data-figure="chance">{percent(chance)}</strong> of all ways to
            deal these runs. Press the picture for the next row.
          </p>
        </div>
      </div>
      <Figures
        label="Problems and solutions"
        head={['Problem', 'What helps', 'without', 'with']}
        wrap
        rows={names.map((name) => {
          const one: Remedy = remedies[name];
          const { before, after } = weigh(weighed({ problem: name }));
          const show = shownIn(one.unit);
          return [
            <button key="problem" type="button" className="lab-link" onClick={() => set({ problem: name })}>
              {one.problem}
            </button>,
            one.remedy,
            show(before),
            <strong key="after">{show(after)}</strong>,
          ];
        })}
        rowProps={(row) => ({ 'data-problem': names[row], 'data-chosen': names[row] === problem || undefined })}
      />
    </>
  );
}
