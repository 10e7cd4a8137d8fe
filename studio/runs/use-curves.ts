// Curves of the selected runs: fetched once, then only what was added since.
import { useEffect, useState } from 'react';
import type { Curve, MetricsAnswer, RunSummary } from '../../src/studio/api-types.js';
import { getJson, query, runPath } from '../api/client.js';

export interface RunCurves {
  /** All metrics that the run has. */
  readonly names: readonly string[];
  readonly curves: Readonly<Record<string, Curve>>;
  readonly problem?: string;
}

interface Kept {
  /** Which metrics, of how long a log, it was asked for last. */
  asked: string;
  busy: boolean;
  cursor?: string;
  metrics: string;
  data: RunCurves;
}

const POINTS = 2000;
/** Answers that come close together are shown together. */
const TOGETHER_MS = 120;

/** By run; a run is absent until its first answer. */
export function useCurves(runs: readonly RunSummary[], metrics: readonly string[]): ReadonlyMap<string, RunCurves> {
  const [answers, setAnswers] = useState<ReadonlyMap<string, RunCurves>>(new Map());
  const [keeper] = useState(() => createKeeper(setAnswers));
  const names = metrics.join(',');
  useEffect(() => keeper.want(names, runs), [keeper, names, runs]);
  return answers;
}

/** Keeps the curves of what is wanted up to date, and shows them all together whenever some have changed. */
function createKeeper(show: (answers: ReadonlyMap<string, RunCurves>) => void) {
  const kept = new Map<string, Kept>();
  let names = '';
  /** Of the logs of the wanted runs. */
  let bytes: ReadonlyMap<string, number> = new Map();
  let timer: number | undefined;

  const showSoon = () => {
    if (timer !== undefined) return;
    timer = window.setTimeout(() => {
      timer = undefined;
      show(new Map([...kept].filter(([, { asked }]) => asked !== '').map(([name, { data }]) => [name, data])));
    }, TOGETHER_MS);
  };

  async function update(name: string): Promise<void> {
    const entry = kept.get(name) ?? { asked: '', busy: false, metrics: '', data: { names: [], curves: {} } };
    kept.set(name, entry);
    // It may have grown, or other metrics may be wanted, while an answer was on its way.
    while (!entry.busy && bytes.has(name) && entry.asked !== `${names} ${bytes.get(name)}`) {
      const [asked, metrics] = [`${names} ${bytes.get(name)}`, names];
      const after = entry.metrics === metrics && !isLong(entry.data) ? entry.cursor : undefined;
      entry.busy = true;
      try {
        const parameters = query({ names: metrics, after, points: POINTS });
        const answer = await getJson<MetricsAnswer>(`${runPath(name)}/metrics${parameters}`);
        entry.data = { names: answer.names, curves: answer.reset ? answer.curves : joined(entry.data, answer) };
        entry.cursor = answer.cursor;
        entry.metrics = metrics;
      } catch (error) {
        entry.data = { ...entry.data, problem: (error as Error).message };
      }
      entry.asked = asked;
      entry.busy = false;
      showSoon();
    }
  }

  return {
    want(metrics: string, runs: readonly RunSummary[]): void {
      names = metrics;
      bytes = new Map(runs.map(({ name, metricsBytes }) => [name, metricsBytes]));
      for (const name of kept.keys()) if (!bytes.has(name)) kept.delete(name);
      showSoon();
      for (const { name } of runs) void update(name);
    },
  };
}

/** Increments are not thinned together with what is there; at times all is fetched again. */
const isLong = ({ curves }: RunCurves): boolean => Object.values(curves).some(({ step }) => step.length > 2 * POINTS);

function joined(before: RunCurves, { curves }: MetricsAnswer): Record<string, Curve> {
  const all: Record<string, Curve> = { ...before.curves };
  for (const [name, more] of Object.entries(curves)) {
    const first = all[name];
    all[name] =
      first === undefined
        ? more
        : {
            step: [...first.step, ...more.step],
            seconds: [...first.seconds, ...more.seconds],
            value: [...first.value, ...more.value],
          };
  }
  return all;
}
