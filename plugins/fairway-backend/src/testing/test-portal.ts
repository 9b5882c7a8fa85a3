import type { ServiceFactory } from '@backstage/backend-plugin-api';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { authServiceFactory } from '@backstage/backend-defaults/auth';
import { httpAuthServiceFactory } from '@backstage/backend-defaults/httpAuth';
import { permissionsServiceFactory } from '@backstage/backend-defaults/permissions';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { NotFoundError } from '@backstage/errors';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { fairwayEventsTopic } from '@fairway/backstage-plugin-fairway-common';
import type { JsonObject } from '@backstage/types';
import createKnex, { type Knex } from 'knex';
import { createFairwayPlugin, type Views } from '../plugin.ts';

/** Views of a portal that has neither clusters nor alerts. */
export const noViews: Views = {
  createClusterViews: () => ({
    deployments: () => ({ clusters: [], items: [] }),
    present: () => [],
    brokenOff: () => [],
    writable: () => undefined,
    capacity: () => ({ clusters: [], pools: [], saturation: [] }),
    fleet: () => ({ simulated: false, clusters: [], measured: false, holders: [], pools: [] }),
    gpuQuotas: () => [],
    queues: () => ({ sources: [], items: [] }),
    fitting: () => ({ contextLength: 8192, sequences: 16, fits: [] }),
    fit: () => ({ memoryFits: false, sentence: 'There is no cluster.', places: [], fits: false }),
  }),
  createAlertViews: () => ({
    list: async () => ({ sources: [], unwatched: [], items: [] }),
    resolved: async () => ({ days: 7, items: [], total: 0 }),
    find: ({ fingerprint }) => {
      throw unknownAlert(fingerprint);
    },
    unknown: ({ fingerprint }) => unknownAlert(fingerprint),
    firing: () => 2,
    silence: async ({ fingerprint }) => {
      throw unknownAlert(fingerprint);
    },
    acknowledge: async (_alert, user) => ({ by: user, at: '2026-11-25T12:00:00.000Z' }),
  }),
};

function unknownAlert(fingerprint: string): NotFoundError {
  return new NotFoundError(`There is no alert ${fingerprint}.`);
}

/** Tokens of Backstage's external access in the test portal: one may do everything, one only send deliveries, one only read. */
export const tokens = {
  all: 'token-that-may-do-all',
  sender: 'token-that-may-send',
  reader: 'token-that-may-read',
  /** Sends for team-other alone. */
  other: 'token-of-team-other',
};

const externalAccess = [
  { type: 'static', options: { token: tokens.all, subject: 'all' } },
  { type: 'static', options: { token: tokens.other, subject: 'other' } },
  {
    type: 'static',
    options: { token: tokens.sender, subject: 'sender' },
    accessRestrictions: [{ plugin: 'fairway', permission: 'fairway.delivery.ingest' }],
  },
  {
    type: 'static',
    options: { token: tokens.reader, subject: 'reader' },
    accessRestrictions: [{ plugin: 'fairway', permission: 'fairway.read' }],
  },
];

const senders = [
  { subject: 'all', owners: ['*'] },
  { subject: 'sender', owners: ['group:default/team-hello'] },
  { subject: 'other', owners: ['team-other'] },
];

const opened: Knex[] = [];
afterAll(() => Promise.all(opened.map(database => database.destroy())));

export interface TestPortalOptions {
  /** Default: an own SQLite database in memory. */
  readonly knex?: Knex;
  /** Below `fairway`. */
  readonly config?: JsonObject;
  /** Beside `fairway`, where a test needs more than a portal that starts. */
  readonly around?: JsonObject;
  readonly views?: Partial<Views>;
  /** With signed-in users, as the test utilities make them, in place of Backstage's own tokens. */
  readonly users?: boolean;
  readonly features?: Parameters<typeof startTestBackend>[0]['features'];
  readonly permission?: JsonObject;
}

/** Backstage's own services behind this plugin, and what it told the rest of the portal. */
export async function startTestPortal(options: TestPortalOptions = {}) {
  const {
    knex = openMemory(),
    config = {},
    around = {},
    views,
    users = false,
    features = [],
    permission = {},
  } = options;
  const events = mockServices.events();
  const told: { signals: unknown[]; stored: unknown[] } = { signals: [], stored: [] };
  await events.subscribe({
    id: 'test',
    topics: ['signals', fairwayEventsTopic],
    onEvent: async ({ topic, eventPayload }) => {
      (topic === 'signals' ? told.signals : told.stored).push(eventPayload);
    },
  });
  const audit: { eventId: string; status: string; meta?: unknown; error?: string }[] = [];
  const auditor = mockServices.auditor.mock({
    createEvent: async ({ eventId, meta }) => ({
      success: async () => void audit.push({ eventId, status: 'succeeded', meta }),
      fail: async ({ error }) => void audit.push({ eventId, status: 'failed', meta, error: error.message }),
    }),
  });
  const ownTokens: ServiceFactory[] = users ? [] : [authServiceFactory, httpAuthServiceFactory];
  const backend = await startTestBackend({
    features: [
      createFairwayPlugin({ ...noViews, ...views }),
      mockServices.database.factory({ knex }),
      mockServices.rootConfig.factory({
        data: {
          ...around,
          backend: {
            baseUrl: 'http://portal.test',
            auth: { externalAccess },
            ...(around['backend'] as JsonObject | undefined),
          },
          permission,
          fairway: { senders, ...config },
        },
      }),
      createServiceFactory({ service: eventsServiceRef, deps: {}, factory: () => events }),
      auditor.factory,
      permissionsServiceFactory,
      ...ownTokens,
      ...features,
    ],
  });
  return { ...backend, server: backend.server, told, audit };
}

/** An SQLite database that is closed when the tests are over, as the test utilities' own is not. */
export function openMemory(): Knex {
  const database = createKnex({ client: 'better-sqlite3', connection: ':memory:', useNullAsDefault: true });
  opened.push(database);
  return database;
}
