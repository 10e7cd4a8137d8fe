// The Watch page: policies at work in the tab, goals placed with the mouse, several goals or runs side by side.
import { Anchor, Group, Paper, SegmentedControl, Select, Stack, Text } from '@mantine/core';
import { useEffect, useMemo } from 'react';
import type { RunDetails, RunSummary } from '../../src/studio/api-types.js';
import { runFilesUrl, runPath } from '../api/client.js';
import { useRuns } from '../api/live-runs.js';
import { useJson } from '../api/use-json.js';
import { relabelText } from '../runs/run-rows.js';
import { NeedsWebAssembly } from '../shell/requirements.js';
import { Link, useParameter } from '../shell/router.js';
import { Empty, Failure, Loading, Notices } from '../shell/states.js';
import { CameraPictures } from './camera-pictures.js';
import { canWatch, hasPictures, whyNotWatched } from './can-watch.js';
import { ChooseRun } from './choose-run.js';
import { AfterSelect, FieldControls, PlayControls, PushControls, TaskSelect, ViewControls } from './controls.js';
import { GoalInputs, goalName } from './goal-inputs.js';
import { InstructionInput } from './instruction-input.js';
import { PicturePlayer } from './picture-player.js';
import { Readout } from './readout.js';
import { labelsApart } from './run-labels.js';
import type { WatchedRun } from './stage.js';
import { StageCanvas } from './stage-canvas.js';
import { type OpenStage, useStage } from './use-stage.js';
import { type PanelName, useWatching } from './use-watching.js';

/** Panels that fit a screen and a processor. */
const MOST_PANELS = 4;

export function WatchPage() {
  const runs = useRuns();
  const [name] = useParameter('run');
  if (runs === undefined) return <Loading what="runs" />;
  if (name === undefined) return <ChooseRun runs={runs.filter(canWatch)} />;
  const run = runs.find((one) => one.name === name);
  if (run && !canWatch(run)) {
    return (
      <Empty title="This run cannot be watched here">
        <Text c="dimmed" className="break">
          {whyNotWatched(run)}
        </Text>
        <Link href="/watch">Choose another run</Link>
      </Empty>
    );
  }
  if (run && hasPictures(run)) return <PicturePlayer key={name} run={run} />;
  if (run) {
    return (
      <NeedsWebAssembly otherwise="The Runs page shows its curves.">
        <WatchRun key={name} run={run} runs={runs} />
      </NeedsWebAssembly>
    );
  }
  return (
    <Empty title="There is no such run">
      <Text c="dimmed" className="break">
        {name} is not in this folder of runs.
      </Text>
      <Link href="/watch">Choose a run</Link>
    </Empty>
  );
}

function WatchRun({ run, runs }: { run: RunSummary; runs: readonly RunSummary[] }) {
  const [checkpoint, setCheckpoint] = useParameter('checkpoint');
  const [beside, setBeside] = useParameter('with');
  const [goalsText, setGoals] = useParameter('goals');
  const other = runs.find(({ name, env }) => name === beside && env === run.env);
  const most = other ? MOST_PANELS / 2 : MOST_PANELS;
  const goals = Math.min(Math.max(1, Math.floor(Number(goalsText)) || 1), most);
  const first = useJson<RunDetails>(runPath(run.name));
  const second = useJson<RunDetails>(other && runPath(other.name));
  const error = first.error ?? (other && second.error);
  const hasSecond = !other || second.data?.summary.name === other.name;

  // The same array while the same is watched, whatever else is told of the runs.
  const otherName = other?.name;
  const firstConfig = JSON.stringify(first.data?.config.env);
  const secondConfig = other && hasSecond ? JSON.stringify(second.data?.config.env) : undefined;
  const watched = useMemo(() => {
    if (!firstConfig || (otherName && !secondConfig)) return undefined;
    const chosen = checkpoint !== undefined && /^\d+$/.test(checkpoint) ? Number(checkpoint) : checkpoint;
    const of = (name: string, config: string, which?: string | number): WatchedRun => {
      const { name: env, options } = JSON.parse(config) as { name: string; options?: Record<string, unknown> };
      return { run: runFilesUrl(name), env, options, checkpoint: (which ?? 'best') as 'best' | 'last' | number };
    };
    const shown = [of(run.name, firstConfig, chosen)];
    if (otherName && secondConfig) shown.push(of(otherName, secondConfig, chosen === 'last' ? 'last' : undefined));
    return shown;
  }, [run.name, otherName, firstConfig, secondConfig, checkpoint]);

  const { stage, error: stageError, retry } = useStage(watched, goals);
  const panels = useMemo((): PanelName[] => {
    const names = other ? labelsApart([run, other]) : [''];
    return names.flatMap((name, r) =>
      Array.from({ length: goals }, (_, goal) => ({
        goal,
        name: [name, goals > 1 && `goal ${goalName(goal)}`].filter(Boolean).join(' · '),
        short: `${other ? r + 1 : ''}${goals > 1 ? goalName(goal) : ''}`,
      })),
    );
  }, [run, other, goals]);

  const checkpoints = first.data?.checkpoints ?? [];
  const others = runs.filter(({ env, name, steps }) => env === run.env && name !== run.name && steps > 0);
  const labels = labelsApart([run, ...others]).slice(1);
  return (
    <Stack gap="md">
      <Group gap="sm" align="end">
        <Stack gap={0} mr="auto">
          <Text fw={650} size="lg">
            {run.env}
          </Text>
          <Text size="sm" c="dimmed">
            {run.agent} · {relabelText(run.relabel)} · seed {run.seed} ·{' '}
            <Anchor component={Link} href="/watch" size="sm">
              other run
            </Anchor>
          </Text>
        </Stack>
        <Select
          size="xs"
          label="Policy"
          w={150}
          data={[
            { value: 'best', label: 'best' },
            { value: 'last', label: 'last' },
            ...checkpoints
              .toReversed()
              .map((steps) => ({ value: String(steps), label: `${steps.toLocaleString('en')} steps` })),
          ]}
          value={checkpoint ?? 'best'}
          allowDeselect={false}
          onChange={(value) => setCheckpoint(value === 'best' || value === null ? undefined : value)}
        />
        <Select
          size="xs"
          label="Beside it"
          w={230}
          placeholder={others.length > 0 ? 'no other run' : 'no other run of this task'}
          disabled={others.length === 0}
          data={others.map((one, i) => ({ value: one.name, label: labels[i] }))}
          value={other?.name ?? null}
          clearable
          clearButtonProps={{ 'aria-label': 'Only this run' }}
          onChange={(value) => setBeside(value ?? undefined)}
        />
        {stage?.facts.goal.length !== 0 && (
          <Stack gap={2}>
            <Text size="xs" fw={600}>
              Goals side by side
            </Text>
            <SegmentedControl
              size="xs"
              aria-label="Goals side by side"
              data={Array.from({ length: most }, (_, i) => String(i + 1))}
              value={String(goals)}
              onChange={(value) => setGoals(value === '1' ? undefined : value)}
            />
          </Stack>
        )}
      </Group>
      {error && <Failure error={error} retry={first.retry} />}
      {stageError && <Failure error={stageError} retry={retry} />}
      <Notices notices={stage?.facts.warnings} />
      {!error && !stageError && (!stage || !hasSecond) && <Loading what="the model, the physics and the policy" />}
      {stage && hasSecond && (
        <Watch
          key={`${panels.length}`}
          stage={stage}
          panels={panels}
          watchLast={checkpoint === 'last' ? undefined : () => setCheckpoint('last')}
        />
      )}
    </Stack>
  );
}

function Watch({
  stage,
  panels,
  watchLast,
}: {
  stage: OpenStage;
  panels: readonly PanelName[];
  watchLast?: () => void;
}) {
  const on = useWatching(stage, panels, watchLast);
  const { playing, setPlaying, stepOnce, restart, randomGoal } = on;
  useEffect(() => {
    const keys: Record<string, () => void> = {
      ' ': () => setPlaying(!playing),
      '.': stepOnce,
      r: restart,
      g: randomGoal,
    };
    const listener = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      // Where keys have a meaning of their own, they keep it.
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        target.closest('input, textarea, select, button, a, [role=listbox], [role=slider]')
      )
        return;
      const act = keys[event.key.toLowerCase()];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', listener);
    return () => window.removeEventListener('keydown', listener);
  }, [playing, setPlaying, stepOnce, restart, randomGoal]);

  return (
    <div className="watch">
      <Stack gap="sm" className="watch-scene">
        <StageCanvas
          stage={stage}
          panels={panels}
          follow={on.follow}
          showsField={on.field !== undefined && !on.fieldError}
          viewRef={on.viewRef}
          canvasRef={on.canvasRef}
          onPoint={on.point}
        />
        <PlayControls on={on} />
      </Stack>
      <Paper withBorder p="md" className="watch-side">
        <Stack gap="md">
          <TaskSelect on={on} />
          <InstructionInput on={on} />
          <Readout on={on} />
          <CameraPictures on={on} />
          <GoalInputs on={on} />
          <AfterSelect on={on} />
          <PushControls on={on} />
          <FieldControls on={on} />
          <ViewControls on={on} />
        </Stack>
      </Paper>
    </div>
  );
}
