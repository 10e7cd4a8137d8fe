// A new run: environment, agent, hindsight, seeds, steps, and any other setting.
import { Button, Group, Modal, NumberInput, Select, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type {
  AgentListing,
  EnvironmentListing,
  RunForm,
  StartAnswer,
  StartRequest,
} from '../../src/studio/api-types.js';
import { postJson, query } from '../api/client.js';
import { useJson } from '../api/use-json.js';
import { CommandLine } from '../shell/command-line.js';
import { PlayIcon } from '../shell/icons.js';
import { Failure, Loading } from '../shell/states.js';
import { SettingsList } from './settings-list.js';
import { commandOf, type Place, type RunChoice, relabelParts, requestOf } from './start-request.js';

interface StartDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onStarted: (names: readonly string[]) => void;
  readonly info: Place;
}

export function StartDialog({ opened, onClose, ...rest }: StartDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={<Text fw={650}>Start a run</Text>} size="lg">
      <StartForm {...rest} />
    </Modal>
  );
}

const STRATEGIES = [
  { value: 'future', label: 'future: goals achieved later in the episode' },
  { value: 'final', label: 'final: the goal achieved at its end' },
  { value: 'episode', label: 'episode: goals achieved anywhere in it' },
  { value: 'random', label: 'random: goals achieved in any episode' },
  { value: 'none', label: 'none: no hindsight' },
];

function StartForm({ onStarted, info }: Pick<StartDialogProps, 'onStarted' | 'info'>) {
  const [choice, setChoice] = useState<RunChoice>({ env: 'arm/reach', seeds: '0', settings: {} });
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Error>();
  const environments = useJson<{ environments: EnvironmentListing[] }>('environments');
  const agents = useJson<{ agents: AgentListing[] }>('agents');
  const form = useJson<RunForm>(`form${query({ env: choice.env, agent: choice.agent })}`);
  const change = (part: Partial<RunChoice>) => {
    setChoice({ ...choice, ...part });
    setProblem(undefined); // it was about what is no longer there
  };
  const described = (list: readonly { name: string; description: string }[] | undefined, name: string | undefined) =>
    list?.find((entry) => entry.name === name)?.description;

  const current = form.data;
  const usual = (path: string) => current?.settings.find((setting) => setting.path === path)?.value;
  const relabel = relabelParts(choice.relabel ?? String(usual('relabel') ?? 'none'));

  const start = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const { runs } = await postJson<StartAnswer>('runs', requestOf(choice) satisfies StartRequest);
      onStarted(runs);
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
  };

  const failed = environments.error ?? agents.error ?? form.error;
  if (current === undefined && failed === undefined) return <Loading what="settings" />;
  return (
    <form onSubmit={start}>
      <Stack gap="md">
        <Select
          label="Environment"
          description={described(environments.data?.environments, choice.env)}
          data={environments.data?.environments.map(({ name }) => name) ?? [choice.env]}
          value={choice.env}
          onChange={(env) => env && setChoice({ env, seeds: choice.seeds, settings: {} })}
          allowDeselect={false}
          searchable
          data-autofocus
        />
        <Select
          label="Agent"
          description={described(agents.data?.agents, choice.agent ?? current?.agent)}
          data={current?.agents ?? []}
          value={choice.agent ?? current?.agent ?? null}
          onChange={(agent) => agent && setChoice({ ...choice, agent, relabel: undefined, settings: {} })}
          allowDeselect={false}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label="Hindsight"
            description="what failures are good for"
            data={STRATEGIES}
            value={relabel.strategy}
            onChange={(strategy) =>
              strategy && change({ relabel: strategy === 'none' ? 'none' : `${strategy}:${relabel.goals}` })
            }
            allowDeselect={false}
          />
          <NumberInput
            label="Relabelled goals"
            description="for each transition"
            min={1}
            max={100}
            allowDecimal={false}
            disabled={relabel.strategy === 'none'}
            value={relabel.goals}
            onChange={(goals) => change({ relabel: `${relabel.strategy}:${goals}` })}
          />
          <NumberInput
            label="Steps"
            description="in the environment, in all"
            min={1}
            allowDecimal={false}
            thousandSeparator=","
            value={choice.steps ?? Number(usual('steps') ?? 20_000)}
            onChange={(steps) => change({ steps: typeof steps === 'number' ? steps : undefined })}
          />
          <TextInput
            label="Seeds"
            description="one run for each, such as 0, 1, 2"
            value={choice.seeds}
            onChange={(event) => change({ seeds: event.currentTarget.value })}
          />
        </SimpleGrid>
        {current && (
          <SettingsList
            settings={current.settings.filter(({ path }) => path !== 'steps' && path !== 'relabel')}
            values={choice.settings}
            onChange={(settings) => change({ settings })}
          />
        )}
        <Stack gap={4}>
          <Text size="xs" c="dimmed">
            The same in a terminal:
          </Text>
          <CommandLine command={commandOf(choice, info)} />
        </Stack>
        {(problem ?? failed) && (
          <div ref={(box) => box?.scrollIntoView({ block: 'nearest' })}>
            <Failure error={(problem ?? failed) as Error} retry={failed && form.retry} />
          </div>
        )}
        <Group justify="end">
          <Button type="submit" loading={busy} leftSection={<PlayIcon size={14} />}>
            Start
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
