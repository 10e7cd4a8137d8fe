// The curves of the tab's trainings, growing while they go on.
import { Paper, SimpleGrid, Stack, Text, Title, useComputedColorScheme } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import type { Curve } from '../../src/studio/api-types.js';
import { type Line, LineChart } from '../charts/line-chart.js';
import { curveStyle } from '../charts/palette.js';
import { compact, metricFormat, metricRange } from '../runs/metric-names.js';
import type { Training } from './trainings.js';

/** What a chart shows of each training; the second kind is dashed. */
interface ChartPlan {
  readonly title: string;
  readonly note?: string;
  readonly metrics: readonly { readonly name: string; readonly label: string; readonly how: 'line' | 'dashed' }[];
}

const CHARTS: readonly ChartPlan[] = [
  {
    title: 'Success',
    metrics: [
      { name: 'eval/success_rate', label: 'in evaluation', how: 'line' },
      { name: 'rollout/success_rate', label: 'while training', how: 'dashed' },
    ],
  },
  {
    title: 'Return',
    metrics: [
      { name: 'eval/mean_reward', label: 'in evaluation', how: 'line' },
      { name: 'rollout/ep_rew_mean', label: 'while training', how: 'dashed' },
    ],
  },
  {
    title: 'Losses',
    note: 'critic solid, actor dashed',
    metrics: [
      { name: 'train/critic_loss', label: 'critic', how: 'line' },
      { name: 'train/value_loss', label: 'value', how: 'line' },
      { name: 'train/actor_loss', label: 'actor', how: 'dashed' },
      { name: 'train/policy_gradient_loss', label: 'policy', how: 'dashed' },
    ],
  },
  { title: 'Steps per second', metrics: [{ name: 'time/steps_per_second', label: 'lately', how: 'line' }] },
];

const DASHED = [6, 4];

export function TrainingCurves({ trainings }: { trainings: readonly Training[] }) {
  const dark = useComputedColorScheme('light') === 'dark';
  return (
    <Paper withBorder p="md" component="section" aria-label="Curves">
      <Stack gap="sm">
        {trainings.length > 1 && (
          <ul className="legend" aria-label="Lines">
            {trainings.map(({ id, label }, i) => (
              <li key={id}>
                <svg width="26" height="8" aria-hidden="true">
                  <line x1="1" y1="4" x2="25" y2="4" stroke={curveStyle(i, dark).color} strokeWidth="2.5" />
                </svg>
                {label}
              </li>
            ))}
          </ul>
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="lg">
          {CHARTS.map((plan, i) => (
            <Chart key={plan.title} plan={plan} trainings={trainings} dark={dark} place={i} />
          ))}
        </SimpleGrid>
        <Text size="xs" c="dimmed">
          Solid in evaluation, dashed while training (the last 100 episodes). Drag across a chart to zoom in,
          double-click to zoom out.
        </Text>
      </Stack>
    </Paper>
  );
}

interface ChartProps {
  readonly plan: ChartPlan;
  readonly trainings: readonly Training[];
  readonly dark: boolean;
  readonly place: number;
}

function Chart({ plan, trainings, dark, place }: ChartProps) {
  const curves = useCurves(plan, trainings, place);
  const lines = useMemo(() => linesOf(plan, trainings, dark, curves), [plan, trainings, dark, curves]);
  const [{ name }] = plan.metrics;
  return (
    <div data-chart={plan.title}>
      <Title order={3} size="sm" mb={4}>
        {plan.title}
        {plan.note && (
          <Text span size="xs" c="dimmed">
            {' '}
            {plan.note}
          </Text>
        )}
      </Title>
      {lines.length > 0 ? (
        <LineChart
          title={plan.title}
          lines={lines}
          formatX={compact}
          formatY={metricFormat(name)}
          yRange={metricRange(name)}
          height={180}
        />
      ) : (
        <div className="chart no-values">
          <Text size="sm" c="dimmed">
            The first values come after some hundred steps.
          </Text>
        </div>
      )}
    </div>
  );
}

/** Milliseconds between looks at the curves. */
const LOOK_MS = 500;

/** The curves of a chart, in the order of `linesOf`. Every chart looks at a time of its own: a frame draws one at most. */
function useCurves({ metrics }: ChartPlan, trainings: readonly Training[], place: number): Looked {
  const [looked, setLooked] = useState<Looked>([]);
  useEffect(() => {
    const look = (): void => {
      const now = trainings.flatMap((training) => metrics.map(({ name }) => training.state().curves[name]));
      setLooked((before) =>
        before.length === now.length && before.every((curve, i) => curve === now[i]) ? before : now,
      );
    };
    let repeated: number | undefined;
    const first = window.setTimeout(
      () => {
        look();
        repeated = window.setInterval(look, LOOK_MS);
      },
      (place * LOOK_MS) / CHARTS.length,
    );
    return () => {
      window.clearTimeout(first);
      window.clearInterval(repeated);
    };
  }, [metrics, trainings, place]);
  return looked;
}

type Looked = readonly (Curve | undefined)[];

function linesOf({ metrics }: ChartPlan, trainings: readonly Training[], dark: boolean, curves: Looked): Line[] {
  return trainings.flatMap(({ label: training }, t) =>
    metrics.flatMap(({ label, how }, m): Line[] => {
      const curve = curves[t * metrics.length + m];
      if (curve === undefined) return [];
      return [
        {
          label: trainings.length > 1 ? `${training}, ${label}` : label,
          color: curveStyle(t, dark).color,
          dash: how === 'dashed' ? DASHED : [],
          x: curve.step,
          y: curve.value,
        },
      ];
    }),
  );
}
