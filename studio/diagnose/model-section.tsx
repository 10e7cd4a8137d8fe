// Whether a model of the world is worth it for a run's task, on request: the verdict with its reasons, and what was measured.
import { Button, Group, NumberInput, Stack, Table, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useMemo, useState } from 'react';
import { verdictText } from '../../src/models/diagnosis/verdict.js';
import type { ModelDiagnosisAnswer, RunSummary } from '../../src/studio/api-types.js';
import { postJson } from '../api/client.js';
import { LineChart } from '../charts/line-chart.js';
import { curveStyle } from '../charts/palette.js';
import { type Place, pathOf, programOf } from '../runs/start-request.js';
import { CommandLine } from '../shell/command-line.js';
import { Failure } from '../shell/states.js';
import { NumberTable } from './number-table.js';

export function ModelSection({ run, info }: { run: RunSummary; info: Place }) {
  const [stepSeconds, setStepSeconds] = useState<number>();
  const [busy, setBusy] = useState(false);
  const [diagnosis, setDiagnosis] = useState<ModelDiagnosisAnswer>();
  const [problem, setProblem] = useState<Error>();
  const given = stepSeconds === undefined ? {} : { stepSeconds };
  const ask = async () => {
    setBusy(true);
    setProblem(undefined);
    try {
      setDiagnosis(await postJson<ModelDiagnosisAnswer>('diagnosis/model', { run: run.name, ...given }));
    } catch (error) {
      setProblem(error as Error);
    }
    setBusy(false);
  };
  const words = [programOf(info), 'model diagnose', pathOf(run.name, info)];
  if (stepSeconds !== undefined) words.push('--step-seconds', String(stepSeconds));
  return (
    <Stack gap="sm" component="section" aria-label="Whether a model of the world is worth it">
      <Title order={3} size="sm">
        Whether a model of the world is worth it
      </Title>
      <Group align="end" gap="sm">
        <NumberInput
          size="xs"
          label="Seconds of a real step"
          placeholder="as measured here"
          min={0}
          max={1e6}
          value={stepSeconds ?? ''}
          onChange={(value) => setStepSeconds(typeof value === 'number' ? value : undefined)}
          flex={1}
          miw={160}
        />
        <Button size="xs" variant="light" loading={busy} onClick={ask}>
          Diagnose the model
        </Button>
      </Group>
      <CommandLine command={words.join(' ')} />
      {problem && <Failure error={problem} />}
      {diagnosis && <Answer diagnosis={diagnosis} />}
    </Stack>
  );
}

const words = { for: 'for', against: 'against', advice: 'advice' } as const;

function Answer({ diagnosis: { verdict, measured } }: { diagnosis: ModelDiagnosisAnswer }) {
  return (
    <Stack gap="md">
      <Stack gap={4}>
        <Text size="sm" fw={600} data-verdict={verdict.use}>
          {verdictText(verdict)}
        </Text>
        <Table fz="xs" verticalSpacing={2} aria-label="Reasons">
          <Table.Tbody>
            {verdict.reasons.map(({ speaks, about, text }) => (
              <Table.Tr key={text} data-reason={about}>
                <Table.Td fw={600} className={`reason-${speaks}`}>
                  {words[speaks]}
                </Table.Td>
                <Table.Td className="break">{text}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Stack>
      {measured && <Measured of={measured} />}
    </Stack>
  );
}

/** JSON has null for what is no finite number. */
const figure = (value: number | null, digits = 2) => value?.toFixed(digits) ?? '-';

function Measured({ of }: { of: NonNullable<ModelDiagnosisAnswer['measured']> }) {
  const { oneStep, errors, returns, values, ages, cost, own, transitions } = of;
  const ms = (seconds: number) => `${Number((1000 * seconds).toPrecision(2))} ms`;
  return (
    <>
      <Text size="xs" c="dimmed">
        {own ? "The run's own model" : `A model fitted to ${transitions.toLocaleString('en')} transitions`}, tested on{' '}
        {oneStep.transitions.toLocaleString('en')} transitions of {of.testedOn}. For each real step of{' '}
        {ms(cost.realStep)}: fits {ms(cost.fit)}, imagination {ms(cost.imagination)}.
      </Text>
      <NumberTable dimensions={oneStep.dimensions} />
      <Errors errors={errors} />
      {oneStep.coverage && <Calibration coverage={oneStep.coverage} />}
      <Figures
        name="Returns along real actions"
        head={['steps', 'real', 'predicted', 'bias', 'rank correlation']}
        rows={returns.map((one) => [
          String(one.steps),
          figure(one.real),
          figure(one.predicted),
          figure(one.bias),
          figure(one.rankCorrelation),
        ])}
      />
      {values && values.length > 0 && (
        <Figures
          name="Values of the critics"
          head={['steps', 'real states', 'imagined states']}
          rows={values.map(({ steps, real, synthetic }) => [String(steps), figure(real), figure(synthetic)])}
        />
      )}
      {ages && ages.length > 0 && (
        <Figures
          name="Error against the age of the policy that acted"
          head={['steps ago', 'error / no change']}
          rows={[
            ...ages.map(({ from, to, ratio }) => [`${from} to ${to}`, figure(ratio)]),
            ['now', figure(oneStep.ratio)],
          ]}
        />
      )}
    </>
  );
}

function Errors({ errors }: Pick<NonNullable<ModelDiagnosisAnswer['measured']>, 'errors'>) {
  const dark = useComputedColorScheme('light') === 'dark';
  const lines = useMemo(() => {
    const x = errors.map(({ steps }) => steps);
    return [
      {
        label: 'model',
        color: curveStyle(0, dark).color,
        x,
        y: errors.map(({ error }) => error.value),
        low: errors.map(({ error }) => error.low),
        high: errors.map(({ error }) => error.high),
      },
      {
        label: 'no change',
        color: curveStyle(1, dark).color,
        dash: [6, 4],
        x,
        y: errors.map(({ noChange }) => noChange),
      },
    ];
  }, [errors, dark]);
  return (
    <Stack gap={4}>
      <Text size="xs">Error along real actions, in deviations of the state, against steps (band: 90%)</Text>
      <LineChart
        title="Error along real actions"
        lines={lines}
        formatX={(value) => String(Math.round(value))}
        formatY={(value) => value.toPrecision(2)}
        yRange={[0, 0.1]}
        height={180}
      />
    </Stack>
  );
}

const percent = (share: number) => `${Math.round(100 * share)}%`;

function Calibration({ coverage }: { coverage: readonly { level: number; share: number }[] }) {
  return (
    <Figures
      name="What intervals hold"
      head={['should hold', ...coverage.map(({ level }) => percent(level))]}
      rows={[['hold', ...coverage.map(({ share }) => percent(share))]]}
    />
  );
}

function Figures({
  name,
  head,
  rows,
}: {
  name: string;
  head: readonly string[];
  rows: readonly (readonly string[])[];
}) {
  return (
    <Stack gap={4}>
      <Text size="xs">{name}</Text>
      <div className="diagnosis-scroll">
        <Table fz="xs" verticalSpacing={2} aria-label={name}>
          <Table.Thead>
            <Table.Tr>
              {head.map((text) => (
                <Table.Th key={text}>{text}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row[0]}>
                {row.map((text, i) => (
                  <Table.Td key={head[i]}>{text}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
    </Stack>
  );
}
