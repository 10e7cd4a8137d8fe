// The state of a run by shape, colour and word.
import type { RunState } from '../../src/studio/api-types.js';

const WORDS: Record<RunState, string> = { running: 'Running', done: 'Done', stopped: 'Stopped', failed: 'Failed' };

export function StateMark({ state, problem }: { state: RunState; problem?: string | null }) {
  return (
    <span className={`state state-${state}`} title={problem ?? undefined}>
      <span className="mark" aria-hidden="true">
        {state === 'done' ? '✓' : state === 'failed' ? '!' : ''}
      </span>
      {WORDS[state]}
    </span>
  );
}
