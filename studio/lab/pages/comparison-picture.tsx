// The picture of ways compared: the measured runs that answer a question, and the table of the ways of learning.
import { useState } from 'react';
import { rank } from '../../../examples/lab/comparison.js';
import { percent } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { approaches, type Comparison, type ComparisonName, comparisons } from '../measured/comparisons.js';
import { Figures } from '../parts/figures.js';
import { RunRecord } from '../parts/run-record.js';
import { RunsChart, shownIn } from '../parts/runs-chart.js';
import { ranked, settings } from './comparison.js';

const names = settings.question.options as readonly ComparisonName[];

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const { question } = values;
  const chosen: Comparison = comparisons[question];
  const ways = rank(ranked(values));
  const [pressed, press] = useState(0);
  const way = Math.min(pressed, ways.length - 1);
  const runs = runsOf(chosen, ways[way].name);
  const show = shownIn(chosen.unit);
  return (
    <>
      <div className="lab-row">
        {names.map((name) => (
          <button
            key={name}
            type="button"
            className="lab-link"
            aria-pressed={name === question}
            onClick={() => set({ question: name })}
          >
            {comparisons[name].question}
          </button>
        ))}
      </div>
      <div className="lab-two">
        <RunsChart
          label={chosen.question}
          unit={chosen.unit}
          rows={ways.map(({ name }) => ({ label: name, values: runsOf(chosen, name).values }))}
          chosen={way}
          onChoose={press}
        />
        <div className="lab-side">
          <p className="lab-sentences">
            <strong>{chosen.question}</strong>
          </p>
          <Figures
            label="Ways, the best first"
            head={['Way', chosen.unit === 'success' ? 'success' : 'steps', 'least to most', 'chance']}
            rows={ways.map(({ name, mean, least, most, chance }, row) => [
              <button key="way" type="button" className="lab-link" onClick={() => press(row)}>
                {name}
              </button>,
              <strong key="mean">{show(mean)}</strong>,
              `${show(least)} to ${show(most)}`,
              row === 0 ? '' : percent(chance, 2),
            ])}
            rowProps={(row) => ({ 'data-way': ways[row].name, 'data-chosen': row === way || undefined })}
          />
          <p className="lab-note">
            Chance: in how many of all ways to deal the runs of this way and of the best one the best would be as far
            ahead. Press a row of the picture for its record.
          </p>
          <RunRecord measurement={chosen} runs={[runs]} note={chosen.note} />
        </div>
      </div>
      <Figures
        label="Ways of learning"
        head={['Way', 'learns from', 'a new task', 'decides by', 'measured', 'page']}
        wrap
        rows={approaches.map(({ name, learnsFrom, newTask, decides, measured, doc, comparison }) => [
          <strong key="name">{name}</strong>,
          learnsFrom,
          newTask,
          decides,
          comparison ? (
            <button key="measured" type="button" className="lab-link" onClick={() => set({ question: comparison })}>
              {measured}
            </button>
          ) : (
            measured
          ),
          <code key="doc">{doc}</code>,
        ])}
      />
    </>
  );
}

const runsOf = ({ ways }: Comparison, name: string) => ways.find(({ label }) => label === name) ?? ways[0];
