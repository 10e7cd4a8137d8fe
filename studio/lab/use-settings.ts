// A page's settings in its link: read when it is opened, written when they rest, so that reloading and links show the same.
import { useCallback, useEffect, useState } from 'react';
import { readSettings, type Settings, type Values, writeSettings } from './settings.js';

/** Browsers refuse more than some hundred changes of the address a minute: it follows when a hand rests. */
const REST_MS = 300;

export function useSettings<S extends Settings>(settings: S): [Values<S>, (change: Partial<Values<S>>) => void] {
  const [values, setValues] = useState(() => readSettings(settings, window.location.search));
  useEffect(() => {
    const follow = () => setValues(readSettings(settings, window.location.search));
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, [settings]);
  useEffect(() => {
    const query = writeSettings(settings, values);
    const { pathname } = window.location;
    const timer = window.setTimeout(() => {
      // Not over the address of another page, where one has gone in the meantime.
      if (window.location.pathname === pathname && window.location.search.slice(1) !== query) {
        window.history.replaceState(null, '', pathname + (query && `?${query}`));
      }
    }, REST_MS);
    return () => window.clearTimeout(timer);
  }, [settings, values]);
  const set = useCallback((change: Partial<Values<S>>) => setValues((before) => ({ ...before, ...change })), []);
  return [values, set];
}
