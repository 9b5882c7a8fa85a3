import type { Alert } from '@fairway/backstage-plugin-fairway-common';
import type { Answers } from '../src/testing/fake-fairway.ts';
import { deliveryAnswers, helloDelivery } from '../src/testing/hello-delivery.ts';
import { helloIndicators, helloSummary } from '../src/testing/hello-indicators.ts';

const clusters = [{ name: 'east', state: 'live' as const }];
const sources = [{ name: 'east', clusters: ['east'], state: 'live' as const }];

const slow: Alert = {
  ...{ source: 'east', cluster: 'east', fingerprint: 'f1', name: 'SlowFirstToken', severity: 'page', state: 'active' },
  ...{ service: 'hello-llm', namespace: 'hello-llm', owner: 'team-hello', objective: 'time-to-first-token' },
  ...{ summary: 'hello-llm answers too late.', since: '2026-11-25T09:00:00.000Z', silencedBy: [] },
};

/** A portal with one service, whose first token comes too late. */
export const helloAnswers: Answers = {
  ...deliveryAnswers([helloDelivery()]),
  home: () => ({
    clusters,
    burning: { items: [slow], total: 1, sources, unwatched: [] },
    delivering: { items: [], total: 0 },
    waiting: { items: [], total: 0 },
    mine: { owners: ['group:default/team-hello'], items: [helloSummary()], total: 1 },
  }),
  services: () => ({ items: [helloSummary()] }),
  service: () => helloSummary(),
  indicators: () => helloIndicators(),
  tryService: () => ({
    ...{ text: 'Hello from the model.', timeToFirstToken: 180, milliseconds: 640, cut: false },
    ...{ promptTokens: 9, completionTokens: 5 },
  }),
  deployments: () => ({ clusters, items: [] }),
  capacity: () => ({ clusters, pools: [], saturation: [] }),
  queues: () => ({ sources: clusters.map(({ name }) => ({ cluster: name, state: 'absent' })), items: [] }),
  fleet: () => ({ simulated: false, clusters, measured: false, holders: [], pools: [] }),
  alerts: () => ({ sources, unwatched: [], items: [slow] }),
  resolvedAlerts: () => ({ days: 7, items: [], total: 0 }),
  comparisons: () => ({ items: [] }),
};
