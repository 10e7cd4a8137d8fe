// One run in the list.
import { memo } from 'react';
import { percent, short, thousands } from '../../src/cli/format.js';
import type { RunSummary } from '../../src/studio/api-types.js';
import { Link } from '../shell/router.js';
import { canWatch } from '../watch/can-watch.js';
import { watchAddress } from '../watch/choose-run.js';
import { compact } from './metric-names.js';
import { RunButtons } from './run-buttons.js';
import { ago, relabelText } from './run-rows.js';
import { StateMark } from './state-mark.js';

interface RunRowProps {
  readonly run: RunSummary;
  readonly selected: boolean;
  readonly now: number;
  readonly onToggle: (name: string, on: boolean) => void;
  readonly onOpen: (name: string) => void;
}

/** Plain elements: there may be hundreds of rows. */
export const RunRow = memo(function RunRow({ run, selected, now, onToggle, onOpen }: RunRowProps) {
  const { name, env, agent, relabel, seed, steps, totalSteps, success, meanReturn, stepsPerSecond, created } = run;
  const done = totalSteps > 0 ? Math.min(1, steps / totalSteps) : 0;
  return (
    <tr data-run={name} data-selected={selected || undefined}>
      <td className="tick">
        <input
          type="checkbox"
          aria-label={`Show curves of ${name}`}
          checked={selected}
          onChange={(event) => onToggle(name, event.currentTarget.checked)}
        />
      </td>
      <td className="run-name">
        <button type="button" onClick={() => onOpen(name)} title={name}>
          <strong>{env || name}</strong>
          {env && (
            <span>
              {agent} · {relabelText(relabel)} · seed {seed}
            </span>
          )}
        </button>
      </td>
      <td data-label="State">
        <StateMark state={run.state} problem={run.problem} />
      </td>
      <td data-label="Steps">
        <div className="steps" title={`${thousands(steps)} of ${thousands(totalSteps)} steps`}>
          <span>
            {compact(steps)} / {compact(totalSteps)}
          </span>
          <span className="bar" aria-hidden="true">
            <span style={{ width: `${100 * done}%` }} />
          </span>
        </div>
      </td>
      <td data-label="Success" className="number">
        {success === null ? '-' : percent(success)}
      </td>
      <td data-label="Return" className="number">
        {meanReturn === null ? '-' : short(meanReturn)}
      </td>
      <td data-label="Steps/s" className="number">
        {stepsPerSecond === null ? '-' : thousands(stepsPerSecond)}
      </td>
      <td data-label="Started" title={created ?? undefined}>
        {ago(created, now)}
      </td>
      <td className="actions">
        {canWatch(run) && (
          <Link href={watchAddress(name)} className="watch-link" aria-label={`Watch ${name}`}>
            Watch
          </Link>
        )}
        <RunButtons run={run} />
      </td>
    </tr>
  );
});
