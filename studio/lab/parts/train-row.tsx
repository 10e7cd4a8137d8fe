// The button that trains, how the training goes, and what went wrong with it.
import { Button, Progress } from '@mantine/core';
import type { ReactNode } from 'react';
import { number as figure, percent } from '../../../src/lab/index.js';
import { Failure } from '../../shell/states.js';
import type { TrainingProgress } from '../trainers/watching.js';
import type { Training } from './use-training.js';

interface TrainRowProps {
  readonly training: Training | undefined;
  readonly stale: boolean;
  start(): void;
  /** On the button, before and after the first. */
  readonly verbs?: readonly [first: string, again: string];
  readonly children?: ReactNode;
}

export function TrainRow({ training, stale, start, verbs = ['Train', 'Train again'], children }: TrainRowProps) {
  const { phase, progress, problem } = training ?? {};
  return (
    <>
      <div className="lab-row">
        <Button onClick={start} loading={phase === 'training'} data-phase={phase}>
          {verbs[training === undefined ? 0 : 1]}
        </Button>
        <span className="lab-note">
          {training === undefined && 'In this tab, on one thread.'}
          {stale && 'The picture is of other settings: train again.'}
        </span>
        {children}
      </div>
      {phase === 'training' && progress && (
        <>
          <Progress value={(100 * progress.done) / progress.of} aria-label="Steps of training" />
          <span className="lab-note">{told(progress)}</span>
        </>
      )}
      {problem && <Failure error={problem} retry={start} />}
    </>
  );
}

function told({ done, of, success, reward }: TrainingProgress): string {
  const steps = `${done} of ${of} steps`;
  if (success !== undefined) return `${steps}; of the last 100 episodes ${percent(success)} reached their goal`;
  return reward === undefined ? steps : `${steps}; mean return of the last 100 episodes ${figure(reward, 3)}`;
}
