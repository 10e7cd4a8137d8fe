'use client';
import { useEffect } from 'react';

export default function Page() {
  useEffect(() => {
    // In the browser only: the server has no tab to train in.
    Promise.all([import('anygoal'), import('anygoal/page'), import('../../train-page.js')]).then(
      ([{ loadPolicy, makeEnv }, page, { trainPage }]) => trainPage({ loadPolicy, makeEnv, ...page }),
    );
  }, []);
  return (
    <>
      <button type="button" id="train">
        Train
      </button>{' '}
      <button type="button" id="save">
        Save
      </button>{' '}
      <button type="button" id="download">
        Download
      </button>
      <p>
        <output>loading</output>
      </p>
    </>
  );
}
