// The inputs that describe a run: environment, agent, hindsight, steps, seeds, and every other setting.
import { NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core';
import type { AgentListing, EnvironmentListing, RunForm } from '../../src/studio/api-types.js';
import { query } from '../api/client.js';
import { useJson } from '../api/use-json.js';
import { SettingsList } from './settings-list.js';
import { type RunChoice, relabelParts } from './start-request.js';

const STRATEGIES = [
  { value: 'future', label: 'future: goals achieved later in the episode' },
  { value: 'final', label: 'final: the goal achieved at its end' },
  { value: 'episode', label: 'episode: goals achieved anywhere in it' },
  { value: 'random', label: 'random: goals achieved in any episode' },
  { value: 'caption', label: 'caption: whole episodes, as what they fulfilled in words' },
  { value: 'none', label: 'none: no hindsight' },
];

/** What there is to choose from, and what a run has unless changed. */
export interface RunOffer {
  readonly environments?: readonly EnvironmentListing[];
  readonly agents?: readonly AgentListing[];
  readonly form?: RunForm;
  /** Why there is nothing (new) to choose from. */
  readonly error?: Error;
  retry(): void;
}

export function useRunOffer({ env, agent }: RunChoice): RunOffer {
  const environments = useJson<{ environments: EnvironmentListing[] }>('environments');
  const agents = useJson<{ agents: AgentListing[] }>('agents');
  const form = useJson<RunForm>(`form${query({ env, agent })}`);
  return {
    environments: environments.data?.environments,
    agents: agents.data?.agents,
    form: form.data,
    error: environments.error ?? agents.error ?? form.error,
    retry: () => {
      for (const { error, retry } of [environments, agents, form]) if (error) retry();
    },
  };
}

/** A setting's value unless it is changed. */
export const usual = ({ form }: RunOffer, path: string): unknown =>
  form?.settings.find((setting) => setting.path === path)?.value;

/** The hindsight of a choice, as in `future:4`. */
export const relabelOf = (choice: RunChoice, offer: RunOffer): string =>
  choice.relabel ?? String(usual(offer, 'relabel') ?? 'none');

interface RunFieldsProps {
  readonly choice: RunChoice;
  readonly onChange: (choice: RunChoice) => void;
  readonly offer: RunOffer;
  /** One run for each of many seeds, or one run with one. */
  readonly seeds: 'many' | 'one';
}

export function RunFields({ choice, onChange, offer, seeds }: RunFieldsProps) {
  const change = (part: Partial<RunChoice>) => onChange({ ...choice, ...part });
  const described = (list: readonly { name: string; description: string }[] | undefined, name: string | undefined) =>
    list?.find((entry) => entry.name === name)?.description;
  const { form } = offer;
  const relabel = relabelParts(relabelOf(choice, offer));
  return (
    <>
      <Select
        label="Environment"
        description={described(offer.environments, choice.env)}
        data={offer.environments?.map(({ name }) => name) ?? [choice.env]}
        value={choice.env}
        onChange={(env) => env && onChange({ env, seeds: choice.seeds, settings: {} })}
        allowDeselect={false}
        searchable
        data-autofocus
      />
      <Select
        label="Agent"
        description={described(offer.agents, choice.agent ?? form?.agent)}
        data={form?.agents ?? []}
        value={choice.agent ?? form?.agent ?? null}
        onChange={(agent) => agent && change({ agent, relabel: undefined, settings: {} })}
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
          description={relabel.strategy === 'caption' ? 'captions for each episode' : 'for each transition'}
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
          value={choice.steps ?? Number(usual(offer, 'steps') ?? 20_000)}
          onChange={(steps) => change({ steps: typeof steps === 'number' ? steps : undefined })}
        />
        {seeds === 'many' ? (
          <TextInput
            label="Seeds"
            description="one run for each, such as 0, 1, 2"
            value={choice.seeds}
            onChange={(event) => change({ seeds: event.currentTarget.value })}
          />
        ) : (
          <NumberInput
            label="Seed"
            description="of everything random"
            min={0}
            allowDecimal={false}
            value={choice.seeds}
            onChange={(seed) => change({ seeds: String(seed) })}
          />
        )}
      </SimpleGrid>
      {form && (
        <SettingsList
          settings={form.settings.filter(({ path }) => path !== 'steps' && path !== 'relabel')}
          values={choice.settings}
          onChange={(settings) => change({ settings })}
        />
      )}
    </>
  );
}
