// What a page needs of the browser, and what it says where that is missing.
import { Alert } from '@mantine/core';
import type { ReactNode } from 'react';
import { Failure } from './states.js';

/** Shows what is inside only where WebAssembly can run. */
export function NeedsWebAssembly({ otherwise, children }: { otherwise: string; children: ReactNode }) {
  if (typeof WebAssembly !== 'undefined') return children;
  return (
    <Failure
      error={`This browser has no WebAssembly, or it is switched off: physics and policies cannot run in it. ${otherwise}`}
    />
  );
}

/** Says where a proxy or an old browser took away the isolation that threads need. */
export function IsolationNote() {
  if (window.crossOriginIsolated) return null;
  return (
    <Alert color="yellow" title="This page is not isolated">
      Training works, but with one thread only. Open the address that anygoal studio printed, without a proxy between.
    </Alert>
  );
}
