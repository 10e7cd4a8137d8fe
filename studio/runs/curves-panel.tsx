// The curves of the selected runs: which metrics, how smooth, over what, and a legend for all charts.
import {
  Group,
  MultiSelect,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Slider,
  Stack,
  Switch,
  Text,
  Title,
  useComputedColorScheme,
} from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { duration } from '../../src/cli/format.js';
import type { RunSummary } from '../../src/studio/api-types.js';
import { LineChart } from '../charts/line-chart.js';
import { useParameter } from '../shell/router.js';
import { Failure, Loading } from '../shell/states.js';
import { byTask, type CurveOptions, curveLines, groupRuns, type MadeLines } from './curve-lines.js';
import {
  BY_TASK,
  compact,
  FIRST_METRICS,
  figuresOf,
  isByTask,
  metricFormat,
  metricLabel,
  metricRange,
  offeredByTask,
} from './metric-names.js';
import { useCurves } from './use-curves.js';

/** More lines than this nobody can tell apart. */
const MOST_LINES = 21;

export function CurvesPanel({ runs }: { runs: readonly RunSummary[] }) {
  const dark = useComputedColorScheme('light') === 'dark';
  const [metricsText, setMetricsText] = useParameter('metrics');
  const [smoothing, setSmoothing] = useState(0);
  const [axis, setAxis] = useState<CurveOptions['axis']>('steps');
  const [together, setTogether] = useState(true);
  const groups = useMemo(() => groupRuns(runs, together, dark), [runs, together, dark]);
  const shown = useMemo(() => groups.slice(0, MOST_LINES), [groups]);
  const drawn = useMemo(() => shown.flatMap((group) => group.runs), [shown]);
  const made = useRef<MadeLines>(new Map());
  const taskNames = [...new Set(drawn.flatMap((run) => run.tasks.map(({ task }) => task)))].join('\n');
  const tasks = useMemo(() => taskNames.split('\n').filter(Boolean), [taskNames]);
  const metrics = useMemo(
    () =>
      metricsText?.split(',').filter(Boolean) ?? (tasks.length > 0 ? [...FIRST_METRICS, BY_TASK[0]] : FIRST_METRICS),
    [metricsText, tasks],
  );
  const figures = useMemo(() => metrics.flatMap((metric) => figuresOf(metric, tasks)), [metrics, tasks]);
  const curves = useCurves(drawn, figures);
  const names = useMemo(() => {
    const logged = [...curves.values()].flatMap((run) => run.names);
    return [...new Set([...offeredByTask(tasks, logged), ...logged, ...metrics])].sort();
  }, [curves, metrics, tasks]);
  const lines = useMemo(() => {
    const options = { smoothing, axis, together };
    const ofTasks = byTask(shown, tasks, dark);
    return new Map(
      metrics.map((metric) => [
        metric,
        isByTask(metric)
          ? ofTasks
              .flatMap((groups, i) => curveLines(groups, curves, figuresOf(metric, tasks)[i], options, made.current))
              .slice(0, MOST_LINES)
          : curveLines(shown, curves, metric, options, made.current),
      ]),
    );
  }, [metrics, tasks, shown, dark, curves, smoothing, axis, together]);
  const problem = [...curves.values()].find((run) => run.problem !== undefined)?.problem;
  const hasSeeds = new Set(runs.map(({ group }) => group)).size < runs.length;

  return (
    <Paper withBorder p="md" component="section" aria-label="Curves">
      <Stack gap="md">
        <Group justify="space-between" align="end" gap="md">
          <MultiSelect
            label="Metrics"
            data={names.map((name) => ({ value: name, label: metricLabel(name) }))}
            value={[...metrics]}
            onChange={(next) => setMetricsText(next.join(','))}
            searchable
            className="metrics-input"
          />
          <Group gap="lg" align="end">
            <Stack gap={4}>
              <Text size="sm" fw={600} id="smoothing-label">
                Smoothing
              </Text>
              <Slider
                w={150}
                min={0}
                max={0.98}
                step={0.02}
                value={smoothing}
                onChange={setSmoothing}
                label={(value) => value.toFixed(2)}
                thumbProps={{ 'aria-labelledby': 'smoothing-label' }}
                my={10}
              />
            </Stack>
            <SegmentedControl
              aria-label="Horizontal axis"
              data={[
                { value: 'steps', label: 'Steps' },
                { value: 'time', label: 'Training time' },
              ]}
              value={axis}
              onChange={(value) => setAxis(value as CurveOptions['axis'])}
            />
            {hasSeeds && (
              <Switch
                label="Seeds together"
                checked={together}
                onChange={(event) => setTogether(event.currentTarget.checked)}
                mb={8}
              />
            )}
          </Group>
        </Group>
        {problem !== undefined && <Failure error={problem} />}
        <Legend
          name="Lines"
          lines={shown}
          more={groups.length > shown.length ? `and ${groups.length - shown.length} more, not drawn: select fewer` : ''}
        />
        {curves.size === 0 ? (
          <Loading what="curves" />
        ) : (
          <SimpleGrid cols={{ base: 1, md: metrics.length > 1 ? 2 : 1 }} spacing="lg">
            {metrics.map((metric) => (
              <div key={metric} data-metric={metric}>
                <Title order={3} size="sm" mb={4}>
                  {metricLabel(metric)}
                </Title>
                {isByTask(metric) && (
                  <Legend name="Tasks" lines={(lines.get(metric) ?? []).filter(({ faint }) => !faint)} />
                )}
                {(lines.get(metric) ?? []).length > 0 ? (
                  <LineChart
                    title={metricLabel(metric)}
                    lines={lines.get(metric) ?? []}
                    formatX={axis === 'steps' ? compact : duration}
                    formatY={metricFormat(metric)}
                    yRange={metricRange(metric)}
                  />
                ) : (
                  <div className="chart no-values">
                    <Text size="sm" c="dimmed">
                      Nothing was logged yet; the first values come after some hundred steps.
                    </Text>
                  </div>
                )}
              </div>
            ))}
          </SimpleGrid>
        )}
        <Text size="xs" c="dimmed">
          Drag across a chart to zoom in, double-click to zoom out.
          {hasSeeds && together
            ? ' Lines of several seeds are their mean, bands reach from the lowest to the highest.'
            : ''}
        </Text>
      </Stack>
    </Paper>
  );
}

interface LegendProps {
  readonly name: string;
  readonly lines: readonly { readonly label: string; readonly color: string; readonly dash?: readonly number[] }[];
  readonly more?: string;
}

function Legend({ name, lines, more = '' }: LegendProps) {
  return (
    <ul className="legend" aria-label={name}>
      {lines.map(({ label, color, dash = [] }) => (
        <li key={label}>
          <svg width="26" height="8" aria-hidden="true">
            <line x1="1" y1="4" x2="25" y2="4" stroke={color} strokeWidth="2.5" strokeDasharray={dash.join(' ')} />
          </svg>
          {label}
        </li>
      ))}
      {more && <li>{more}</li>}
    </ul>
  );
}
