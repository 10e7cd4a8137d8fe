// Says when the studio's program cannot be reached, and what to do.
import { Alert } from '@mantine/core';
import { useConnection } from '../api/live-runs.js';

export function ConnectionBanner() {
  const connection = useConnection();
  if (connection === 'open' || connection === 'connecting') return null;
  const closed = connection === 'refused';
  return (
    <Alert
      color={closed ? 'red' : 'yellow'}
      radius={0}
      role="alert"
      title={closed ? 'This page has no access any more' : 'Connection to the studio lost'}
    >
      {closed
        ? 'The studio was started again, with another token. Open the address that it printed in the terminal.'
        : 'What you see may be old. Trying again by itself; if it was ended, start it: anygoal studio.'}
    </Alert>
  );
}
