// One training: how it goes, the policy practising, and what can be done with it.
import { Badge, Button, Group, NumberInput, Paper, Progress, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { duration, percent, short, thousands } from '../../src/cli/format.js';
import { compact } from '../runs/metric-names.js';
import { type Place, pathOf, programOf } from '../runs/start-request.js';
import { CommandLine } from '../shell/command-line.js';
import { Facts } from '../shell/facts.js';
import { DownloadIcon, PauseIcon, PlayIcon, SaveIcon, StopIcon } from '../shell/icons.js';
import { Link } from '../shell/router.js';
import { Failure, Notices } from '../shell/states.js';
import { PracticeView } from './practice-view.js';
import { isLive, type Phase, retry, type Training, type TrainingState, useTrainingState } from './trainings.js';

const PHASES: Readonly<Record<Phase, { readonly text: string; readonly color: string }>> = {
  loading: { text: 'Loading', color: 'gray' },
  training: { text: 'Training', color: 'cyan' },
  paused: { text: 'Paused', color: 'yellow' },
  stopping: { text: 'Stopping', color: 'yellow' },
  ended: { text: 'Done', color: 'green' },
  failed: { text: 'Failed', color: 'red' },
};

const RECORDING = { text: 'Recording demonstrations', color: 'cyan' };
const EVALUATING = { text: 'Evaluating', color: 'cyan' };
const STOPPED = { text: 'Stopped', color: 'gray' };

function phaseOf({ phase, progress, result }: TrainingState): { readonly text: string; readonly color: string } {
  if (phase === 'training' && progress?.phase === 'demonstrations') return RECORDING;
  if (phase === 'training' && progress?.phase === 'evaluation') return EVALUATING;
  if (phase === 'ended' && result?.ended === 'aborted') return STOPPED;
  return PHASES[phase];
}

/** In one text, which is the same as long as nothing is new. */
const noticesOf = ({ run, result }: TrainingState): string => {
  const owed = result?.owedUpdates ?? 0;
  const told = owed > 0 ? [`${thousands(owed)} updates are still owed: go on to make them up.`] : [];
  return [...(run?.warnings ?? []), ...told].join('\n');
};

export function TrainingPanel({ training, info }: { training: Training; info: Place }) {
  const phase = useTrainingState(training, (state) => state.phase);
  const problem = useTrainingState(training, (state) => state.problem);
  const notices = useTrainingState(training, noticesOf);
  return (
    <Paper withBorder p="md" component="section" aria-label={training.label} data-phase={phase}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Title order={2} size="h5">
            {training.label}
          </Title>
          <PhaseBadge training={training} />
        </Group>
        {phase !== 'failed' && <PracticeView training={training} />}
        <StepsDone training={training} />
        <LiveFacts training={training} />
        <Notices notices={notices.split('\n').filter(Boolean)} />
        {problem && <Failure error={problem} retry={phase === 'failed' ? () => retry(training) : undefined} />}
        {isLive(phase) && <LiveButtons training={training} phase={phase} />}
        {phase === 'ended' && <EndedButtons training={training} info={info} />}
      </Stack>
    </Paper>
  );
}

// What changes with every report stands alone: the rest of the panel is not rendered with it.

function PhaseBadge({ training }: { training: Training }) {
  const { text, color } = useTrainingState(training, phaseOf);
  return (
    <Badge color={color} variant="light" tt="none" role="status" flex="none">
      {text}
    </Badge>
  );
}

function StepsDone({ training }: { training: Training }) {
  const phase = useTrainingState(training, (state) => state.phase);
  const done = useTrainingState(training, ({ progress }) =>
    progress && progress.totalSteps > 0 ? (100 * progress.steps) / progress.totalSteps : 0,
  );
  return <Progress value={done} aria-label="Steps done" animated={phase === 'training'} transitionDuration={200} />;
}

function LiveFacts({ training }: { training: Training }) {
  const { phase, progress, wallSeconds } = useTrainingState(training, (state) => state);
  if (progress === undefined) return null;
  const { steps, totalSteps, lastEvaluation, successRate, meanReward, stepsPerSecond, secondsLeft } = progress;
  const facts: [string, string][] = [
    ['Steps', `${compact(steps)} / ${compact(totalSteps)}`],
    ['Success', percent(lastEvaluation?.successRate ?? successRate)],
    ['Return', short(lastEvaluation?.meanReward ?? meanReward)],
    ['Steps/s', phase === 'ended' ? thousands(steps / progress.seconds) : thousands(stepsPerSecond)],
    phase === 'ended'
      ? ['Took', duration(wallSeconds ?? progress.seconds)]
      : ['Time left', phase === 'paused' ? 'paused' : duration(secondsLeft)],
  ];
  return <Facts live facts={facts} />;
}

function LiveButtons({ training, phase }: { training: Training; phase: Phase }) {
  return (
    <Group gap="xs">
      {phase === 'paused' ? (
        <Button size="sm" variant="default" leftSection={<PlayIcon size={14} />} onClick={training.unpause}>
          Go on
        </Button>
      ) : (
        <Button
          size="sm"
          variant="default"
          leftSection={<PauseIcon size={14} />}
          disabled={phase !== 'training'}
          onClick={training.pause}
        >
          Pause
        </Button>
      )}
      <Button
        size="sm"
        variant="default"
        leftSection={<StopIcon size={14} />}
        disabled={phase === 'loading'}
        loading={phase === 'stopping'}
        onClick={training.stop}
      >
        Stop
      </Button>
    </Group>
  );
}

interface EndedProps {
  readonly training: Training;
  readonly info: Place;
}

function EndedButtons({ training, info }: EndedProps) {
  const state = useTrainingState(training, (now) => now);
  const done = state.progress?.steps ?? 0;
  const [steps, setSteps] = useState<number | string>(Math.max(state.progress?.totalSteps ?? 0, 2 * done));
  const [busy, setBusy] = useState<'save' | 'download'>();
  const [problem, setProblem] = useState<Error>();
  const attempt = async (what: 'save' | 'download') => {
    setBusy(what);
    setProblem(undefined);
    await training[what]().catch(setProblem);
    setBusy(undefined);
  };
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button
          size="sm"
          leftSection={<SaveIcon size={14} />}
          loading={busy === 'save'}
          disabled={state.savedAs !== undefined}
          onClick={() => attempt('save')}
        >
          {state.savedAs === undefined ? 'Save to runs' : 'Saved'}
        </Button>
        <Button
          size="sm"
          variant="default"
          leftSection={<DownloadIcon size={14} />}
          loading={busy === 'download'}
          onClick={() => attempt('download')}
        >
          Download .zip
        </Button>
      </Group>
      {problem && <Failure error={problem} />}
      {state.savedAs !== undefined && (
        <Stack gap={4}>
          <Text size="sm">
            It is among the <Link href={`/runs?run=${state.savedAs}`}>runs</Link> now. In a terminal:
          </Text>
          <CommandLine command={`${programOf(info)} eval ${pathOf(state.savedAs, info)}`} />
        </Stack>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (typeof steps === 'number') training.goOn(steps);
        }}
      >
        <Group align="end" gap="xs">
          <NumberInput
            label="Train on to"
            description="steps in all"
            size="sm"
            w={140}
            min={done + 1}
            allowDecimal={false}
            thousandSeparator=","
            value={steps}
            onChange={setSteps}
          />
          <Button size="sm" type="submit" variant="default" leftSection={<PlayIcon size={14} />}>
            Train on
          </Button>
        </Group>
      </form>
    </Stack>
  );
}
