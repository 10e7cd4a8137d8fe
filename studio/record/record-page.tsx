// The Record page: a person steers an environment, episode by episode, and what they keep becomes a data set.
import { Button, Group, Modal, Paper, Select, Stack, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { listEnvs } from '../../src/envs/registry.js';
import type { View } from '../../src/view/view.js';
import { NeedsWebAssembly } from '../shell/requirements.js';
import { useParameter } from '../shell/router.js';
import { Failure, Loading } from '../shell/states.js';
import { StageCanvas } from '../watch/stage-canvas.js';
import { type ShownStage, useReadings } from '../watch/use-stage.js';
import { HandPad } from './hand-pad.js';
import { KeptTakes } from './kept-takes.js';
import type { TakeKey } from './keys.js';
import { isUnsaved, openRecording, type Recording, type RecordState, useRecording } from './recording.js';
import { TakeControls, TakeSettings } from './take-controls.js';
import { useHand } from './use-hand.js';

const envs = listEnvs();
const FIRST = 'tabletop/mt3';

export function RecordPage() {
  return (
    <NeedsWebAssembly otherwise="In a terminal: anygoal data record ENV --policy scripted --out FILE.">
      <Recorder />
    </NeedsWebAssembly>
  );
}

function Recorder() {
  const [named, setNamed] = useParameter('env');
  const recorded = useRecording();
  const [next, setNext] = useState<string>();
  const known = envs.find(({ name }) => name === named)?.name;
  const env = known ?? recorded?.state.env ?? FIRST;
  const isOpen = recorded?.state.env === env;
  const wouldLose = recorded !== undefined && !isOpen && isUnsaved(recorded.state);
  useEffect(() => {
    if (!isOpen && !wouldLose) openRecording(env);
  }, [env, isOpen, wouldLose]);
  const choose = (name: string) => {
    if (recorded && name !== recorded.state.env && isUnsaved(recorded.state)) setNext(name);
    else setNamed(name);
  };
  const leave = (name: string) => {
    openRecording(name);
    setNamed(name);
    setNext(undefined);
  };
  const asked = next ?? (wouldLose ? env : undefined);
  const stay = () => {
    setNamed(recorded?.state.env);
    setNext(undefined);
  };
  return (
    <Stack gap="md">
      <Select
        label="Environment"
        description={envs.find(({ name }) => name === env)?.description}
        data={envs.map(({ name }) => name)}
        value={env}
        onChange={(name) => name && choose(name)}
        allowDeselect={false}
        searchable
        maw={520}
      />
      {recorded && isOpen && <OneRecording key={env} {...recorded} />}
      <Modal opened={asked !== undefined} onClose={stay} title="Discard what was kept?" centered>
        <Stack>
          <Text size="sm">
            {recorded?.state.kept.length} episodes of {recorded?.state.env} were neither saved nor downloaded, and would
            be lost.
          </Text>
          <Group justify="end">
            <Button variant="default" onClick={stay} data-autofocus>
              Keep them
            </Button>
            <Button color="red" onClick={() => asked && leave(asked)}>
              Discard
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

interface Recorded {
  readonly recording: Recording;
  readonly state: RecordState;
}

function OneRecording({ recording, state }: Recorded) {
  const { env, stage, problem } = state;
  if (problem) return <Failure error={problem} retry={state.facts ? undefined : () => openRecording(env)} />;
  if (!stage) return <Loading what="the model and the physics" />;
  return <Steering recording={recording} state={state} stage={stage} />;
}

const PANELS = [{ name: '', goal: 0 }];
const KEYS = 'The keys that steer are listed beside it.';

function Steering({ recording, state, stage }: Recorded & { stage: ShownStage }) {
  const viewRef = useRef<View | null>(null);
  const sceneRef = useRef<HTMLDivElement>(null);
  const act = (key: TakeKey) => {
    if (key === 'grip') recording.toggleGrip();
    else if (key === 'redo') recording.redo();
    else if (key === 'discard') recording.discard();
    else if (recording.state().phase === 'over') recording.keep();
    else recording.end();
  };
  const hand = useHand(recording, viewRef, act);
  const { phase } = state;
  // A button that was clicked shall not take the keys of the next episode.
  useEffect(() => {
    const isButton =
      document.activeElement?.closest('.play-controls button') || document.activeElement === document.body;
    if (phase === 'ready' && isButton)
      sceneRef.current?.querySelector<HTMLElement>('.stage')?.focus({ preventScroll: true });
  }, [phase]);
  return (
    <div className="watch">
      <Stack gap="sm" className="watch-scene" ref={sceneRef}>
        <Asked state={state} />
        <StageCanvas
          stage={stage}
          panels={PANELS}
          follow={false}
          showsField={false}
          viewRef={viewRef}
          keysText={KEYS}
          onPoint={(_, place) => state.controls.place && hand.point(place)}
        />
        <TakeControls recording={recording} state={state} />
      </Stack>
      <Paper withBorder p="md" className="watch-side">
        <Stack gap="md">
          <HandPad recording={recording} state={state} hand={hand} />
          <TakeSettings recording={recording} state={state} />
          <KeptTakes recording={recording} state={state} />
        </Stack>
      </Paper>
    </div>
  );
}

/** What the present episode asks for: its task, where there are several, and the sentence for it, where there is one. */
function Asked({ state: { stage, asks } }: { state: RecordState }) {
  const frame = useReadings(stage!.readings);
  const task = frame && stage!.facts.tasks[frame.panels[0].task];
  if (task === undefined && asks === undefined) return null;
  return (
    <Group gap="xs">
      {task !== undefined && (
        <Text fw={650} data-reading="Task">
          {task}
        </Text>
      )}
      {asks !== undefined && <Text data-reading="Asked">{asks}</Text>}
    </Group>
  );
}
