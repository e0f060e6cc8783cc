import { useSyncExternalStore } from 'react';

/** The pages, in the order of the menu. */
export const PAGES = ['wall', 'alerts', 'zones', 'approvals', 'compliance', 'records', 'people', 'system'] as const;
export type Page = (typeof PAGES)[number];

/** Where the console is: `#/camera/lobby`. Behind the hash, so that the gateway serves one document. */
export interface Route {
  readonly page: Page | 'camera' | 'add-camera' | 'setup' | 'invitation';
  /** The camera, alert or one-time secret that the page is about; null for all. */
  readonly subject: string | null;
}

export const parseRoute = (hash: string): Route => {
  const [, page = '', subject] = /^#\/([a-z-]*)(?:\/([^/]+))?$/.exec(hash) ?? [];
  const known = [...PAGES, 'camera', 'add-camera', 'setup', 'invitation'].find((name) => name === page) as
    | Route['page']
    | undefined;
  return { page: known ?? 'wall', subject: subject === undefined ? null : decode(subject) };
};

export const hrefTo = (page: Route['page'], subject?: string): string =>
  subject === undefined ? `#/${page}` : `#/${page}/${encodeURIComponent(subject)}`;

export const goTo = (page: Route['page'], subject?: string): void => {
  location.hash = hrefTo(page, subject);
};

export const useRoute = (): Route => parseRoute(useSyncExternalStore(listen, () => location.hash));

const listen = (changed: () => void): (() => void) => {
  addEventListener('hashchange', changed);
  return () => removeEventListener('hashchange', changed);
};

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};
