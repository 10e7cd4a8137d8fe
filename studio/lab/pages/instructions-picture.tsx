// The picture of instructions: sentences in the plane of their vectors, and a point that goes where a sentence sends it.
import { TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { percent } from '../../../src/lab/index.js';
import type { PictureProps } from '../lab-page.js';
import { SeedButton, SettingSlider, Toggle } from '../parts/controls.js';
import { Figures } from '../parts/figures.js';
import { Grid, Handle, type Place, Plane } from '../parts/plane.js';
import { SentencePlane, Things, Way } from '../parts/sentences.js';
import { TrainRow } from '../parts/train-row.js';
import { useRest } from '../parts/use-rest.js';
import { type TrainingOf, useTrainer, useTraining } from '../parts/use-training.js';
import { roundPoint } from '../settings.js';
import type { Followed, SentenceMap } from '../trainers/instructions.js';
import { learned, settings } from './instructions.js';

const WORLD: Place = [-1, 1];
/** Sentences that are shown as nearest. */
const NEAREST = 5;

export function Picture({ values, set }: PictureProps<typeof settings>) {
  const page = { settings, values, set };
  const { held, sentence } = values;
  const rested = useRest(sentence);
  const [start] = values.start;
  const wanted = learned(values);
  const [shares, setShares] = useState<{ readonly asked: number; readonly held: number }>();
  const { ask, ...training } = useTraining('instructions', wanted, async (trainer) => {
    setShares(undefined);
    setShares(await trainer.learn(wanted));
  });
  const map = useMap(rested, held);
  const followed = useFollowed(ask, rested, useRest(start));
  const nearest = map ? nearestOf(map) : [];
  return (
    <>
      <TextInput
        label="An instruction"
        value={sentence}
        maxLength={80}
        maw={520}
        autoComplete="off"
        onChange={(event) => set({ sentence: event.currentTarget.value })}
      />
      <div className="lab-two lab-even">
        <figure className="lab-chart">
          <SentencePlane map={map} nearest={nearest.map(({ at }) => at).join()} />
          <figcaption>Sentences of training where their vectors differ most; lines go to the nearest ones.</figcaption>
        </figure>
        <figure className="lab-chart">
          <Plane label="Sixteen things, and a point that goes to one" x={WORLD} y={WORLD}>
            <Grid every={0.5} />
            <Things held={held} />
            {followed && <Way path={followed.path} />}
            <Handle
              label="Start"
              text="s"
              className="in-4"
              place={[start[0], start[1]]}
              onMove={(to) => set({ start: [roundPoint(to)] })}
            />
          </Plane>
          <figcaption>
            <span data-figure="at">
              {followed
                ? `It ends ${followed.at ? `at the ${followed.at}` : 'at none of the things'}.`
                : 'Train it, and it goes.'}
            </span>
          </figcaption>
        </figure>
      </div>
      <div className="lab-two lab-even">
        <div className="lab-side">
          <TrainRow {...training} />
          {shares && (
            <Figures
              label="Things that are reached"
              head={['“go to the ...” from four corners', 'reached']}
              rows={[
                ['twelve things that training asked for', <strong key="a">{percent(shares.asked)}</strong>],
                [held ? 'four that it never did' : 'the four others', <strong key="h">{percent(shares.held)}</strong>],
              ]}
              rowProps={(row) => ({ 'data-share': ['asked', 'held'][row] })}
            />
          )}
          <Toggle
            label="Training never asks for four things (dashed)"
            value={held}
            onChange={(on) => set({ held: on })}
          />
          <SettingSlider {...page} name="updates" label="Updates of the policy" />
          <SettingSlider
            {...page}
            name="dropout"
            label="Dropout: units left out while it learns"
            show={(value) => percent(value)}
          />
          <div className="lab-row">
            <SeedButton seed={values.seed} onChange={(to) => set({ seed: to })} />
          </div>
        </div>
        <div className="lab-side">
          <Figures
            label="Nearest sentences of training"
            head={['Nearest in training', 'cosine']}
            rows={nearest.map(({ sentence: near, cosine }) => [near, cosine.toFixed(2)])}
            rowProps={(row) => ({ 'data-near': String(row) })}
          />
          {map && map.unknown.length > 0 && (
            <p className="lab-worse">The encoder does not know: {map.unknown.join(', ')}.</p>
          )}
          <p className="lab-note">
            The policy imitates a demonstrator that knows the places. It sees its own place and the sentence’s vector,
            nothing else; the encoder comes with the library and is not trained here.
          </p>
        </div>
      </div>
    </>
  );
}

const nearestOf = ({ sentences, cosines }: SentenceMap) =>
  sentences
    .slice(0, -1)
    .map((sentence, at) => ({ sentence, at, cosine: cosines[at] }))
    .sort((a, b) => b.cosine - a.cosine)
    .slice(0, NEAREST);

/** The sentences around this one; while others are looked for, the ones before stay. */
function useMap(sentence: string, held: boolean): SentenceMap | undefined {
  const asked = useTrainer('instructions');
  const [map, setMap] = useState<SentenceMap>();
  useEffect(() => {
    let current = true;
    void asked?.map(sentence, held).then((found) => {
      if (current) setMap(found);
    });
    return () => {
      current = false;
    };
  }, [asked, sentence, held]);
  return map;
}

/** Where the trained policy goes. */
function useFollowed(ask: TrainingOf<'instructions'>['ask'], sentence: string, start: readonly number[]) {
  const [followed, setFollowed] = useState<Followed>();
  useEffect(() => {
    if (!ask) {
      setFollowed(undefined);
      return;
    }
    let current = true;
    void ask.follow(sentence, start).then((found) => {
      if (current) setFollowed(found);
    });
    return () => {
      current = false;
    };
  }, [ask, sentence, start]);
  return followed;
}
