// The picture of the positive ratio: the chance of each step to draw what it reached, and six questions with checked answers.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import { derive } from '../../../examples/lab/positive-ratio.js';
import { number as figure, percent, positiveRatioCorrections } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { isRight, readAnswer } from '../parts/answer.js';
import { Chart } from '../parts/chart.js';
import { NumberSlider, SettingSlider } from '../parts/controls.js';
import { Corrections } from '../parts/figures.js';
import { Handle, type Place } from '../parts/plane.js';
import { number } from '../settings.js';
import { settings } from './positive-ratio.js';

interface Question {
  readonly ask: string;
  readonly right: number;
  readonly hint: string;
}

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { steps, k, solved } = values;
  const step = Math.min(values.step, steps - 1);
  const right = derive({ steps, k, step, solved });
  const setStep = ([t]: Place) => set({ step: Math.min(steps - 1, Math.max(0, Math.round(t))) });
  const questions: readonly Question[] = [
    {
      ask: `Each original transition comes with k = ${k} relabelled ones. Which share of all is relabelled?`,
      right: right.relabelled,
      hint: 'k of every 1 + k.',
    },
    {
      ask: `Step t = ${step} draws its goal among what was achieved at steps ${step + 1} to ${steps}. How likely is it the one that it reached itself?`,
      right: right.hitOfStep,
      hint: 'One of T - t goals.',
    },
    {
      ask: 'What is that on average over all steps t = 0 to T - 1?',
      right: right.meanHit,
      hint: '(1/T)(1/T + 1/(T-1) + ... + 1) = H_T / T.',
    },
    {
      ask: 'Which share of all transitions is relabelled and has reward 1?',
      right: right.future,
      hint: 'The first answer times the third.',
    },
    {
      ask: 'And with final, where every step gets what the last one achieved?',
      right: right.final,
      hint: 'Only the last of T steps reached it: k/(1+k) / T.',
    },
    {
      ask: `Of the originals a share p = ${percent(solved)} has reward 1. What is the positive ratio with future then?`,
      right: right.withOriginals,
      hint: 'The originals are 1/(1+k) of all: add p/(1+k) to the fourth answer.',
    },
  ];
  return (
    <>
      <div className="lab-two">
        <Chart
          label="The chance of each step to draw the goal that it reached"
          x={[0, steps - 1]}
          y={[0, 1]}
          nameX="step t"
          nameY="chance of reward 1 if relabelled"
          formatX={(value) => figure(value, 2)}
          onPress={setStep}
          lines={[
            {
              label: '1 / (T - t)',
              className: 'in-2',
              points: Array.from({ length: steps }, (_, t): Place => [t, 1 / (steps - t)]),
            },
            {
              label: 'average',
              className: 'in-1',
              dashed: true,
              points: [
                [0, right.meanHit],
                [steps - 1, right.meanHit],
              ],
            },
          ]}
        >
          <Handle label="Step t" className="in-2" step={1} place={[step, right.hitOfStep]} onMove={setStep} />
        </Chart>
        <div className="lab-side">
          <SettingSlider {...page} name="steps" label="Steps of an episode, T" />
          <SettingSlider {...page} name="k" label="Relabelled goals per original, k" />
          <NumberSlider
            label="Step t"
            setting={number(0, { min: 0, max: steps - 1, step: 1 })}
            value={step}
            onChange={(to) => set({ step: to })}
          />
          <SettingSlider
            {...page}
            name="solved"
            label="Share p of original transitions with reward 1"
            show={(value) => percent(value)}
          />
        </div>
      </div>
      <ol className="lab-questions">
        {questions.map((question, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the questions stay in their order
          <Answer key={i} {...question} />
        ))}
      </ol>
      <Corrections corrections={positiveRatioCorrections()} />
    </>
  );
}

function Answer({ ask, right, hint }: Question) {
  const [text, setText] = useState('');
  const [shown, setShown] = useState(false);
  const given = readAnswer(text);
  const good = given !== undefined && isRight(given, right);
  const word =
    text === '' ? '' : given === undefined ? 'A number, such as 0.8, 80% or 4/5' : good ? '✓ right' : 'not yet';
  return (
    <li>
      <TextInput
        label={ask}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        placeholder="0.8, 80% or 4/5"
        maw={520}
        inputMode="text"
        autoComplete="off"
      />
      <div className="lab-row">
        <output className={good ? 'lab-right' : undefined}>{word}</output>
        {!good && (
          <Button size="compact-xs" variant="subtle" onClick={() => setShown(!shown)}>
            {shown ? 'Hide the way' : 'Show the way'}
          </Button>
        )}
        {shown && (
          <span className="lab-note">
            {hint} It is {figure(right, 3)}.
          </span>
        )}
      </div>
    </li>
  );
}
