// Where measured runs come from: the task, the records with their settings and commands, the page that tells more.
import { type MeasuredRuns, type Measurement, recordOf } from '../measured/runs.js';
import { shownIn } from './runs-chart.js';

interface RunRecordProps {
  readonly measurement: Measurement;
  readonly runs: readonly MeasuredRuns[];
  readonly note?: string;
}

export function RunRecord({ measurement: { task, unit, doc }, runs, note }: RunRecordProps) {
  const show = shownIn(unit);
  return (
    <div className="lab-record">
      <p>{task}.</p>
      {runs.map(({ label, values, file }) => (
        <p key={label}>
          {label}: {values.map((value) => show(value)).join(', ')}
          {file && (
            <>
              {' '}
              (
              <a href={recordOf(file)} target="_blank" rel="noreferrer">
                settings, command and curves
              </a>
              )
            </>
          )}
        </p>
      ))}
      {note && <p>{note}</p>}
      <p>
        More in <code>{doc}</code>.
      </p>
    </div>
  );
}
