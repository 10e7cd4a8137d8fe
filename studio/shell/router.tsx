// Addresses: which page is open, and what a page keeps in its address so that reloading and links show the same.
import { type AnchorHTMLAttributes, type MouseEvent, useCallback, useMemo, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();
const tell = () => {
  for (const listener of listeners) listener();
};
window.addEventListener('popstate', tell);

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

const address = () => window.location.pathname + window.location.search;

/** Opens an address of the studio without loading it anew. */
export function navigate(to: string, { replace = false } = {}): void {
  if (to === address()) return;
  window.history[replace ? 'replaceState' : 'pushState'](null, '', to);
  tell();
}

export const usePath = (): string => useSyncExternalStore(subscribe, () => window.location.pathname);

/** One parameter of the address; undefined removes it. Changes replace the address: Back leaves the page. */
export function useParameter(name: string): [string | undefined, (value: string | undefined) => void] {
  const search = useSyncExternalStore(subscribe, () => window.location.search);
  const value = useMemo(() => new URLSearchParams(search).get(name) ?? undefined, [search, name]);
  const set = useCallback(
    (next: string | undefined) => {
      const parameters = new URLSearchParams(window.location.search);
      if (next === undefined) parameters.delete(name);
      else parameters.set(name, next);
      const text = parameters.toString().replaceAll('%2C', ',').replaceAll('%2F', '/');
      navigate(window.location.pathname + (text ? `?${text}` : ''), { replace: true });
    },
    [name],
  );
  return [value, set];
}

/** A link to another page of the studio. */
export function Link({ href, onClick, ...rest }: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
  const follow = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event);
    // Other buttons and keys open windows and tabs, as everywhere.
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(href);
  };
  return <a href={href} onClick={follow} {...rest} />;
}
