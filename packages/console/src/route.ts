import { useEffect, useState } from 'preact/hooks';

/** Where the page is: the fragment of its address, so that it can be kept, shared and reloaded. */
export type Route = { readonly path: readonly string[]; readonly query: URLSearchParams };

const readRoute = (): Route => {
  const [path = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?');
  return { path: path.split('/').filter(Boolean), query: new URLSearchParams(query) };
};

type Query = Readonly<Record<string, string | number | undefined>>;

/** The address of a place in the page; what is empty is left out. */
export const hrefTo = (path: string, query: Query = {}): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return `#/${path}${given.length > 0 ? `?${search}` : ''}`;
};

export const goTo = (path: string, query: Query = {}): void => {
  location.hash = hrefTo(path, query);
};

/** Changes the address without a step in the history, as while typing a search. */
export const replaceRoute = (path: string, query: Query): void => {
  history.replaceState(null, '', hrefTo(path, query));
  dispatchEvent(new HashChangeEvent('hashchange'));
};

export const useRoute = (): Route => {
  const [route, setRoute] = useState(readRoute);
  useEffect(() => {
    const change = (): void => setRoute(readRoute());
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  return route;
};
