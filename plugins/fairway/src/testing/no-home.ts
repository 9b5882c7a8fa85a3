import type { Home } from '@fairway/backstage-plugin-fairway-common';

/** The first page of a portal without anything in it. */
export const noHome: Home = {
  clusters: [],
  burning: { items: [], total: 0, sources: [], unwatched: [] },
  delivering: { items: [], total: 0 },
  waiting: { items: [], total: 0 },
  mine: { owners: [], items: [], total: 0 },
};
