// What is kept, by task, and how it becomes a data set: into the runs folder or as a download, with the commands that follow.
import { Button, Checkbox, Group, Stack, Table, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { quoted } from '../../src/quoted.js';
import type { DataListing, SavedData, StartAnswer, StudioInfo } from '../../src/studio/api-types.js';
import { ApiError, postJson } from '../api/client.js';
import { useJson } from '../api/use-json.js';
import { programOf } from '../runs/start-request.js';
import { CommandLine } from '../shell/command-line.js';
import { DownloadIcon, PlayIcon, SaveIcon } from '../shell/icons.js';
import { navigate } from '../shell/router.js';
import { Failure } from '../shell/states.js';
import type { Recording, RecordState } from './recording.js';

/** What is already there under a name. */
const TAKEN = 409;

export function KeptTakes({ recording, state }: { recording: Recording; state: RecordState }) {
  const { kept, facts, env, saved } = state;
  const [name, setName] = useState(`${env.replaceAll('/', '-')}-by-hand`);
  const [replace, setReplace] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const { data: there, retry: lookAgain } = useJson<{ readonly data: readonly DataListing[] }>('data');
  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setProblem(undefined);
    try {
      await work();
      setReplace(false);
      lookAgain();
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => recording.save(name.trim(), replace));
  };
  const isTaken =
    there?.data.some((one) => one.name === name.trim()) || (problem instanceof ApiError && problem.status === TAKEN);
  return (
    <Stack gap="xs">
      <Text size="sm" fw={600}>
        Kept
      </Text>
      <Counts kept={kept} tasks={facts?.stage.tasks ?? []} judged={facts?.judged ?? false} />
      {kept.length > 0 && (
        <form onSubmit={save}>
          <Stack gap="xs">
            <TextInput
              size="xs"
              label="Name of the data set"
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setProblem(undefined);
              }}
            />
            {(isTaken || replace) && (
              <Checkbox
                size="xs"
                label="Replace the one that is there"
                checked={replace}
                onChange={(event) => setReplace(event.currentTarget.checked)}
              />
            )}
            {problem && <Failure error={problem} />}
            <Group gap="xs">
              <Button type="submit" size="xs" loading={busy} leftSection={<SaveIcon size={14} />}>
                Save
              </Button>
              <Button
                size="xs"
                variant="default"
                disabled={busy}
                leftSection={<DownloadIcon size={14} />}
                onClick={() => attempt(() => recording.download(name.trim() || 'by-hand'))}
              >
                Download
              </Button>
              <Button size="xs" variant="subtle" color="gray" disabled={busy} onClick={recording.dropLast}>
                Drop the last
              </Button>
            </Group>
          </Stack>
        </form>
      )}
      {saved && saved !== 'downloaded' && <Saved saved={saved} env={env} />}
    </Stack>
  );
}

interface CountsProps {
  readonly kept: RecordState['kept'];
  readonly tasks: readonly string[];
  readonly judged: boolean;
}

function Counts({ kept, tasks, judged }: CountsProps) {
  const text = (some: RecordState['kept']) => {
    const reached = some.filter(({ success }) => success).length;
    return judged && some.length > 0 ? `${some.length}, ${reached} of them a success` : String(some.length);
  };
  const rows = tasks.map((task, number) => [task, text(kept.filter((one) => one.task === number))] as const);
  return (
    <Table fz="sm" verticalSpacing={3} horizontalSpacing={4} aria-label="Kept episodes">
      <Table.Tbody>
        {[...rows, [tasks.length > 0 ? 'all' : 'episodes', text(kept)] as const].map(([task, count]) => (
          <Table.Tr key={task}>
            <Table.Th fw={400} className="readout-name">
              {task}
            </Table.Th>
            <Table.Td className="readout-value" data-kept={task}>
              {count}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Saved({ saved: { path, episodes, transitions }, env }: { saved: SavedData; env: string }) {
  const { data: info } = useJson<StudioInfo>('info');
  const [problem, setProblem] = useState<Error>();
  const [busy, setBusy] = useState(false);
  const file = quoted(path);
  const learn = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      const settings = { 'data.files': [path] };
      const { runs } = await postJson<StartAnswer>('runs', { env, agent: 'bc', settings });
      navigate(`/runs?selected=${runs.join(',')}`);
    } catch (error) {
      setProblem(error as Error);
      setBusy(false);
    }
  };
  return (
    <Stack gap={4} role="status">
      <Text size="xs">
        Saved: {episodes} episodes, {transitions} transitions.
      </Text>
      <Button size="xs" variant="light" loading={busy} leftSection={<PlayIcon size={14} />} onClick={learn}>
        Train a policy from it
      </Button>
      {problem && <Failure error={problem} />}
      <Text size="xs">In a terminal:</Text>
      <CommandLine command={`${programOf(info)} data inspect ${file}`} />
      <CommandLine command={`${programOf(info)} train ${env} --agent bc --data ${file}`} />
    </Stack>
  );
}
