// The curves of the tab's trainings, growing while they go on.
import { Paper, SimpleGrid, Stack, Text, Title, useComputedColorScheme } from '@mantine/core';
import { memo } from 'react';
import type { Curve } from '../../src/studio/api-types.js';
import { type Line, LineChart } from '../charts/line-chart.js';
import { curveStyle } from '../charts/palette.js';
import { compact, metricFormat, metricRange } from '../runs/metric-names.js';
import type { Training } from './trainings.js';

/** What a chart shows of each training; the second kind is dashed. */
interface ChartPlan {
  readonly title: string;
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
    metrics: [
      { name: 'train/critic_loss', label: 'critic', how: 'line' },
      { name: 'train/value_loss', label: 'value', how: 'line' },
      { name: 'train/actor_loss', label: 'actor', how: 'dashed' },
      { name: 'train/loss', label: 'loss', how: 'line' },
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
          {CHARTS.map((plan) => (
            <Chart
              key={plan.title}
              plan={plan}
              dark={dark}
              names={trainings.map(({ label }) => label).join('\n')}
              {...curvesOf(plan, trainings)}
            />
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

/** As properties of their own, so that a chart renders again only when one of its curves has grown. */
const curvesOf = (
  { metrics }: ChartPlan,
  trainings: readonly Training[],
): Record<`curve${number}`, Curve | undefined> =>
  Object.fromEntries(
    trainings.flatMap((training, t) =>
      metrics.map(({ name }, m) => [`curve${t * metrics.length + m}`, training.state().curves[name]]),
    ),
  );

interface ChartProps {
  readonly plan: ChartPlan;
  readonly names: string;
  readonly dark: boolean;
  readonly [curve: `curve${number}`]: Curve | undefined;
}

const Chart = memo(function Chart({ plan, names, dark, ...curves }: ChartProps) {
  const lines = linesOf(plan, names.split('\n'), dark, curves);
  const [{ name }] = plan.metrics;
  return (
    <div data-chart={plan.title}>
      <Title order={3} size="sm" mb={4}>
        {plan.title}
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
});

function linesOf(
  { metrics }: ChartPlan,
  names: readonly string[],
  dark: boolean,
  curves: Readonly<Record<`curve${number}`, Curve | undefined>>,
): Line[] {
  return names.flatMap((training, t) =>
    metrics.flatMap(({ label, how }, m): Line[] => {
      const curve = curves[`curve${t * metrics.length + m}`];
      if (curve === undefined) return [];
      return [
        {
          label: names.length > 1 ? `${training}, ${label}` : label,
          color: curveStyle(t, dark).color,
          dash: how === 'dashed' ? DASHED : [],
          x: curve.step,
          y: curve.value,
        },
      ];
    }),
  );
}
