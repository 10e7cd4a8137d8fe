// Train here: a run in this tab, or two side by side with and without hindsight; live curves, the policy practising.
import { Button, Group, Modal, Paper, SimpleGrid, Stack, Text } from '@mantine/core';
import { type FormEvent, useDeferredValue, useState } from 'react';
import type { StartRequest, StudioInfo } from '../../src/studio/api-types.js';
import { useJson } from '../api/use-json.js';
import { RunFields, relabelOf, useRunOffer } from '../runs/run-fields.js';
import { relabelText } from '../runs/run-rows.js';
import { type RunChoice, requestOf } from '../runs/start-request.js';
import { PlayIcon, PlusIcon } from '../shell/icons.js';
import { IsolationNote, NeedsWebAssembly } from '../shell/requirements.js';
import { Failure, Loading } from '../shell/states.js';
import { TrainingCurves } from './training-curves.js';
import { TrainingPanel } from './training-panel.js';
import { endTrainings, isUnsaved, startTrainings, useTrainings } from './trainings.js';

/** Kept while other pages are open. */
let lastChoice: RunChoice | undefined;

/** From the address, so that a link can say what to train: /train?env=point/reach&relabel=none&set=training.batchSize=128. */
function firstChoice(): RunChoice {
  const given = new URLSearchParams(window.location.search);
  const text = (name: string) => given.get(name) ?? undefined;
  return {
    env: text('env') ?? 'arm/reach',
    agent: text('agent'),
    relabel: text('relabel'),
    steps: Number(text('steps')) || undefined,
    seeds: text('seed') ?? '0',
    settings: Object.fromEntries(
      given.getAll('set').map((setting) => {
        const equals = setting.indexOf('=');
        return [setting.slice(0, equals), setting.slice(equals + 1)];
      }),
    ),
  };
}

export function TrainPage() {
  return (
    <NeedsWebAssembly otherwise="Runs can be started from the Runs page instead.">
      <Trainings />
    </NeedsWebAssembly>
  );
}

function Trainings() {
  // Deferred: rendered in short stretches, so that the click does not hold up the page.
  const trainings = useDeferredValue(useTrainings());
  const { data: info } = useJson<StudioInfo>('info');
  const [asking, setAsking] = useState(false);
  if (trainings.length === 0) return <Choose />;
  const leave = () => {
    setAsking(false);
    endTrainings();
  };
  return (
    <Stack gap="md">
      <IsolationNote />
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          It goes on while you look at other pages of the studio; closing the tab ends it.
        </Text>
        <Button
          variant="default"
          size="sm"
          leftSection={<PlusIcon size={14} />}
          onClick={() => (trainings.some((training) => isUnsaved(training.state())) ? setAsking(true) : leave())}
        >
          New training
        </Button>
      </Group>
      <SimpleGrid cols={trainings.length > 1 ? { base: 1, sm: 2 } : { base: 1, lg: 2 }}>
        {trainings.map((training) => (
          <TrainingPanel key={training.id} training={training} info={info} />
        ))}
        {trainings.length === 1 && <TrainingCurves trainings={trainings} />}
      </SimpleGrid>
      {trainings.length > 1 && <TrainingCurves trainings={trainings} />}
      <Modal opened={asking} onClose={() => setAsking(false)} title="Discard what was trained?" centered>
        <Stack>
          <Text size="sm">It was neither saved nor downloaded, and would be lost.</Text>
          <Group justify="end">
            <Button variant="default" onClick={() => setAsking(false)} data-autofocus>
              Keep it
            </Button>
            <Button color="red" onClick={leave}>
              Discard
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Stack>
  );
}

function Choose() {
  const [choice, setChoice] = useState<RunChoice>(() => lastChoice ?? firstChoice());
  const [problem, setProblem] = useState<Error>();
  const offer = useRunOffer(choice);
  const change = (next: RunChoice) => {
    lastChoice = next;
    setChoice(next);
    setProblem(undefined);
  };
  const begin = (relabels: readonly (string | undefined)[]) => {
    try {
      const request = requestOf(choice);
      startTrainings(
        relabels.map((relabel) => ({
          label: labelOf(request, relabel ?? relabelOf(choice, offer)),
          request: { ...request, ...(relabel !== undefined && { relabel }) },
        })),
      );
    } catch (error) {
      setProblem(error as Error);
    }
  };
  const start = (event: FormEvent) => {
    event.preventDefault();
    begin([choice.relabel]);
  };
  const compare = () => {
    const chosen = relabelOf(choice, offer);
    begin([chosen === 'none' ? 'future:4' : chosen, 'none']);
  };

  if (offer.form === undefined && offer.error === undefined) return <Loading what="settings" />;
  return (
    <Paper withBorder p="md" maw={720}>
      <form onSubmit={start}>
        <Stack gap="md">
          <IsolationNote />
          <RunFields choice={choice} onChange={change} offer={offer} seeds="one" />
          {(problem ?? offer.error) && (
            <Failure error={(problem ?? offer.error) as Error} retry={offer.error && offer.retry} />
          )}
          <Group>
            <Button type="submit" leftSection={<PlayIcon size={14} />}>
              Start training
            </Button>
            <Button variant="default" onClick={compare}>
              With and without hindsight
            </Button>
          </Group>
          <Text size="xs" c="dimmed">
            The second button trains two at once, side by side, which differ in nothing but hindsight.
          </Text>
        </Stack>
      </form>
    </Paper>
  );
}

const labelOf = ({ env, agent, seeds }: StartRequest, relabel: string): string =>
  [env, agent, relabelText(relabel), seeds?.[0] ? `seed ${seeds[0]}` : undefined].filter(Boolean).join(' · ');
