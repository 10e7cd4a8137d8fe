// Short names for runs of one environment, by what tells them apart.
import type { RunSummary } from '../../src/studio/api-types.js';
import { relabelText } from '../runs/run-rows.js';

type Named = Pick<RunSummary, 'name' | 'agent' | 'relabel' | 'seed'>;

const partsOf = ({ agent, relabel, seed }: Named): string[] => [agent, relabelText(relabel), `seed ${seed}`];
/** The time at the end of a run's folder. */
const stampOf = ({ name }: Named): string => name.split('__').at(-1) ?? name;

/** In the order of the runs: agent, hindsight and seed as far as they differ; the time where nothing of that does. */
export function labelsApart(runs: readonly Named[]): string[] {
  const all = runs.map(partsOf);
  const differing = all[0]?.map((part, i) => all.some((parts) => parts[i] !== part)) ?? [];
  const labels = all.map((parts) => parts.filter((_, i) => differing[i]).join(', '));
  return labels.map((label, i) => {
    const isUnique = labels.filter((other) => other === label).length === 1;
    return isUnique && label !== '' ? label : [label, stampOf(runs[i])].filter(Boolean).join(', ');
  });
}
