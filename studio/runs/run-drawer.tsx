// One run in detail: state, what to do with it, its policies to download, all its settings.
import { Anchor, Button, Drawer, Group, Stack, Table, Text, TextInput, Title } from '@mantine/core';
import { useMemo, useState } from 'react';
import { countedTasks } from '../../src/acting/evaluate.js';
import { duration, percent, short, thousands } from '../../src/cli/format.js';
import { flatValues } from '../../src/config/flat-values.js';
import type { RunDetails, RunSummary } from '../../src/studio/api-types.js';
import { policyUrl, runPath } from '../api/client.js';
import { useJson } from '../api/use-json.js';
import { DiagnosisSection } from '../diagnose/diagnosis-section.js';
import { ModelSection } from '../diagnose/model-section.js';
import { CommandLine } from '../shell/command-line.js';
import { Facts } from '../shell/facts.js';
import { DownloadIcon } from '../shell/icons.js';
import { Link } from '../shell/router.js';
import { Failure, Loading, Notices } from '../shell/states.js';
import { canWatch, hasEnv, hasPictures, whyNotWatched } from '../watch/can-watch.js';
import { watchAddress } from '../watch/choose-run.js';
import { shownValue } from './differences-table.js';
import { RunButtons } from './run-buttons.js';
import { type Place, pathOf, programOf } from './start-request.js';
import { StateMark } from './state-mark.js';
import { TrainOn } from './train-on.js';

interface RunDrawerProps {
  readonly run: RunSummary | undefined;
  readonly onClose: () => void;
  readonly info: Place;
}

export function RunDrawer({ run, onClose, info }: RunDrawerProps) {
  return (
    <Drawer
      opened={run !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={<Text fw={650}>{run?.env}</Text>}
      closeButtonProps={{ 'aria-label': 'Close' }}
    >
      {run && <Details key={run.name} run={run} info={info} />}
    </Drawer>
  );
}

function Details({ run, info }: { run: RunSummary; info: Place }) {
  // Checkpoints come as it goes on: asked again with every piece of its log.
  const { data, error, retry } = useJson<RunDetails>(`${runPath(run.name)}?at=${run.state}-${run.metricsBytes}`);
  return (
    <Stack gap="lg">
      <Text size="sm" ff="monospace" c="dimmed" className="break">
        {run.name}
      </Text>
      <Group justify="space-between">
        <StateMark state={run.state} problem={run.problem} />
        <Group gap="xs">
          {canWatch(run) && (
            <Button component={Link} href={watchAddress(run.name)} size="sm" variant="light">
              Watch it
            </Button>
          )}
          <RunButtons run={run} size="sm" />
        </Group>
      </Group>
      {run.env !== '' && !hasEnv(run) && !hasPictures(run) && (
        <Text size="sm" c="dimmed" className="break">
          It cannot be watched: {whyNotWatched(run)}
        </Text>
      )}
      {run.problem !== null && <Failure error={run.problem} />}
      <Notices notices={run.warnings} />
      <RunFacts run={run} />
      {run.tasks.length > 0 && <TaskTable tasks={run.tasks} />}
      {error && <Failure error={error} retry={retry} />}
      {!data && !error && <Loading what="settings" />}
      {data && (
        <>
          <Policies run={run} details={data} />
          {run.resumable && <TrainOn run={run} />}
          {run.tasks.length > 1 && data.checkpoints.length > 0 && <DiagnosisSection run={run} info={info} />}
          {data.checkpoints.length > 0 && <ModelSection run={run} info={info} />}
          <Stack gap={6}>
            <Title order={3} size="sm">
              In the terminal
            </Title>
            <CommandLine command={`${programOf(info)} eval ${pathOf(run.name, info)}`} />
            {run.resumable && <CommandLine command={resumeCommand(run, info)} />}
          </Stack>
          <Settings details={data} />
        </>
      )}
    </Stack>
  );
}

function RunFacts({ run }: { run: RunSummary }) {
  const { tasks } = run;
  const rates = (some: typeof tasks) => some.flatMap(({ success }) => (success === null ? [] : [success]));
  const counted = rates(countedTasks(tasks));
  const heldOut = rates(tasks.filter((task) => task.heldOut));
  const worst: [string, string][] = counted.length > 0 ? [['Success, worst task', percent(Math.min(...counted))]] : [];
  const apart: [string, string][] =
    heldOut.length > 0 && heldOut.length < tasks.length
      ? [['Success, tasks held out', percent(heldOut.reduce((sum, rate) => sum + rate, 0) / heldOut.length)]]
      : [];
  const facts: [string, string][] = [
    ['Steps', `${thousands(run.steps)} of ${thousands(run.totalSteps)}`],
    [tasks.length > 0 ? 'Success, mean of the tasks' : 'Success', run.success === null ? '-' : percent(run.success)],
    ...worst,
    ...apart,
    ['Return', run.meanReturn === null ? '-' : short(run.meanReturn)],
    ['Training time', run.seconds === null ? '-' : duration(run.seconds)],
  ];
  return <Facts facts={facts} />;
}

/** The last evaluation, task by task. */
function TaskTable({ tasks }: { tasks: RunSummary['tasks'] }) {
  const succeeds = tasks.some(({ success }) => success !== null);
  return (
    <Table verticalSpacing={3} fz="sm" aria-label="By task">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Task</Table.Th>
          {succeeds && <Table.Th>Success</Table.Th>}
          <Table.Th>Return</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tasks.map(({ task, heldOut, success, meanReturn }) => (
          <Table.Tr key={task}>
            <Table.Td className="break">
              {task}
              {heldOut && (
                <Text span c="dimmed" fz="inherit">
                  {' '}
                  held out
                </Text>
              )}
            </Table.Td>
            {succeeds && <Table.Td>{success === null ? '-' : percent(success)}</Table.Td>}
            <Table.Td>{meanReturn === null ? '-' : short(meanReturn)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Policies({ run, details }: { run: RunSummary; details: RunDetails }) {
  const { checkpoints, best } = details;
  if (checkpoints.length === 0) {
    return <Text size="sm">No checkpoint was saved yet, so there is no policy to download.</Text>;
  }
  return (
    <Stack gap={6} align="start">
      <Title order={3} size="sm">
        Policy
      </Title>
      <Button
        component="a"
        href={policyUrl(run.name)}
        download
        leftSection={<DownloadIcon size={16} />}
        variant="light"
      >
        Best policy as ONNX ({best === null ? '' : `${thousands(best)} steps`})
      </Button>
      <Text size="xs" c="dimmed">
        Normalisation inside; inputs by the names of what the policy sees, output action. Other checkpoints:{' '}
        {checkpoints.toReversed().map((steps, i) => (
          <span key={steps}>
            {i > 0 && ', '}
            <Anchor href={policyUrl(run.name, steps)} download size="xs">
              {thousands(steps)}
            </Anchor>
          </span>
        ))}
      </Text>
    </Stack>
  );
}

function Settings({ details }: { details: RunDetails }) {
  const [text, setText] = useState('');
  const rows = useMemo(() => [...flatValues(details.config)], [details.config]);
  const shown = rows.filter(([path]) => path.toLowerCase().includes(text.toLowerCase()));
  return (
    <Stack gap={6}>
      <Title order={3} size="sm">
        Settings
      </Title>
      <TextInput
        aria-label="Filter settings"
        placeholder="Filter settings"
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Table verticalSpacing={3} fz="sm">
        <Table.Tbody>
          {shown.map(([path, value]) => (
            <Table.Tr key={path}>
              <Table.Td className="break">
                <code>{path}</code>
              </Table.Td>
              <Table.Td className="break">{shownValue(value)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

/** A finished run goes on only with more steps. */
const resumeCommand = ({ name, state, totalSteps }: RunSummary, info: Place): string =>
  `${programOf(info)} train --resume ${pathOf(name, info)}${state === 'done' ? ` --steps ${2 * totalSteps}` : ''}`;
