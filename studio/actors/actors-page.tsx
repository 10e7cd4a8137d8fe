// The Actors page: who acts for which run over the studio's broker, how fast, and how old their policies are.
import { Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { useEffect } from 'react';
import type { ActorsAnswer, StudioInfo } from '../../src/studio/api-types.js';
import { useJson } from '../api/use-json.js';
import { CommandLine } from '../shell/command-line.js';
import { Empty, Failure, Loading, Notices } from '../shell/states.js';
import { actorRow, learnerFacts } from './actor-figures.js';

/** Milliseconds between two looks. */
const LOOK = 1000;
const COLUMNS = ['Actor', 'Steps/s', 'Steps', 'Episodes', 'Policy lag', 'Messages', 'Sent', 'Now'];

export function ActorsPage() {
  const { data, error, retry } = useJson<ActorsAnswer>('actors');
  const { data: info } = useJson<StudioInfo>('info');
  // biome-ignore lint/correctness/useExhaustiveDependencies: each answer sets the clock for the next question
  useEffect(() => {
    const timer = setTimeout(retry, LOOK);
    return () => clearTimeout(timer);
  }, [data, error]);

  if (error) return <Failure error={error} retry={retry} />;
  if (!data) return <Loading what="Actors" />;
  const program = info?.program ?? 'anygoal';
  if (data.broker === undefined) {
    return (
      <Empty title="This studio knows no broker">
        <Text c="dimmed">
          Actors on other computers send their episodes over a NATS server. Start the studio with its address:
        </Text>
        <CommandLine command={`${program} studio --broker nats://HOST:4222`} />
      </Empty>
    );
  }
  if (data.runs.length === 0) {
    return (
      <Empty title={`No runs at ${data.broker} yet`}>
        <Notices notices={data.problem ? [data.problem] : []} />
        <CommandLine command={`${program} train point/reach --broker ${data.broker}`} />
      </Empty>
    );
  }
  return (
    <Stack gap="md">
      <Notices notices={data.problem ? [data.problem] : []} />
      {data.runs.map((run) => (
        <RunActors key={run.run} run={run} command={`${program} actor --broker ${data.broker} --run ${run.run}`} />
      ))}
    </Stack>
  );
}

function RunActors({ run, command }: { run: ActorsAnswer['runs'][number]; command: string }) {
  const { learner, actors, silentSeconds = 0 } = run;
  return (
    <Paper withBorder p="md" component="section" aria-label={run.run}>
      <Stack gap="sm">
        <Group gap="sm">
          <Title order={2} size="h4">
            {run.run}
          </Title>
          <Badge color={actors.length > 0 ? 'teal' : 'gray'} variant="light">
            {actors.length === 1 ? '1 actor' : `${actors.length} actors`}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          {learnerFacts(learner, silentSeconds)}
        </Text>
        {actors.length > 0 && (
          <div className="diagnosis-scroll">
            <Table aria-label={`Actors of ${run.run}`} fz="sm">
              <Table.Thead>
                <Table.Tr>
                  {COLUMNS.map((name) => (
                    <Table.Th key={name}>{name}</Table.Th>
                  ))}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {actors.map((actor) => (
                  <Table.Tr key={actor.actor} data-actor={actor.actor}>
                    {actorRow(actor).map((text, i) => (
                      <Table.Td key={COLUMNS[i]}>{text}</Table.Td>
                    ))}
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
        {!learner?.ended && <CommandLine command={command} />}
      </Stack>
    </Paper>
  );
}
